package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.FileIterator.ReadResult;
import com.zeroc.IceGrid.FileIteratorPrx;

/**
 * Prints a remote file. What the iterator returns last in a piece is an incomplete line, which the
 * next piece continues.
 */
final class FileView {

  private static final long POLL_MILLIS = 5000;

  private final AdminContext context;

  FileView(AdminContext context) {
    this.context = context;
  }

  void show(FileIteratorPrx file, ShowCommand.Range range)
      throws UserException, InterruptedException {
    int messageKilobytesMax =
        context
            .communicator()
            .getProperties()
            .getPropertyAsIntWithDefault("Ice.MessageSizeMax", 1024);
    int sizeMax =
        messageKilobytesMax < 1 || messageKilobytesMax > 0x7fffffff / 1024
            ? 0x7fffffff
            : messageKilobytesMax * 1024;
    try {
      context.console().print("\n");
      boolean lineOpen = range.head() > 0 ? head(file, sizeMax, range.head()) : all(file, sizeMax);
      while (range.follow() && !context.interrupts().await(POLL_MILLIS)) {
        lineOpen = all(file, sizeMax);
      }
      if (lineOpen) {
        context.console().print("\n");
      }
    } finally {
      destroy(file);
    }
  }

  /** Prints up to the end of the file; true if its last line has no newline yet. */
  private boolean all(FileIteratorPrx file, int sizeMax) throws UserException {
    boolean open = false;
    while (!context.interrupts().interrupted()) {
      ReadResult piece = file.read(sizeMax);
      context.console().print(String.join("\n", piece.lines));
      if (piece.lines.length > 0) {
        open = !piece.lines[piece.lines.length - 1].isEmpty();
      }
      if (piece.returnValue) {
        break;
      }
    }
    return open;
  }

  private boolean head(FileIteratorPrx file, int sizeMax, int lines) throws UserException {
    int left = lines;
    boolean open = false;
    while (!context.interrupts().interrupted()) {
      ReadResult piece = file.read(sizeMax);
      for (int i = 0; i < piece.lines.length; i++) {
        boolean complete = i + 1 < piece.lines.length;
        context.console().print(complete ? piece.lines[i] + "\n" : piece.lines[i]);
        open = !complete && !piece.lines[i].isEmpty();
        if (complete && --left == 0) {
          return false;
        }
      }
      if (piece.returnValue) {
        break;
      }
    }
    return open;
  }

  private static void destroy(FileIteratorPrx file) {
    try {
      file.destroy();
    } catch (LocalException exception) {
      // The session's end takes the iterator with it.
    }
  }
}
