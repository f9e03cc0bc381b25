package dev.firn.storage;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database file that is not what LMDB or its owner would have written. */
final class CorruptDatabaseException extends IOException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String advice;

  CorruptDatabaseException(String message) {
    super(message);
    this.advice = null;
  }

  /**
   * @param advice what a person can do about it
   */
  CorruptDatabaseException(String message, String advice) {
    super(message);
    this.advice = advice;
  }

  CorruptDatabaseException(String message, Throwable cause) {
    super(message, cause);
    this.advice = null;
  }

  /** What a person can do about it, if not the usual. */
  Optional<String> advice() {
    return Optional.ofNullable(advice);
  }
}
