package dev.firn.storage;

import java.io.IOException;

/** A database file that is not what LMDB or a registry would have written. */
final class CorruptDatabaseException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final String RESTORE =
      "restore it from a backup, or start in an empty directory with --initdb-from-replica";

  private final String advice;

  CorruptDatabaseException(String message) {
    this(message, RESTORE);
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
    this.advice = RESTORE;
  }

  String advice() {
    return advice;
  }
}
