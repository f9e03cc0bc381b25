package dev.firn.storage;

/** A data directory that this process may not use; the message is the one of ZeroC's registry. */
public final class DirectoryLockException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DirectoryLockException(String message) {
    super(message);
  }

  DirectoryLockException(String message, Throwable cause) {
    super(message, cause);
  }
}
