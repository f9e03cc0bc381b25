package dev.firn.election;

/** A store could not read or write; the message names what, where and what to do. */
public final class TopicStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopicStoreException(String message) {
    super(message);
  }

  public TopicStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
