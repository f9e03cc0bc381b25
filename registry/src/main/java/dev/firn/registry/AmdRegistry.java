package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.Registry;
import com.zeroc.IceGrid.SessionPrx;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;

/**
 * IceGrid::Registry with sessions that are answered later: a verifier may be a remote object, and
 * no dispatch thread waits for it.
 */
interface AmdRegistry extends Registry {
  CompletionStage<SessionPrx> createSessionAsync(String userId, String password, Current current);

  CompletionStage<AdminSessionPrx> createAdminSessionAsync(
      String userId, String password, Current current);

  CompletionStage<SessionPrx> createSessionFromSecureConnectionAsync(Current current);

  CompletionStage<AdminSessionPrx> createAdminSessionFromSecureConnectionAsync(Current current);

  @Override
  default CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    switch (current.operation) {
      case "createSession", "createAdminSession" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        InputStream in = incoming.startReadParams();
        String userId = in.readString();
        String password = in.readString();
        incoming.endReadParams();
        return current.operation.equals("createSession")
            ? Async.answer(
                incoming, createSessionAsync(userId, password, current), OutputStream::writeProxy)
            : Async.answer(
                incoming,
                createAdminSessionAsync(userId, password, current),
                OutputStream::writeProxy);
      }
      case "createSessionFromSecureConnection" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        incoming.readEmptyParams();
        return Async.answer(
            incoming, createSessionFromSecureConnectionAsync(current), OutputStream::writeProxy);
      }
      case "createAdminSessionFromSecureConnection" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        incoming.readEmptyParams();
        return Async.answer(
            incoming,
            createAdminSessionFromSecureConnectionAsync(current),
            OutputStream::writeProxy);
      }
      default -> {
        return Registry.super._iceDispatch(incoming, current);
      }
    }
  }

  @Override
  default SessionPrx createSession(String userId, String password, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default AdminSessionPrx createAdminSession(String userId, String password, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default SessionPrx createSessionFromSecureConnection(Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default AdminSessionPrx createAdminSessionFromSecureConnection(Current current) {
    throw Async.onlyAsync(current.operation);
  }
}
