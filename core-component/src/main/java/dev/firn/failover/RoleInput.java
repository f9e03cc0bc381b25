package dev.firn.failover;

/** What happens to an instance. Whoever has a {@link RoleRequestId} is answered exactly once. */
public sealed interface RoleInput {
  /** For the machine only. */
  void apply(RoleMachine machine);

  /** The backplane is open. The first input. */
  record Start() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.following().start();
    }
  }

  record BackplaneRegistered() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.following().located();
    }
  }

  record ReplicatorFound() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.following().replicatorFound();
    }
  }

  record ReplicatorLost(String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.replicatorLost(reason);
    }
  }

  record ConfigurationRegistered() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.following().configurationRegistered();
    }
  }

  /** All of the stream is applied, up to here. */
  record Synchronized(long appliedSeq) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.synced(appliedSeq);
    }
  }

  /**
   * @param headSeq the newest known to exist
   */
  record Progress(long appliedSeq, long headSeq) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.progress(appliedSeq, headSeq);
    }
  }

  /** The stream that is followed has this epoch. */
  record Followed(long epoch) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.followed(epoch);
    }
  }

  // Requests.

  /** The original operation: the next epoch, whatever is lost. */
  record Activate(RoleRequestId request) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.requests().activate(request);
    }
  }

  /**
   * @param epoch 0: the next one
   */
  record Promote(RoleRequestId request, long epoch, boolean acceptDataLoss) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.requests().promote(request, epoch, acceptDataLoss);
    }
  }

  record Standby(RoleRequestId request) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.requests().standby(request);
    }
  }

  /**
   * @param epoch 0: whatever the epoch is
   */
  record Demote(RoleRequestId request, long epoch) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.requests().demote(request, epoch);
    }
  }

  // Answers.

  /**
   * The epoch is this instance's.
   *
   * @param headSeq the stream's newest update, read after the claim; -1 if there is no stream
   */
  record Claimed(long run, long epoch, long headSeq) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.claimed(run, epoch, headSeq);
    }
  }

  record ClaimRefused(long run, long current) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.claimRefused(run, current);
    }
  }

  record ClaimFailed(long run, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.claimFailed(run, reason);
    }
  }

  record HookDone(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.hookDone(run);
    }
  }

  record HookFailed(long run, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.hookFailed(run, reason);
    }
  }

  record AdapterOpened(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.activation().opened(run);
    }
  }

  record AdapterFailed(long run, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.activation().openFailed(run, reason);
    }
  }

  record Registered(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.activation().registered(run);
    }
  }

  record RegisterFailed(long run, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.activation().registerFailed(run, reason);
    }
  }

  record RegisterRefused(long run, long current) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.registerRefused(run, current);
    }
  }

  record Drained(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.deactivation().drained(run);
    }
  }

  record Flushed(long run, long seq) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.deactivation().flushed(run, seq);
    }
  }

  record FlushFailed(long run, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.deactivation().flushFailed(run, reason);
    }
  }

  record Unregistered(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.deactivation().unregistered(run);
    }
  }

  record AdapterClosed(long run) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.deactivation().closed(run);
    }
  }

  // What happens to the active one.

  /**
   * A publish was refused.
   *
   * @param epoch that it was made with
   * @param current the newest
   */
  record StaleWriter(long epoch, long current) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.staleWriter(epoch, current);
    }
  }

  record Unprotected(String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.unprotected(reason);
    }
  }

  record ProtectedAgain() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.protectedAgain();
    }
  }

  /**
   * This instance has the role, or has it on.
   *
   * @param untilMillis in the host's monotonic time
   */
  record LeaseGranted(long epoch, long untilMillis) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.leaseGranted(epoch, untilMillis);
    }
  }

  /** The registry wants the role for another; the lease lasts until it is released. */
  record LeaseRecalled(long epoch) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.leaseRecalled(epoch);
    }
  }

  /** The registry says that another has the role. */
  record LeaseLost(long epoch, String reason) implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.leaseLost(epoch, reason);
    }
  }

  record Stop() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      machine.stop();
    }
  }

  /** Time has passed: due at {@link RoleMachine#wakeAtMillis}. */
  record Tick() implements RoleInput {
    @Override
    public void apply(RoleMachine machine) {
      // Every step looks at what is due.
    }
  }
}
