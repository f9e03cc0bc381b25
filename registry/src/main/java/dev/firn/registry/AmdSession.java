package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.Session;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;

/**
 * IceGrid::Session with all answers later that may have to wait: a release waits for a server to be
 * stopped.
 */
interface AmdSession extends Session {
  CompletionStage<Void> releaseObjectAsync(Identity id);

  @Override
  default CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    switch (current.operation) {
      case "allocateObjectById" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        InputStream in = incoming.startReadParams();
        Identity id = Identity.ice_read(in);
        incoming.endReadParams();
        return Async.answer(
            incoming, allocateObjectByIdAsync(id, current), OutputStream::writeProxy);
      }
      case "allocateObjectByType" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        InputStream in = incoming.startReadParams();
        String type = in.readString();
        incoming.endReadParams();
        return Async.answer(
            incoming, allocateObjectByTypeAsync(type, current), OutputStream::writeProxy);
      }
      case "releaseObject" -> {
        com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
        InputStream in = incoming.startReadParams();
        Identity id = Identity.ice_read(in);
        incoming.endReadParams();
        return Async.answer(incoming, releaseObjectAsync(id), (out, released) -> {});
      }
      default -> {
        return Session.super._iceDispatch(incoming, current);
      }
    }
  }

  @Override
  CompletionStage<ObjectPrx> allocateObjectByIdAsync(Identity id, Current current);

  @Override
  CompletionStage<ObjectPrx> allocateObjectByTypeAsync(String type, Current current);

  @Override
  default void releaseObject(Identity id, Current current) {
    throw Async.onlyAsync(current.operation);
  }
}
