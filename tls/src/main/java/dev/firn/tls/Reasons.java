package dev.firn.tls;

/** What to tell of an exception whose own message may be missing or say less than its cause. */
final class Reasons {
  private Reasons() {}

  /** The messages from the outermost to the innermost cause, each once. */
  static String of(Throwable ex) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message == null || message.isEmpty()) {
        message = cause.getClass().getSimpleName();
      }
      if (text.indexOf(message) < 0) {
        text.append(text.length() == 0 ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}
