package dev.firn.failover;

/** What a request to {@link RoleLeases} is answered with. */
public sealed interface LeaseAnswer {
  /**
   * To a campaign.
   *
   * @param holder who is to have the role, or empty
   * @param termMillis how long the asker has it, from the moment in which it asked; 0: it has it
   *     not. With another holder: it is to hand over, and has it until it did
   */
  record Lease(String holder, long epoch, int termMillis) implements LeaseAnswer {}

  /** To a release. */
  record Released() implements LeaseAnswer {}

  /** To a transfer: the new holder is active. */
  record Transferred(long epoch) implements LeaseAnswer {}

  record TransferRefused(String reason) implements LeaseAnswer {}

  /** This registry gives no leases. */
  record NotAuthority(String reason) implements LeaseAnswer {}

  /** This registry cannot take the request now, and may give the role to somebody else. */
  record Busy(String reason) implements LeaseAnswer {}
}
