package dev.firn.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of Ice that a server uses.
 *
 * @param number major * 10000 + minor * 100; 0 if it is not said
 */
record IceVersion(int number) {
  static final IceVersion UNSPECIFIED = new IceVersion(0);

  private static final Pattern SYNTAX =
      Pattern.compile("\\s*([0-9]{1,2})\\.([0-9]{1,2})(\\..{0,2})?");

  /** Empty if the text is not a version, {@code M.m} or {@code M.m.p}. */
  static Optional<IceVersion> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(UNSPECIFIED);
    }
    Matcher version = SYNTAX.matcher(text);
    if (!version.matches() || Integer.parseInt(version.group(1)) < 1) {
      return Optional.empty();
    }
    return Optional.of(
        new IceVersion(
            Integer.parseInt(version.group(1)) * 10000 + Integer.parseInt(version.group(2)) * 100));
  }

  boolean isBefore(int major, int minor) {
    return number > 0 && number < major * 10000 + minor * 100;
  }
}
