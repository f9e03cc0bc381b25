package dev.firn.server;

import java.util.Optional;

/**
 * What is to be done for a server, in list order.
 *
 * @param <P> what the node answers when it has loaded a server
 */
public sealed interface ServerSyncOutput<P> {
  void perform(Host<P> host);

  /** Carries outputs out. */
  interface Host<P> {
    void load(long attempt, ServerTarget target);

    void destroy(long attempt, ServerTarget target);

    void answer(long waiter, SyncOutcome<P> outcome);

    void settled(long waiter, Optional<SyncFailure> failure);
  }

  /** Have the node load it. To be answered by Loaded, Refused or Unanswered, within a time. */
  record Load<P>(long attempt, ServerTarget target) implements ServerSyncOutput<P> {
    @Override
    public void perform(Host<P> host) {
      host.load(attempt, target);
    }
  }

  /**
   * Have the node destroy it. To be answered by Destroyed, Refused or Unanswered, within a time.
   */
  record Destroy<P>(long attempt, ServerTarget target) implements ServerSyncOutput<P> {
    @Override
    public void perform(Host<P> host) {
      host.destroy(attempt, target);
    }
  }

  /** The answer to a {@link ServerSyncInput.Demand}. */
  record Answer<P>(long waiter, SyncOutcome<P> outcome) implements ServerSyncOutput<P> {
    @Override
    public void perform(Host<P> host) {
      host.answer(waiter, outcome);
    }
  }

  /** The answer to a {@link ServerSyncInput.Settle}, with what went wrong last. */
  record Settled<P>(long waiter, Optional<SyncFailure> failure) implements ServerSyncOutput<P> {
    @Override
    public void perform(Host<P> host) {
      host.settled(waiter, failure);
    }
  }
}
