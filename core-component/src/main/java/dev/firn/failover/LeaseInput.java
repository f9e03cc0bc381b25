package dev.firn.failover;

/** What happens to leases. Whoever has a {@link RoleRequestId} is answered exactly once. */
public sealed interface LeaseInput {
  /** For the leases only. */
  void apply(RoleLeases leases);

  /** This registry is the master from now on. */
  record BecameMaster() implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      leases.becameMaster();
    }
  }

  /**
   * It is not, or not any more.
   *
   * @param reason names the master if it is known
   */
  record NotMaster(String reason) implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      leases.notMaster(reason);
    }
  }

  record Campaign(RoleRequestId request, Candidacy candidacy) implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      leases.campaign(request, candidacy);
    }
  }

  /**
   * @param leave whether the instance is no candidate any more
   */
  record Release(RoleRequestId request, String group, String instance, long epoch, boolean leave)
      implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      leases.release(request, group, instance, epoch, leave);
    }
  }

  /**
   * @param to empty: of those with the newest configuration whoever has come furthest
   */
  record Transfer(RoleRequestId request, String group, String to, boolean force)
      implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      leases.transfer(request, group, to, force);
    }
  }

  /** Time has passed: due at {@link RoleLeases#wakeAtMillis}. */
  record Tick() implements LeaseInput {
    @Override
    public void apply(RoleLeases leases) {
      // Every step looks at what is due.
    }
  }
}
