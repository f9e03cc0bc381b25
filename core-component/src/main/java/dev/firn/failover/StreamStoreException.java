package dev.firn.failover;

import java.io.Serial;

/** A store cannot be read or written. */
public final class StreamStoreException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public StreamStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
