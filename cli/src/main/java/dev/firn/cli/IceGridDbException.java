package dev.firn.cli;

/** What icegriddb could not do; the message is the text to show. */
final class IceGridDbException extends Exception {
  private static final long serialVersionUID = 1L;

  IceGridDbException(String message) {
    super(message);
  }

  IceGridDbException(String message, Throwable cause) {
    super(message, cause);
  }
}
