package dev.firn.registry;

import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.FileReader;
import com.zeroc.IceGrid.FileReaderPrx;
import dev.firn.wire.Async;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One log file, here, at another registry, or at a node. Any thread; answers later. */
interface LogSource {
  /** As FileReader's getOffsetFromEnd. Fails with FileNotAvailableException only. */
  CompletionStage<Long> offsetFromEnd(int lines);

  /** As FileReader's read. Fails with FileNotAvailableException only. */
  CompletionStage<FileReader.ReadResult> read(long pos, int size);

  static LogSource local(LogFiles files, String filename) {
    return new LogSource() {
      @Override
      public CompletionStage<Long> offsetFromEnd(int lines) {
        try {
          return CompletableFuture.completedFuture(files.getOffsetFromEnd(filename, lines));
        } catch (FileNotAvailableException ex) {
          return CompletableFuture.failedFuture(ex);
        }
      }

      @Override
      public CompletionStage<FileReader.ReadResult> read(long pos, int size) {
        try {
          return CompletableFuture.completedFuture(files.read(filename, pos, size));
        } catch (FileNotAvailableException ex) {
          return CompletableFuture.failedFuture(ex);
        }
      }
    };
  }

  /** How long another process may take to look into a file. */
  int CALL_LIMIT_MILLIS = 15_000;

  static LogSource remote(FileReaderPrx proxy, String filename) {
    FileReaderPrx reader =
        FileReaderPrx.uncheckedCast(proxy.ice_invocationTimeout(CALL_LIMIT_MILLIS));
    return new LogSource() {
      @Override
      public CompletionStage<Long> offsetFromEnd(int lines) {
        return available(reader.getOffsetFromEndAsync(filename, lines));
      }

      @Override
      public CompletionStage<FileReader.ReadResult> read(long pos, int size) {
        return available(reader.readAsync(filename, pos, size));
      }
    };
  }

  private static <T> CompletionStage<T> available(CompletionStage<T> answer) {
    CompletableFuture<T> result = new CompletableFuture<>();
    answer.whenComplete(
        (value, failure) -> {
          Throwable cause = failure == null ? null : Async.cause(failure);
          if (cause == null) {
            result.complete(value);
          } else if (cause instanceof FileNotAvailableException) {
            result.completeExceptionally(cause);
          } else {
            result.completeExceptionally(new FileNotAvailableException(cause.toString(), cause));
          }
        });
    return result;
  }
}
