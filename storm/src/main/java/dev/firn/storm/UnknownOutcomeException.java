package dev.firn.storm;

/**
 * Whether a request was carried out is not known, or it was not because the service stops: Ice's
 * {@code UnknownException} for the caller. The message says what happened.
 */
final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(String message) {
    super(message);
  }

  UnknownOutcomeException(String message, Throwable cause) {
    super(message, cause);
  }
}
