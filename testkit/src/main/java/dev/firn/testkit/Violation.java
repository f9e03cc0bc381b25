package dev.firn.testkit;

import org.jspecify.annotations.Nullable;

/** An invariant does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }

  // The annotation it asks for would be a dependency for this one method.
  @SuppressWarnings("AnnotateFormatMethod")
  static void unless(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new Violation(message.formatted(arguments));
    }
  }
}
