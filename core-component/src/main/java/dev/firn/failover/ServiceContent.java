package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateContent;

/** A row of the service locator's table on its way between locators; it is there. */
public record ServiceContent(ServiceChange row) implements StateContent {
  public ServiceContent {
    requireNonNull(row, "row");
  }
}
