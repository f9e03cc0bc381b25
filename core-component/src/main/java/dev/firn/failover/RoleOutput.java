package dev.firn.failover;

/**
 * What a {@link RoleMachine} wants done. Performed in list order; what takes time is answered with
 * an input that carries the run, and the answer to an older run is ignored.
 */
public sealed interface RoleOutput {
  void perform(RoleHost host);

  /** How much somebody should care. */
  enum Severity {
    INFO,
    WARNING,
    ERROR
  }

  /**
   * Register what is on the backplane with the locator, for ever until it is done, then {@link
   * RoleInput.BackplaneRegistered}.
   */
  record RegisterBackplane() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.registerBackplane();
    }
  }

  /**
   * Find the state replicator, for ever until it is found, then {@link RoleInput.ReplicatorFound};
   * if it goes, {@link RoleInput.ReplicatorLost}, and look for it again.
   */
  record FindReplicator() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.findReplicator();
    }
  }

  /**
   * Register the configuration with the replicator, or the locator if standalone, for ever until it
   * is done, then {@link RoleInput.ConfigurationRegistered}, also if there is nothing to do.
   */
  record RegisterConfiguration() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.registerConfiguration();
    }
  }

  /**
   * Follow the stream: {@link RoleInput.Synchronized} when all of it was applied, then {@link
   * RoleInput.Progress}.
   *
   * @param replaceAll whether the local state is worth nothing: take a whole snapshot
   */
  record Listen(boolean replaceAll) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.listen(replaceAll);
    }
  }

  /** Apply no update any more; one that is being applied ends before the next hook is called. */
  record StopListening() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.stopListening();
    }
  }

  /**
   * Ask whoever gives epochs (the stream; else the locator; else a file): {@link
   * RoleInput.Claimed}, {@link RoleInput.ClaimRefused} or {@link RoleInput.ClaimFailed}.
   *
   * @param epoch 0: the next one, of those above {@link RoleView#epoch}
   */
  record Claim(long run, long epoch) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.claim(run, epoch);
    }
  }

  /**
   * Ask the same whether the epoch is still the newest, and this instance's: {@link
   * RoleInput.Claimed}, {@link RoleInput.ClaimRefused} or {@link RoleInput.ClaimFailed}.
   */
  record Confirm(long run, long epoch) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.confirm(run, epoch);
    }
  }

  /** Call the component, on its own thread: {@link RoleInput.HookDone} or HookFailed. */
  record CallHook(long run, RoleHook hook, long epoch) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.callHook(run, hook, epoch);
    }
  }

  /** Create and activate the service adapter: {@link RoleInput.AdapterOpened} or AdapterFailed. */
  record OpenAdapter(long run) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.openAdapter(run);
    }
  }

  /** Take no new requests; when those in progress are done, {@link RoleInput.Drained}. */
  record HoldAdapter(long run) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.holdAdapter(run);
    }
  }

  /**
   * Close the service adapter and its connections: {@link RoleInput.AdapterClosed}.
   *
   * @param abrupt whether nothing that is in progress may be answered
   */
  record CloseAdapter(long run, boolean abrupt) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.closeAdapter(run, abrupt);
    }
  }

  /**
   * Register the services with the locator, for ever until {@link Unregister}: {@link
   * RoleInput.Registered}, or {@link RoleInput.RegisterFailed} after the first failure, or {@link
   * RoleInput.RegisterRefused} whenever that happens.
   */
  record Register(long run, long epoch) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.register(run, epoch);
    }
  }

  /** Unregister them: {@link RoleInput.Unregistered}, also if that was not possible. */
  record Unregister(long run) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.unregister(run);
    }
  }

  /**
   * Publish with this epoch from now on, and claim it if that is still to be done: {@link
   * RoleInput.StaleWriter} if it is refused, {@link RoleInput.Unprotected} when nothing keeps the
   * state, {@link RoleInput.ProtectedAgain}.
   *
   * @param wholeState whether what the replicator has may differ: publish everything first
   */
  record StartPublishing(long epoch, boolean wholeState) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.startPublishing(epoch, wholeState);
    }
  }

  /** Publish what is pending: {@link RoleInput.Flushed} or FlushFailed. */
  record Flush(long run, long limitMillis) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.flush(run, limitMillis);
    }
  }

  record StopPublishing() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.stopPublishing();
    }
  }

  /**
   * Tell the registry that the role is free.
   *
   * @param leave whether the instance goes
   */
  record ReleaseLease(long epoch, boolean leave) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.releaseLease(epoch, leave);
    }
  }

  record NotifyListeners(boolean active) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.notifyListeners(active);
    }
  }

  record Reply(RoleRequestId request, RoleAnswer answer) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.reply(request, answer);
    }
  }

  /** One line for the log, with stable keys. */
  record StateChanged(RoleState from, RoleState to, String reason) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.stateChanged(from, to, reason);
    }
  }

  record Report(Severity severity, String text) implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.report(severity, text);
    }
  }

  /** Nothing follows but replies: unregister what is registered, destroy the adapters. */
  record End() implements RoleOutput {
    @Override
    public void perform(RoleHost host) {
      host.end();
    }
  }
}
