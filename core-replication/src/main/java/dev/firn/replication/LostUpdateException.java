package dev.firn.replication;

/** The updates that arrived are not all that were sent: only a new synchronisation helps. */
final class LostUpdateException extends Exception {
  private static final long serialVersionUID = 1L;

  LostUpdateException(String message) {
    super(message);
  }
}
