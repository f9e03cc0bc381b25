package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;

/**
 * What a {@link ServerMachine} wants done. Performed in list order.
 *
 * <p>Runs and updates are numbered; what comes back carries the number, and what belongs to an
 * older one is ignored.
 */
public sealed interface ServerOutput {
  void perform(ServerHost host);

  record Answer(CallerId caller, ServerAnswer answer) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.answer(caller, answer);
    }
  }

  /**
   * Write the server's files, then give {@link ServerInput.Written}.
   *
   * @param previous to be put back if that fails
   * @param clearFirst whether the directory is emptied before
   */
  record Write(
      InternalServerDescriptor descriptor,
      Optional<InternalServerDescriptor> previous,
      boolean clearFirst)
      implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.write(descriptor, previous, clearFirst);
    }
  }

  /** Only the revision has changed. */
  record WriteRevision(InternalServerDescriptor descriptor) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.writeRevision(descriptor);
    }
  }

  /**
   * Remove the server's files, then give {@link ServerInput.Removed}, also if that fails.
   *
   * @param application that it belonged to, empty if it never was loaded
   * @param evenUserData otherwise a directory with user data stays
   */
  record Remove(String application, boolean evenUserData) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.remove(application, evenUserData);
    }
  }

  /** Ask the master whether all registries know this; then {@link ServerInput.ReplicationKnown}. */
  record AwaitReplication(long run, String uuid, int revision) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.awaitReplication(run, uuid, revision);
    }
  }

  /** Start the process: {@link ServerInput.Launched} or {@link ServerInput.LaunchFailed}. */
  record Launch(long run, InternalServerDescriptor descriptor) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.launch(run, descriptor);
    }
  }

  /** Ask the process to shut down; only a failure comes back. */
  record ShutDown(long run, EncodedProxy process) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.shutDown(run, process);
    }
  }

  /** Send SIGTERM; only a failure comes back. */
  record Terminate(long run) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.terminate(run);
    }
  }

  /** Send SIGKILL; only a failure comes back. */
  record Kill(long run) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.kill(run);
    }
  }

  /** Tell the process its new properties, then {@link ServerInput.PropertiesUpdated}. */
  record UpdateProperties(
      long update,
      InternalServerDescriptor before,
      InternalServerDescriptor after,
      EncodedProxy process)
      implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.updateProperties(update, before, after, process);
    }
  }

  /**
   * Answer an update check with {@link ServerAnswer.Updatable}, or with the reason why there is no
   * account for the descriptor's user.
   */
  record CheckAccount(CallerId caller, InternalServerDescriptor descriptor, boolean stopped)
      implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.checkAccount(caller, descriptor, stopped);
    }
  }

  /** There is an adapter now that registries may ask for. */
  record AdapterAdded(String adapterId) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.adapterAdded(adapterId);
    }
  }

  record AdapterRemoved(String adapterId) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.adapterRemoved(adapterId);
    }
  }

  /** Tell all registries. */
  record ServerChanged(ServerStatus status) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.serverChanged(status);
    }
  }

  /** Tell all registries. */
  record AdapterChanged(String adapterId, EncodedProxy proxy) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.adapterChanged(adapterId, proxy);
    }
  }

  /** Remember the running process for the next run of the node. */
  record Remember(RememberedRun remembered) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.remember(remembered);
    }
  }

  /** The process is gone. */
  record Forget() implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.forget();
    }
  }

  /** A line for the log. */
  record Report(Severity severity, String message) implements ServerOutput {
    @Override
    public void perform(ServerHost host) {
      host.report(severity, message);
    }
  }

  /** How much a {@link Report} matters; traces are levels of the trace properties. */
  enum Severity {
    ERROR,
    WARNING,
    ACTIVATOR_1,
    ACTIVATOR_2,
    ADAPTER_2,
    ADAPTER_3,
    SERVER_1,
    SERVER_2,
    SERVER_3
  }
}
