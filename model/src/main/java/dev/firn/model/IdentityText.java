package dev.firn.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Optional;

/** Identities in their stringified form, {@code category/name} with Ice's escapes. */
public final class IdentityText {
  private static final String SIMPLE_ESCAPES = "\\'\"nrtbfav?";
  private static final String SIMPLE_MEANINGS = "\\'\"\n\r\t\b\f\u0007\u000b?";

  private IdentityText() {}

  /** As Ice writes identities by default: non-ASCII characters as they are. */
  public static String format(ObjectId id) {
    if (id.category().isEmpty()) {
      return escape(id.name());
    }
    return escape(id.category()) + "/" + escape(id.name());
  }

  /**
   * @return empty if it has more than one unescaped slash, an escape that is none, or a control
   *     character
   */
  public static Optional<ObjectId> parse(String text) {
    int slash = -1;
    boolean escaped = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/' && !escaped) {
        if (slash >= 0) {
          return Optional.empty();
        }
        slash = i;
      }
      escaped = c == '\\' && !escaped;
    }
    try {
      if (slash < 0) {
        return Optional.of(new ObjectId(unescape(text), ""));
      }
      return Optional.of(
          new ObjectId(unescape(text.substring(slash + 1)), unescape(text.substring(0, slash))));
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String escape(String text) {
    if (isPlain(text)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int simple = SIMPLE_MEANINGS.indexOf(c);
      if (c == '/') {
        escaped.append("\\/");
      } else if (simple >= 0 && c != '?') {
        escaped.append('\\').append(SIMPLE_ESCAPES.charAt(simple));
      } else if (c < 32 || c == 127) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Most texts have nothing to escape. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 32 || c == 127 || c == '/' || c == '\\' || c == '\'' || c == '"') {
        return false;
      }
    }
    return true;
  }

  private static String unescape(String text) throws CharacterCodingException {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 127) {
        throw new IllegalArgumentException("a control character that is not escaped");
      }
    }
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var unescaper = new Unescaper(text);
    return unescaper.run();
  }

  /** Escapes of bytes may together make one character, so they are gathered first. */
  private static final class Unescaper {
    private final String text;
    private final StringBuilder result = new StringBuilder();
    private byte[] bytes = new byte[0];
    private int at;

    Unescaper(String text) {
      this.text = text;
    }

    String run() throws CharacterCodingException {
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c != '\\') {
          put(c);
        } else if (at == text.length()) {
          put('\\');
        } else {
          escape(text.charAt(at++));
        }
      }
      flush();
      return result.toString();
    }

    private void escape(char c) throws CharacterCodingException {
      int simple = SIMPLE_ESCAPES.indexOf(c);
      if (simple >= 0) {
        put(SIMPLE_MEANINGS.charAt(simple));
      } else if (c == 'u' || c == 'U') {
        codePoint(digits(16, c == 'u' ? 4 : 8, true));
      } else if (c == 'x') {
        octet(digits(16, 2, false));
      } else if (c >= '0' && c <= '7') {
        at--;
        octet(digits(8, 3, false));
      } else if (c == '/') {
        put('/');
      } else {
        put('\\');
        put(c);
      }
    }

    private int digits(int radix, int count, boolean exactly) {
      int value = 0;
      int start = at;
      while (at < text.length()
          && at - start < count
          && Character.digit(text.charAt(at), radix) >= 0) {
        value = value * radix + Character.digit(text.charAt(at++), radix);
      }
      if (at == start || (exactly && at - start != count)) {
        throw new IllegalArgumentException("digits are missing");
      }
      return value;
    }

    private void codePoint(int value) throws CharacterCodingException {
      if (!Character.isValidCodePoint(value)
          || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
        throw new IllegalArgumentException("no character: " + value);
      }
      flush();
      result.appendCodePoint(value);
    }

    private void octet(int value) {
      if (value > 255) {
        throw new IllegalArgumentException("no octet: " + value);
      }
      bytes = Arrays.copyOf(bytes, bytes.length + 1);
      bytes[bytes.length - 1] = (byte) value;
    }

    private void put(char c) throws CharacterCodingException {
      flush();
      result.append(c);
    }

    private void flush() throws CharacterCodingException {
      if (bytes.length > 0) {
        result.append(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)));
        bytes = new byte[0];
      }
    }
  }
}
