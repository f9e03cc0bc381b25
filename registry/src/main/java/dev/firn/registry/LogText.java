package dev.firn.registry;

/** What peers wrote, in the log: it must not look like lines of its own, or fill the log. */
final class LogText {
  private static final int LENGTH_MAX = 200;

  private LogText() {}

  static String of(String text) {
    String shortened = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "..." : text;
    return shortened.replaceAll("\\p{Cntrl}", "?");
  }
}
