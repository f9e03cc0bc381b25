package dev.firn.wire;

/** A file that no icegriddb has written; the message says why. */
public final class ExportFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  ExportFormatException(String message) {
    super(message);
  }

  ExportFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
