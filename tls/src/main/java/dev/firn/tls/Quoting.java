package dev.firn.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The quotes and backslashes of RFC 2253. */
final class Quoting {
  private Quoting() {}

  /** The first of the separators from the start on, outside of quotes; the length if none. */
  static int indexOfUnquoted(String text, String separators, int start) {
    boolean isQuoted = false;
    for (int index = start; index < text.length(); index++) {
      char character = text.charAt(index);
      if (character == '\\') {
        index++;
      } else if (character == '"') {
        isQuoted = !isQuoted;
      } else if (!isQuoted && separators.indexOf(character) >= 0) {
        return index;
      }
    }
    if (isQuoted) {
      throw new IllegalArgumentException("mismatched quote in \"" + text.substring(start) + "\"");
    }
    return text.length();
  }

  /** The value meant; a backslash stands before a character or two hexadecimal digits. */
  static String unquote(String text) {
    boolean isQuoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    String inner = isQuoted ? text.substring(1, text.length() - 1) : text;
    if (inner.indexOf('\\') < 0) {
      return inner;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int index = 0; index < inner.length(); ) {
      int codePoint = inner.codePointAt(index);
      index += Character.charCount(codePoint);
      if (codePoint == '\\' && index < inner.length()) {
        if (index + 1 < inner.length() && isHex(inner, index) && isHex(inner, index + 1)) {
          bytes.write(Integer.parseInt(inner.substring(index, index + 2), 16));
          index += 2;
          continue;
        }
        codePoint = inner.codePointAt(index);
        index += Character.charCount(codePoint);
      }
      bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static boolean isHex(String text, int index) {
    return Character.digit(text.charAt(index), 16) >= 0 && text.charAt(index) < 128;
  }
}
