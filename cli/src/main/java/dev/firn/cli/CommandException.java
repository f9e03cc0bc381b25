package dev.firn.cli;

/** A command that failed for a reason that is already in words; the message follows "error: ". */
final class CommandException extends Exception {

  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message, null, false, false);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
