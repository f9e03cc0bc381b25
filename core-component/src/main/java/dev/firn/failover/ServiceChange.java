package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateChange;
import java.util.Optional;

/** A row of the service locator's table as it is now; what a store keeps. */
public sealed interface ServiceChange extends StateChange {
  /**
   * A service.
   *
   * @param order the row's key
   * @param entry empty: the row is gone
   */
  record Service(long order, Optional<ServiceEntry> entry) implements ServiceChange {}

  /**
   * A comparator.
   *
   * @param order the row's key
   */
  record Comparator(long order, String guid, Optional<String> proxy) implements ServiceChange {}

  /**
   * The newest epoch of a group.
   *
   * @param epoch 0: none is known, the row is gone
   */
  record Newest(String group, long epoch) implements ServiceChange {
    public Newest {
      requireNonNull(group, "group");
    }

    static Newest of(GroupEpoch epoch) {
      return new Newest(epoch.group(), epoch.epoch());
    }
  }
}
