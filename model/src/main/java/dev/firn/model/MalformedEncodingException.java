package dev.firn.model;

/** Bytes are not what Ice's encoding 1.1 would have written. */
public final class MalformedEncodingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedEncodingException(String message) {
    super(message);
  }
}
