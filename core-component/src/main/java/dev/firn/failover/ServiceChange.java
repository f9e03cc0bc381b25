package dev.firn.failover;

import java.util.Optional;

/** A row of the service locator's table as it is now; what a store keeps. */
public sealed interface ServiceChange {
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

  /** The newest epoch of a group. */
  record Newest(GroupEpoch epoch) implements ServiceChange {}
}
