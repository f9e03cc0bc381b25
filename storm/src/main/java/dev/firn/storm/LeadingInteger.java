package dev.firn.storm;

/** Numbers as C's {@code atoi} reads them, which is what ZeroC's service does with some texts. */
final class LeadingInteger {
  private LeadingInteger() {}

  /** The integer that the text begins with, after blanks; 0 if there is none; clamped to int. */
  static int of(String text) {
    String rest = text.stripLeading();
    boolean signed = rest.startsWith("-") || rest.startsWith("+");
    boolean negative = rest.startsWith("-");
    long value = 0;
    for (int i = signed ? 1 : 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c < '0' || c > '9') {
        break;
      }
      value = Math.min(value * 10 + (c - '0'), 1L + Integer.MAX_VALUE);
    }
    return (int) Math.min(negative ? -value : value, Integer.MAX_VALUE);
  }
}
