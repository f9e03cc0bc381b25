package dev.firn.failover;

/**
 * What observers of the service locator are told.
 *
 * @param guid of the service or comparator
 */
public record ServiceEvent(Kind kind, String guid) {
  /** What has happened. */
  public enum Kind {
    COMPARISON_REGISTERED,
    COMPARISON_UNREGISTERED,
    SERVICE_REGISTERED,
    SERVICE_UNREGISTERED,
    SERVICE_SUSPENDED,
    SERVICE_UNSUSPENDED
  }
}
