package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminSession;
import com.zeroc.IceGrid.FileIteratorPrx;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletionStage;

/** IceGrid::AdminSession with the operations answered later that may ask a registry or a node. */
interface AmdAdminSession extends AdminSession {
  /** A log of a registry, this one or another. */
  CompletionStage<FileIteratorPrx> openRegistryLogAsync(String name, String file, int count);

  /** A log of a node. */
  CompletionStage<FileIteratorPrx> openNodeLogAsync(String name, String file, int count)
      throws NodeNotExistException;

  /** A log of a server, as its node names it. */
  CompletionStage<FileIteratorPrx> openServerLogAsync(String id, String file, int count);

  @Override
  default CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    CompletionStage<FileIteratorPrx> answer =
        switch (current.operation) {
          case "openRegistryStdOut", "openRegistryStdErr" -> {
            Log log = Log.read(incoming, current);
            yield openRegistryLogAsync(log.of(), log.file(), log.count());
          }
          case "openNodeStdOut", "openNodeStdErr" -> {
            Log log = Log.read(incoming, current);
            yield openNodeLogAsync(log.of(), log.file(), log.count());
          }
          case "openServerStdOut", "openServerStdErr", "openServerLog" -> {
            Log log = Log.read(incoming, current);
            yield openServerLogAsync(log.of(), log.file(), log.count());
          }
          default -> null;
        };
    return answer == null
        ? AdminSession.super._iceDispatch(incoming, current)
        : Async.answer(incoming, answer, OutputStream::writeProxy);
  }

  /** The parameters of such an operation. */
  record Log(String of, String file, int count) {
    private static Log read(Incoming incoming, Current current) {
      com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
      InputStream in = incoming.startReadParams();
      String of = in.readString();
      String file =
          switch (current.operation) {
            case "openServerLog" -> "#" + in.readString();
            case "openRegistryStdOut", "openNodeStdOut", "openServerStdOut" -> "stdout";
            default -> "stderr";
          };
      int count = in.readInt();
      incoming.endReadParams();
      return new Log(of, file, count);
    }
  }

  @Override
  default FileIteratorPrx openServerLog(String id, String path, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default FileIteratorPrx openServerStdOut(String id, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default FileIteratorPrx openServerStdErr(String id, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default FileIteratorPrx openNodeStdOut(String name, int count, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default FileIteratorPrx openNodeStdErr(String name, int count, Current current) {
    throw Async.onlyAsync(current.operation);
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
