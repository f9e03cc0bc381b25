package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminSession;
import com.zeroc.IceGrid.FileIteratorPrx;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;

/** IceGrid::AdminSession with the operations answered later that may ask another registry. */
interface AmdAdminSession extends AdminSession {
  /** A log of a registry, this one or another. */
  CompletionStage<FileIteratorPrx> openRegistryLogAsync(String name, String file, int count);

  @Override
  default CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    String file =
        switch (current.operation) {
          case "openRegistryStdOut" -> "stdout";
          case "openRegistryStdErr" -> "stderr";
          default -> "";
        };
    if (file.isEmpty()) {
      return AdminSession.super._iceDispatch(incoming, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
    InputStream in = incoming.startReadParams();
    String name = in.readString();
    int count = in.readInt();
    incoming.endReadParams();
    return Async.answer(
        incoming, openRegistryLogAsync(name, file, count), OutputStream::writeProxy);
  }

  @Override
  default FileIteratorPrx openRegistryStdOut(String name, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default FileIteratorPrx openRegistryStdErr(String name, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }
}
