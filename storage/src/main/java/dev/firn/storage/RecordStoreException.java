package dev.firn.storage;

/** Records cannot be read or written; the message says why and what to do. */
public final class RecordStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RecordStoreException(String message) {
    super(message);
  }

  RecordStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
