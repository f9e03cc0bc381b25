package dev.firn.storm;

import java.util.concurrent.CompletableFuture;

/** What requests pass before they may see the topics. Any thread; nothing here blocks. */
interface Gate {
  /** Always open: where there are no replicas to agree with. */
  Gate OPEN =
      new Gate() {
        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public CompletableFuture<Void> whenOpen() {
          return CompletableFuture.completedFuture(null);
        }
      };

  /** Whether a request may go on at once; read for each event, so it takes no lock. */
  boolean isOpen();

  /**
   * Completes when the gate opens, at once if it is open; fails with {@link
   * UnknownOutcomeException} when the service stops before that.
   */
  CompletableFuture<Void> whenOpen();
}
