package dev.firn.failover;

/** What keeps an instance from serving that only believes that it is the active one. */
public enum Fencing {
  /** Nothing but the epoch of its stream. */
  NONE,
  /** Its epoch, at every door. */
  EPOCH,
  /** Its epoch, and it stops by itself if it could not have it confirmed for a while. */
  LEASE
}
