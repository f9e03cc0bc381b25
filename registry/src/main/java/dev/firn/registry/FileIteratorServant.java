package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.FileIterator;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An administrator's place in a log file. Reads of one iterator are made one after the other, in
 * the order they came.
 */
final class FileIteratorServant implements FileIterator {
  private final LogSource source;
  private final ManagedSession session;
  private final PendingAnswers pending;
  private final int bytesMax;
  private CompletionStage<Long> offset;

  /**
   * @param offset where the first read starts
   * @param bytesMax the most that one read may ask for
   */
  FileIteratorServant(
      LogSource source, ManagedSession session, PendingAnswers pending, long offset, int bytesMax) {
    this.source = source;
    this.session = session;
    this.pending = pending;
    this.bytesMax = bytesMax;
    this.offset = CompletableFuture.completedFuture(offset);
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming incoming, Current current)
      throws UserException {
    if (!current.operation.equals("read")) {
      return FileIterator.super._iceDispatch(incoming, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Normal, current.mode);
    InputStream in = incoming.startReadParams();
    int size = in.readInt();
    incoming.endReadParams();
    return Async.answer(incoming, readAsync(size), (out, result) -> result.write(out));
  }

  private CompletionStage<ReadResult> readAsync(int size) {
    CompletableFuture<Long> next = new CompletableFuture<>();
    CompletionStage<Long> previous;
    synchronized (this) {
      previous = offset;
      offset = next;
    }
    return pending.of(
        previous.thenCompose(
            pos ->
                source
                    .read(pos, Math.min(size, bytesMax))
                    .whenComplete(
                        (result, failure) -> next.complete(failure == null ? result.newPos : pos))
                    .thenApply(result -> new ReadResult(result.returnValue, result.lines))));
  }

  @Override
  public ReadResult read(int size, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public void destroy(Current current) {
    session.removeServant(current.id);
  }
}
