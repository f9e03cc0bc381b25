package dev.firn.storm;

/** The replicas are configured so that this one cannot start; the message says what to do. */
final class ReplicationStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReplicationStartException(String message) {
    super(message);
  }

  ReplicationStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
