package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerOutput.Severity;
import dev.firn.server.ServerTimers.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a server: how it is loaded, updated, patched and destroyed. */
final class FilesLife {
  static final String BEING_DESTROYED = "The server is being destroyed.";

  private final Life life;
  private final Outputs out;
  private final ProcessLife process;
  private final Optional<ServerRevision> stored;

  /** To be written once the server is inactive. */
  private Pending.@Nullable Load load;

  /** Being written. */
  private Pending.@Nullable Load loading;

  private Pending.@Nullable Destroy destroy;
  private Pending.@Nullable Patch patch;

  /** Loads of registries that know a newer revision before the master has said anything. */
  private final List<Early> early = new ArrayList<>();

  /** Loads that come too late for this server. */
  private final List<CallerId> tooLate = new ArrayList<>();

  private record Early(ServerInput.Load load, long untilMillis) {}

  /** Whether the running process has taken over what its files do not say yet. */
  private boolean outdated;

  /** Whether even what is known as loaded is not in the files: its node died before. */
  private boolean adoptedOutdated;

  private long update;
  private @Nullable InternalServerDescriptor updating;
  private final List<CallerId> waitForUpdate = new ArrayList<>();

  /**
   * @param stored which revision the files are of that an earlier run of the node left
   */
  FilesLife(Life life, ProcessLife process, Optional<ServerRevision> stored) {
    this.life = life;
    this.out = life.out;
    this.process = process;
    this.stored = stored;
  }

  /** Whether the files are older than what the process runs with. */
  boolean isOutdated() {
    return outdated;
  }

  /** Whether there is nothing here: no server, and nobody who wants one. */
  boolean isUnused() {
    return life.loaded().isEmpty()
        && load == null
        && loading == null
        && destroy == null
        && early.isEmpty();
  }

  private Optional<InternalServerDescriptor> latest() {
    if (load != null) {
      return Optional.of(load.descriptor);
    }
    return loading != null ? Optional.of(loading.descriptor) : life.loaded();
  }

  private Optional<ServerRevision> known() {
    return latest().map(ServerRevision::of).or(() -> stored);
  }

  private Optional<String> otherRevision(String uuid, int revision, String replica) {
    return LoadRules.otherRevision(known(), uuid, revision, replica);
  }

  // Load.

  void load(ServerInput.Load input) {
    CallerId caller = input.caller();
    InternalServerDescriptor wanted = input.descriptor();
    if (life.is(LifeState.DESTROYED)) {
      out.answer(caller, new ServerAnswer.Gone());
      return;
    } else if (life.is(LifeState.DESTROYING)) {
      tooLate.add(caller);
      return;
    }
    if (LoadRules.isEarly(known(), input)) {
      early.add(new Early(input, life.nowMillis() + life.config.earlyLoadWaitMillis()));
      return;
    }
    Optional<String> refusal = otherRevision(wanted.uuid(), wanted.revision(), input.replica());
    if (refusal.isPresent()) {
      out.answer(caller, new ServerAnswer.DeploymentRefused(refusal.get()));
      return;
    }
    Optional<InternalServerDescriptor> known = latest();
    if (known.isPresent() && destroy == null && isSame(known.get(), wanted, input.replica())) {
      same(caller, known.get(), wanted);
      return;
    }
    if (life.state().isUp() && !process.isStopPending()) {
      if (input.noRestart()) {
        refusal = LoadRules.restartNeeded(process.running().or(life::loaded).orElseThrow(), wanted);
        if (refusal.isPresent()) {
          out.answer(caller, new ServerAnswer.DeploymentRefused(refusal.get()));
          return;
        }
      } else {
        process.queueStop();
      }
    }
    queueLoad(caller, wanted);
  }

  /** Goes on with loads that are early no longer: the node knows what they speak of, or newer. */
  boolean earlyNext() {
    List<Early> ready =
        early.stream().filter(each -> !LoadRules.isEarly(known(), each.load())).toList();
    early.removeAll(ready);
    if (early.isEmpty()) {
      life.timers.cancel(Timer.EARLY);
    } else {
      life.timers.set(Timer.EARLY, early.get(0).untilMillis());
    }
    ready.forEach(each -> load(each.load()));
    return !ready.isEmpty();
  }

  /** The master did not confirm them in time: it may be gone, or does not know this node. */
  void earlyTimedOut() {
    List<ServerInput.Load> refused =
        early.stream()
            .filter(each -> each.untilMillis() <= life.nowMillis())
            .map(Early::load)
            .toList();
    early.removeIf(each -> each.untilMillis() <= life.nowMillis());
    for (ServerInput.Load each : refused) {
      InternalServerDescriptor wanted = each.descriptor();
      otherRevision(wanted.uuid(), wanted.revision(), each.replica())
          .ifPresentOrElse(
              reason -> out.answer(each.caller(), new ServerAnswer.DeploymentRefused(reason)),
              () -> load(each));
    }
  }

  private static boolean isSame(
      InternalServerDescriptor known, InternalServerDescriptor wanted, String replica) {
    boolean sameSession = known.sessionId().equals(wanted.sessionId());
    return (sameSession || !LoadRules.isMaster(replica)) && !LoadRules.isUpdate(known, wanted);
  }

  /** The descriptor is known already, maybe as another revision of its application. */
  private void same(
      CallerId caller, InternalServerDescriptor known, InternalServerDescriptor wanted) {
    boolean otherRevision = known.revision() != wanted.revision();
    if (load == null && loading != null) {
      if (otherRevision) {
        queueLoad(caller, wanted);
      } else {
        loading.callers.add(caller);
      }
      return;
    }
    if (otherRevision) {
      if (load == null) {
        life.loaded(wanted);
      } else {
        load.descriptor = wanted;
      }
      if (process.running().isPresent() && (load == null || load.applied)) {
        process.running(wanted);
      }
      out.add(new ServerOutput.WriteRevision(wanted));
    }
    if (load == null) {
      out.answer(caller, loaded(wanted));
    } else {
      answerInTime(load, caller);
    }
  }

  private void queueLoad(CallerId caller, InternalServerDescriptor wanted) {
    if (load == null) {
      load = new Pending.Load(wanted);
    } else {
      load.descriptor = wanted;
      load.applied = false;
    }
    if (destroy != null) {
      load.clearFirst = destroy.evenUserData;
      out.answerAll(destroy.callers, new ServerAnswer.Done());
      destroy = null;
    }
    answerInTime(load, caller);
  }

  /** Answers when the files are written; earlier where the server, or its start, would wait too. */
  private void answerInTime(Pending.Load command, CallerId caller) {
    LifeState state = life.state();
    if (process.isStopPending() || !state.isUp()) {
      command.callers.add(caller);
    } else if (state != LifeState.ACTIVE || command.applied) {
      out.answer(caller, loaded(command.descriptor));
    } else {
      waitForUpdate.add(caller);
    }
  }

  /** Writes what is to be written; called while the server is inactive. */
  boolean loadNext() {
    if (load == null) {
      return false;
    }
    loading = load;
    load = null;
    life.enter(LifeState.LOADING);
    out.add(new ServerOutput.Write(loading.descriptor, life.loaded(), loading.clearFirst));
    return true;
  }

  void written(Optional<String> failure) {
    if (loading == null) {
      return;
    }
    Pending.Load done = loading;
    loading = null;
    life.enter(LifeState.INACTIVE);
    outdated = false;
    if (failure.isPresent()) {
      out.answerAll(done.callers, new ServerAnswer.DeploymentRefused(failure.get()));
      if (adoptedOutdated) {
        life.notLoaded();
      }
      if (life.loaded().isEmpty() && load == null && destroy == null) {
        destroy = new Pending.Destroy(false);
      }
    } else {
      adoptedOutdated = false;
      life.loaded(done.descriptor);
      process.descriptorChanged();
      life.adapters.loaded(done.descriptor);
      life.enablement.loaded(mode(done.descriptor));
      life.publish();
      out.report(Severity.SERVER_1, "updated configuration for server `" + life.id + "'");
      out.answerAll(done.callers, loaded(done.descriptor));
    }
    process.restarts().schedule();
  }

  private ActivationMode mode(InternalServerDescriptor descriptor) {
    return ActivationMode.of(descriptor.activation())
        .orElseGet(
            () -> {
              out.report(
                  Severity.WARNING,
                  "unknown activation mode `"
                      + descriptor.activation()
                      + "' for server `"
                      + life.id
                      + "'");
              return ActivationMode.MANUAL;
            });
  }

  private ServerAnswer.Loaded loaded(InternalServerDescriptor descriptor) {
    return new ServerAnswer.Loaded(
        descriptor.adapters().stream().map(InternalServerDescriptor.Adapter::id).toList(),
        life.config.timeoutSeconds(descriptor.activationTimeout()),
        life.config.timeoutSeconds(descriptor.deactivationTimeout()));
  }

  /** Takes over the files of a process that was started by an earlier run of the node. */
  void adopt(RememberedRun remembered) {
    life.loaded(remembered.descriptor());
    life.adapters.loaded(remembered.descriptor());
    life.enablement.loaded(mode(remembered.descriptor()));
    outdated = remembered.filesOutdated();
    adoptedOutdated = outdated;
    if (outdated) {
      queueApplied(remembered.descriptor());
    }
  }

  /** The files are to become what the process runs with already. */
  private void queueApplied(InternalServerDescriptor descriptor) {
    Pending.Load command = new Pending.Load(descriptor);
    command.applied = true;
    load = command;
  }

  // Run-time update.

  /** Tells a running process what has changed; the files are written when it has ended. */
  boolean updateNext() {
    if (!life.is(LifeState.ACTIVE)) {
      update = updating == null ? update : update + 1;
      updating = null;
      if (load != null) {
        load.callers.addAll(waitForUpdate);
        waitForUpdate.clear();
      }
      return false;
    }
    if (load == null || load.applied || updating != null || process.isStopPending()) {
      return false;
    }
    if (process.process().isNull()) {
      // Nobody can tell the process; it reads the files when it is started next.
      outdated = true;
      updated(load, Optional.empty());
      return true;
    }
    update++;
    updating = load.descriptor;
    life.timers.set(Timer.UPDATE, life.nowMillis() + life.config.updateWaitMillis());
    out.add(
        new ServerOutput.UpdateProperties(
            update, process.running().orElseThrow(), load.descriptor, process.process()));
    return true;
  }

  void propertiesUpdated(long number, Optional<String> failure) {
    if (number != update || updating == null || load == null || !life.is(LifeState.ACTIVE)) {
      return;
    }
    life.timers.cancel(Timer.UPDATE);
    InternalServerDescriptor told = updating;
    updating = null;
    outdated = true;
    process.running(told);
    if (!LoadRules.isUpdate(told, load.descriptor)) {
      updated(load, failure);
    }
  }

  private void updated(Pending.Load command, Optional<String> failure) {
    command.applied = true;
    process.running(command.descriptor);
    out.add(new ServerOutput.WriteRevision(command.descriptor));
    if (failure.isEmpty()) {
      out.report(Severity.SERVER_1, "updated runtime properties for server `" + life.id + "'");
    }
    out.answerAll(
        waitForUpdate,
        failure.isPresent()
            ? new ServerAnswer.UpdateFailed(failure.get())
            : loaded(command.descriptor));
  }

  void updateTimedOut() {
    propertiesUpdated(update, Optional.of("server `" + life.id + "' does not answer"));
  }

  // Update check.

  void checkUpdate(ServerInput.CheckUpdate input) {
    CallerId caller = input.caller();
    Optional<InternalServerDescriptor> known = latest();
    boolean stopped = !life.state().isRunning();
    if (life.state().isGone()) {
      out.answer(caller, new ServerAnswer.Gone());
    } else if (known.isEmpty()) {
      out.answer(caller, new ServerAnswer.DeploymentRefused("server not loaded"));
    } else if (input.descriptor().isEmpty()) {
      boolean up = !stopped && !process.isStopPending();
      out.answer(
          caller,
          input.noRestart() && up
              ? new ServerAnswer.DeploymentRefused("the server is running")
              : new ServerAnswer.Updatable(true));
    } else if (!LoadRules.isUpdate(known.get(), input.descriptor().get())) {
      out.answer(caller, new ServerAnswer.Updatable(stopped));
    } else {
      Optional<String> refusal =
          input.noRestart() && !stopped
              ? LoadRules.restartNeeded(
                  process.running().or(life::loaded).orElseThrow(), input.descriptor().get())
              : Optional.empty();
      out.add(
          refusal.isPresent()
              ? new ServerOutput.Answer(caller, new ServerAnswer.DeploymentRefused(refusal.get()))
              : new ServerOutput.CheckAccount(caller, input.descriptor().get(), stopped));
    }
  }

  // Destroy.

  void destroy(ServerInput.Destroy input) {
    CallerId caller = input.caller();
    if (life.is(LifeState.DESTROYED)) {
      out.answer(caller, new ServerAnswer.Gone());
      return;
    } else if (life.is(LifeState.DESTROYING)) {
      if (destroy != null) {
        destroy.callers.add(caller);
      }
      return;
    }
    Optional<String> refusal = otherRevision(input.uuid(), input.revision(), input.replica());
    if (refusal.isEmpty() && life.state().isUp() && !process.isStopPending()) {
      if (input.noRestart()) {
        refusal = Optional.of("removal requires server to be stopped");
      } else {
        process.queueStop();
      }
    }
    if (refusal.isPresent()) {
      out.answer(caller, new ServerAnswer.DeploymentRefused(refusal.get()));
      return;
    }
    // What this node does not know it leaves alone, if somebody else has put something there.
    boolean evenUserData = !input.uuid().isEmpty() && latest().isPresent();
    if (destroy == null) {
      destroy = new Pending.Destroy(evenUserData);
    } else {
      destroy.evenUserData |= evenUserData;
    }
    destroy.callers.add(caller);
  }

  /** Removes what is to be removed; called while the server is inactive. */
  boolean destroyNext() {
    if (destroy == null) {
      return false;
    }
    if (load != null) {
      out.answerAll(load.callers, new ServerAnswer.DeploymentRefused(BEING_DESTROYED));
      load = null;
    }
    if (patch != null) {
      out.answerAll(patch.callers, new ServerAnswer.Gone());
      patch = null;
    }
    early.forEach(
        each ->
            out.answer(each.load().caller(), new ServerAnswer.DeploymentRefused(BEING_DESTROYED)));
    early.clear();
    process.failStart(BEING_DESTROYED);
    life.adapters.giveUpAll(BEING_DESTROYED);
    life.enter(LifeState.DESTROYING);
    out.add(
        new ServerOutput.Remove(
            life.loaded().map(InternalServerDescriptor::application).orElse(""),
            destroy.evenUserData));
    return true;
  }

  void removed() {
    if (destroy == null || !life.is(LifeState.DESTROYING)) {
      return;
    }
    life.enter(LifeState.DESTROYED);
    life.adapters.removeAll();
    out.answerAll(destroy.callers, new ServerAnswer.Done());
    out.answerAll(tooLate, new ServerAnswer.Gone());
    destroy = null;
  }

  // Patch.

  void patch(CallerId caller, boolean shutdown) {
    if (life.state().isGone()) {
      out.answer(caller, new ServerAnswer.Gone());
      return;
    }
    if (life.state().isUp() && !process.isStopPending()) {
      if (!shutdown) {
        out.answer(caller, new ServerAnswer.PatchRefused());
        return;
      }
      process.queueStop();
    }
    if (patch == null) {
      patch = new Pending.Patch();
    }
    patch.callers.add(caller);
  }

  /** Gives the files away; called while the server is inactive. */
  boolean patchNext() {
    if (patch == null) {
      return false;
    }
    life.enter(LifeState.PATCHING);
    out.answerAll(patch.callers, new ServerAnswer.Done());
    patch = null;
    return true;
  }

  void patched() {
    if (life.is(LifeState.PATCHING)) {
      life.enter(LifeState.INACTIVE);
      process.restarts().schedule();
    }
  }

  /**
   * The process cannot be ended: nobody is told any more. What is new is not done later either; a
   * removed server goes once its process does, else it would come back, but its data stay.
   */
  void giveUp(String reason) {
    if (load != null) {
      out.answerAll(load.callers, new ServerAnswer.DeploymentRefused(reason));
      load = null;
      // Files that lack what the process has taken over already are still to be written.
      process.running().filter(running -> outdated).ifPresent(this::queueApplied);
    }
    if (destroy != null) {
      out.answerAll(destroy.callers, new ServerAnswer.DeploymentRefused(reason));
      destroy.evenUserData = false;
    }
    if (patch != null) {
      out.answerAll(patch.callers, new ServerAnswer.PatchRefused());
      patch = null;
    }
  }
}
