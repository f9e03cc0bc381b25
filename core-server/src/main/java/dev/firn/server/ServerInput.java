package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;

/** What happens to a server. Whoever has a {@link CallerId} is answered exactly once. */
public sealed interface ServerInput {
  /** For the machine only. */
  void apply(ServerMachine machine);

  // What registries and administrators want.

  /**
   * Load the server, or take an update.
   *
   * @param replica the registry that asks; {@code Master} is believed, others have to know the same
   *     revision
   */
  record Load(
      CallerId caller, InternalServerDescriptor descriptor, String replica, boolean noRestart)
      implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().load(this);
    }
  }

  /**
   * Remove the server.
   *
   * @param uuid empty for a server that the master does not know: user data stays
   */
  record Destroy(CallerId caller, String uuid, int revision, String replica, boolean noRestart)
      implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().destroy(this);
    }
  }

  /**
   * Would this update be taken?
   *
   * @param descriptor empty for removal
   */
  record CheckUpdate(
      CallerId caller, Optional<InternalServerDescriptor> descriptor, boolean noRestart)
      implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().checkUpdate(this);
    }
  }

  record Start(CallerId caller) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.process().start(caller);
    }
  }

  record Stop(CallerId caller) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.process().stop(caller);
    }
  }

  record SetEnabled(CallerId caller, boolean enabled) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.setEnabled(caller, enabled);
    }
  }

  /** Stay inactive for patching; answered when the server is, until {@link Patched}. */
  record Patch(CallerId caller, boolean shutdown) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().patch(caller, shutdown);
    }
  }

  record Patched() implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().patched();
    }
  }

  /** Answers with the adapter's proxy once it has one, or with none; starts the server. */
  record Activate(CallerId caller, String adapterId) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.activate(caller, adapterId);
    }
  }

  /** The node ends: answered when no process runs any more; nothing is started from now on. */
  record NodeShutdown(CallerId caller) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.nodeShutdown(caller);
    }
  }

  // What servers say, through a registry.

  record SetProcess(CallerId caller, EncodedProxy process) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.setProcess(caller, process);
    }
  }

  /**
   * @param proxy the null proxy if the adapter is inactive now
   */
  record SetDirectProxy(CallerId caller, String adapterId, EncodedProxy proxy)
      implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.setDirectProxy(caller, adapterId, proxy);
    }
  }

  // What came of outputs.

  /**
   * @param failure why the files could not be written; the files of before are in place then
   */
  record Written(Optional<String> failure) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().written(failure);
    }
  }

  record Removed() implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().removed();
    }
  }

  /** All registries know, or nobody can tell. */
  record ReplicationKnown(long run) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().replicationKnown();
      }
    }
  }

  record Launched(long run, int pid) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().launched(pid);
      }
    }
  }

  record LaunchFailed(long run, String reason) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().launchFailed(reason);
      }
    }
  }

  /** The process is gone; may come before {@link Launched}. */
  record Exited(long run, ProcessExit exit) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().exited(exit);
      }
    }
  }

  /** The Process object could not be told to shut down. */
  record ShutdownFailed(long run, String reason) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().ending().shutdownFailed(run, reason);
      }
    }
  }

  record SignalFailed(long run, String reason) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().ending().signalFailed(run, reason);
      }
    }
  }

  record KillFailed(long run, String reason) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      if (machine.isCurrent(run)) {
        machine.process().ending().killFailed(reason);
      }
    }
  }

  record PropertiesUpdated(long update, Optional<String> failure) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.files().propertiesUpdated(update, failure);
    }
  }

  // Others.

  /** A process that an earlier run of the node left; the first input if there is one. */
  record Adopted(RememberedRun remembered, int pid) implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.adopted(remembered, pid);
    }
  }

  /** Time passes; see {@link ServerMachine#deadlineMillis}. */
  record Tick() implements ServerInput {
    @Override
    public void apply(ServerMachine machine) {
      machine.tick();
    }
  }
}
