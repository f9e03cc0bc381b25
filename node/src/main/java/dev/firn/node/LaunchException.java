package dev.firn.node;

/** A process could not be started; the message is what the starter of the server is told. */
final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  LaunchException(String message) {
    super(message);
  }
}
