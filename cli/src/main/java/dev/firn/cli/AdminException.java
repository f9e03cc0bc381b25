package dev.firn.cli;

/**
 * Why the program ends before it executes a command.
 *
 * <p>The text is shown after the program's name, or, where the user is only told why a login
 * failed, on standard output. An empty text ends it silently.
 */
final class AdminException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  private AdminException(String message, boolean refusal) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  static AdminException failure(String text) {
    return new AdminException(text, false);
  }

  /** The registry or router said no. */
  static AdminException refused(String text) {
    return new AdminException(text, true);
  }

  /** The input ended where an answer was needed. */
  static AdminException silent() {
    return new AdminException("", false);
  }

  String text() {
    return String.valueOf(getMessage());
  }

  boolean isRefusal() {
    return refusal;
  }
}
