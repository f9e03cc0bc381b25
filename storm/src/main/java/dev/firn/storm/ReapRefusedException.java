package dev.firn.storm;

/** This replica cannot reap now: {@code ReapWouldBlock} for the peer that asked. */
final class ReapRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReapRefusedException(String message) {
    super(message);
  }
}
