package dev.firn.failover;

import dev.firn.election.StateStoreException;
import java.io.Serial;

/** A store of streams cannot be read or written. */
public final class StreamStoreException extends StateStoreException {
  @Serial private static final long serialVersionUID = 1;

  public StreamStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
