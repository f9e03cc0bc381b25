package dev.firn.registry;

import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionManager;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;

/** Glacier2's way to sessions, for users verified by password. Answers later. */
final class SessionManagerServant implements SessionManager {
  private final GlacierSessions sessions;

  SessionManagerServant(GlacierSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    if (!current.operation.equals("create")) {
      return SessionManager.super._iceDispatch(incoming, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
    InputStream in = incoming.startReadParams();
    String userId = in.readString();
    SessionControlPrx control = SessionControlPrx.uncheckedCast(in.readProxy());
    incoming.endReadParams();
    return Async.answer(incoming, sessions.create(userId, control), OutputStream::writeProxy);
  }

  @Override
  public SessionPrx create(String userId, SessionControlPrx control, Current current) {
    throw Async.onlyAsync(current.operation);
  }
}
