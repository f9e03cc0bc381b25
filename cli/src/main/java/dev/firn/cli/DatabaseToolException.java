package dev.firn.cli;

/** What a database tool could not do; the message is the text to show. */
final class DatabaseToolException extends Exception {
  private static final long serialVersionUID = 1L;

  DatabaseToolException(String message) {
    super(message);
  }

  DatabaseToolException(String message, Throwable cause) {
    super(message, cause);
  }
}
