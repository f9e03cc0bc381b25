package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.ServerAnswer.Done;
import dev.firn.server.ServerAnswer.StartRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One input after the other, with the outputs that matter. */
final class ServerMachineTest {
  private static final ServerConfig CONFIG = ServerConfig.of(60, 0, false);

  private static final ServerView.AdapterView NO_ADAPTER =
      new ServerView.AdapterView(Servers.proxy("none"), true);

  private ServerMachine machine = machine(CONFIG);
  private final List<ServerOutput> out = new ArrayList<>();
  private long nowMillis;
  private long lastCaller;
  private long run;

  private static ServerMachine machine(ServerConfig config) {
    return new ServerMachine("s", Optional.empty(), config, new SplittableRandom(1));
  }

  private List<ServerOutput> step(ServerInput input) {
    List<ServerOutput> outputs = machine.step(nowMillis, input);
    out.addAll(outputs);
    return outputs;
  }

  private CallerId caller() {
    return new CallerId(++lastCaller);
  }

  private void load(InternalServerDescriptor descriptor) {
    step(new ServerInput.Load(caller(), descriptor, "Master", false));
    step(new ServerInput.Written(Optional.empty()));
  }

  private List<ServerOutput> tick() {
    nowMillis = machine.deadlineMillis().orElseThrow();
    return step(new ServerInput.Tick());
  }

  private CallerId start() {
    CallerId caller = caller();
    step(new ServerInput.Start(caller));
    return caller;
  }

  private void launched() {
    run++;
    step(new ServerInput.ReplicationKnown(run));
    step(new ServerInput.Launched(run, 100));
  }

  private void active() {
    launched();
    step(new ServerInput.SetProcess(caller(), Servers.proxy("p")));
    step(new ServerInput.SetDirectProxy(caller(), "a", Servers.proxy("a")));
  }

  private ServerAnswer answer(CallerId caller) {
    return out.stream()
        .filter(
            output -> output instanceof ServerOutput.Answer given && given.caller().equals(caller))
        .map(output -> ((ServerOutput.Answer) output).answer())
        .reduce(
            (first, second) -> {
              throw new AssertionError("answered twice: " + caller);
            })
        .orElseThrow(() -> new AssertionError("not answered: " + caller));
  }

  private ServerView.AdapterView adapterA() {
    return machine.view().adapters().getOrDefault("a", NO_ADAPTER);
  }

  private long count(Class<? extends ServerOutput> kind) {
    return out.stream().filter(kind::isInstance).count();
  }

  @Test
  void startIsAnsweredWhenTheServerIsComplete() {
    load(Servers.server("manual", 1));
    CallerId caller = start();
    launched();
    step(new ServerInput.SetProcess(caller(), Servers.proxy("p")));
    assertThat(machine.view().life()).isEqualTo(LifeState.WAIT_FOR_ACTIVATION);
    step(new ServerInput.SetDirectProxy(caller(), "a", Servers.proxy("a")));
    assertThat(answer(caller)).isEqualTo(new Done());
    assertThat(machine.view().status())
        .isEqualTo(new ServerStatus("s", ServerState.ACTIVE, 100, true));
  }

  @Test
  void serverThatRegistersNothingIsActiveOnceItRuns() {
    InternalServerDescriptor plain = Servers.server("manual", 1, "prog", "1", false, "");
    machine = machine(CONFIG);
    load(new WithoutAdapters(plain).descriptor());
    start();
    launched();
    assertThat(machine.view().life()).isEqualTo(LifeState.ACTIVE);
  }

  @Test
  void firstStartWaitsForTheOtherRegistriesButNotForEver() {
    load(Servers.server("manual", 1));
    start();
    assertThat(count(ServerOutput.Launch.class)).isZero();
    tick();
    assertThat(nowMillis).isEqualTo(5_000);
    assertThat(count(ServerOutput.Launch.class)).isEqualTo(1);
  }

  @Test
  void timeOutOfAProcessThatIsNotThereYetIsNotLost() {
    load(Servers.server("manual", 1));
    CallerId caller = start();
    step(new ServerInput.ReplicationKnown(1));
    tick();
    assertThat(answer(caller)).isEqualTo(new StartRefused("The server activation timed out."));
    step(new ServerInput.Launched(1, 100));
    assertThat(machine.view().life()).isEqualTo(LifeState.ACTIVATION_TIMEOUT);
    assertThat(adapterA().activatable()).isFalse();
  }

  @Test
  void stopWaitsForTheProcessObjectAndKillsInTheEnd() {
    load(Servers.server("manual", 1));
    start();
    launched();
    CallerId caller = caller();
    step(new ServerInput.Stop(caller));
    assertThat(machine.view().life()).isEqualTo(LifeState.DEACTIVATING_WAIT_FOR_PROCESS);
    List<ServerOutput> told = step(new ServerInput.SetProcess(caller(), Servers.proxy("p")));
    assertThat(told).contains(new ServerOutput.ShutDown(1, Servers.proxy("p")));
    assertThat(tick())
        .contains(
            new ServerOutput.Report(
                ServerOutput.Severity.WARNING, "server `s' did not stop in 3 seconds, killed"),
            new ServerOutput.Kill(1));
    step(new ServerInput.Exited(1, ProcessExit.signal(9)));
    assertThat(answer(caller)).isEqualTo(new Done());
  }

  @Test
  void stopBeforeTheLaunchNeedsNone() {
    load(Servers.server("manual", 1));
    CallerId starts = start();
    CallerId stops = caller();
    step(new ServerInput.Stop(stops));
    assertThat(answer(starts)).isEqualTo(new StartRefused("The server is being deactivated."));
    assertThat(answer(stops)).isEqualTo(new Done());
    assertThat(count(ServerOutput.Launch.class)).isZero();
    step(new ServerInput.ReplicationKnown(1));
    assertThat(count(ServerOutput.Launch.class)).isZero();
  }

  @Test
  void alwaysComesBackMoreAndMoreSlowlyAndIsNeverDisabled() {
    load(Servers.server("always", 1));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      long before = nowMillis;
      tick();
      pauses.add(nowMillis - before);
      run++;
      step(new ServerInput.ReplicationKnown(run));
      step(new ServerInput.LaunchFailed(run, "cannot execute"));
      assertThat(machine.view().status().enabled()).isTrue();
      assertThat(machine.view().failures()).isEqualTo(i + 1);
    }
    assertThat(pauses).startsWith(500L, 500L);
    for (int i = 2; i < pauses.size(); i++) {
      long base = Math.min(500L << (i - 1), 60_000);
      assertThat(pauses.get(i)).isBetween(base, base + base / 4);
    }
    assertThat(adapterA().activatable()).isFalse();
    assertThat(machine.view().lastFailure()).isEqualTo("cannot execute");
  }

  @Test
  void startAndEnableClearTheBackOff() {
    load(Servers.server("always", 1));
    for (int i = 0; i < 4; i++) {
      tick();
      run++;
      step(new ServerInput.ReplicationKnown(run));
      step(new ServerInput.LaunchFailed(run, "cannot execute"));
    }
    step(new ServerInput.SetEnabled(caller(), true));
    assertThat(machine.view().failures()).isZero();
    assertThat(machine.view().life()).isEqualTo(LifeState.ACTIVATING);
    run++;
    step(new ServerInput.LaunchFailed(run, "cannot execute"));
    tick();
    run++;
    step(new ServerInput.LaunchFailed(run, "cannot execute"));
    start();
    assertThat(machine.view().failures()).isZero();
  }

  @Test
  void healthyRunForgetsFailures() {
    load(Servers.server("always", 1));
    for (int i = 0; i < 3; i++) {
      tick();
      active();
      nowMillis += 20_000;
      step(new ServerInput.Exited(run, ProcessExit.signal(11)));
      assertThat(machine.view().failures()).isEqualTo(1);
    }
  }

  @Test
  void failedServerIsDisabledForATime() {
    machine = machine(ServerConfig.of(60, 3, false));
    load(Servers.server("on-demand", 1));
    start();
    active();
    step(new ServerInput.Exited(run, ProcessExit.code(1)));
    assertThat(machine.view().status().enabled()).isFalse();
    tick();
    assertThat(nowMillis).isEqualTo(3_500);
    assertThat(machine.view().status().enabled()).isTrue();
    assertThat(out.get(out.size() - 1))
        .isEqualTo(
            new ServerOutput.ServerChanged(new ServerStatus("s", ServerState.INACTIVE, 0, true)));
  }

  @Test
  void failedServerIsDisabledForGood() {
    machine = machine(ServerConfig.of(60, -1, false));
    load(Servers.server("always", 1));
    tick();
    active();
    step(new ServerInput.Exited(run, ProcessExit.code(1)));
    assertThat(machine.deadlineMillis()).isEmpty();
    assertThat(answer(start())).isEqualTo(new StartRefused("The server is disabled."));
    load(Servers.server("always", 2, "other", "1", true, ""));
    assertThat(machine.view().status().enabled()).isTrue();
  }

  @Test
  void clientThatComesWhileTheServerStopsGetsTheNextProcess() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    step(new ServerInput.SetDirectProxy(caller(), "a", EncodedProxy.NULL));
    assertThat(machine.view().life()).isEqualTo(LifeState.DEACTIVATING);
    CallerId client = caller();
    step(new ServerInput.Activate(client, "a"));
    step(new ServerInput.Exited(run, ProcessExit.code(0)));
    run++;
    step(new ServerInput.Launched(run, 101));
    step(new ServerInput.SetProcess(caller(), Servers.proxy("p2")));
    step(new ServerInput.SetDirectProxy(caller(), "a", Servers.proxy("a2")));
    assertThat(answer(client)).isEqualTo(new ServerAnswer.Proxy(Servers.proxy("a2")));
  }

  @Test
  void disabledServerHidesItsAdaptersAndRunsOn() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    step(new ServerInput.SetEnabled(caller(), false));
    assertThat(adapterA().proxy()).isEqualTo(EncodedProxy.NULL);
    assertThat(machine.view().status().pid()).isEqualTo(100);
    step(new ServerInput.SetEnabled(caller(), true));
    assertThat(adapterA().proxy()).isEqualTo(Servers.proxy("a"));
  }

  @Test
  void activeAdapterKeepsItsProxy() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    CallerId other = caller();
    step(new ServerInput.SetDirectProxy(other, "a", Servers.proxy("other")));
    assertThat(answer(other)).isEqualTo(new ServerAnswer.AdapterActive());
  }

  @Test
  void propertiesReachARunningServerAndTheFilesLater() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    CallerId loads = caller();
    InternalServerDescriptor update = Servers.server("on-demand", 2, "prog", "2", true, "");
    step(new ServerInput.Load(loads, update, "Master", true));
    assertThat(out.get(out.size() - 1)).isInstanceOf(ServerOutput.UpdateProperties.class);
    step(new ServerInput.PropertiesUpdated(1, Optional.empty()));
    assertThat(answer(loads)).isInstanceOf(ServerAnswer.Loaded.class);
    assertThat(count(ServerOutput.Write.class)).isEqualTo(1);
    step(new ServerInput.Exited(run, ProcessExit.code(0)));
    assertThat(out)
        .contains(
            new ServerOutput.Write(update, Optional.of(Servers.server("on-demand", 1)), false));
  }

  @Test
  void updateThatNeedsARestartIsRefusedWithoutOne() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    InternalServerDescriptor update = Servers.server("on-demand", 2, "other", "1", true, "");
    CallerId loads = caller();
    step(new ServerInput.Load(loads, update, "Master", true));
    assertThat(answer(loads))
        .isEqualTo(new ServerAnswer.DeploymentRefused("update requires server to be stopped"));
    CallerId checks = caller();
    step(new ServerInput.CheckUpdate(checks, Optional.of(update), true));
    assertThat(answer(checks))
        .isEqualTo(new ServerAnswer.DeploymentRefused("update requires server to be stopped"));
  }

  @Test
  void slaveHasToKnowTheSameRevision() {
    load(Servers.server("on-demand", 3));
    CallerId old = caller();
    step(new ServerInput.Load(old, Servers.server("on-demand", 2), "Replica", false));
    assertThat(answer(old))
        .isEqualTo(
            new ServerAnswer.DeploymentRefused(
                "server from replica `Replica' has a different version:\n"
                    + "current revision: 3\nreplica revision: 2"));
    CallerId same = caller();
    step(new ServerInput.Load(same, Servers.server("on-demand", 3), "Replica", false));
    assertThat(answer(same)).isInstanceOf(ServerAnswer.Loaded.class);
    assertThat(count(ServerOutput.Write.class)).isEqualTo(1);
  }

  private CallerId loadFrom(String replica, int revision) {
    CallerId caller = caller();
    step(new ServerInput.Load(caller, Servers.server("on-demand", revision), replica, false));
    return caller;
  }

  @Test
  void slaveThatKnowsMoreThanTheNodeWaitsForTheMaster() {
    load(Servers.server("on-demand", 3));
    CallerId slave = loadFrom("Replica", 4);
    CallerId otherSlave = loadFrom("Other", 5);
    assertThat(count(ServerOutput.Answer.class)).isEqualTo(1);
    CallerId master = loadFrom("Master", 4);
    assertThat(answer(slave)).isInstanceOf(ServerAnswer.Loaded.class);
    assertThat(answer(master)).isInstanceOf(ServerAnswer.Loaded.class);
    assertThat(machine.deadlineMillis()).isPresent();
    loadFrom("Master", 6);
    assertThat(answer(otherSlave)).isInstanceOf(ServerAnswer.DeploymentRefused.class);
    assertThat(machine.deadlineMillis()).isEmpty();
  }

  @Test
  void slaveThatKnowsMoreThanTheNodeIsRefusedIfTheMasterIsSilent() {
    load(Servers.server("on-demand", 3));
    CallerId slave = loadFrom("Replica", 4);
    tick();
    assertThat(nowMillis).isEqualTo(CONFIG.earlyLoadWaitMillis());
    assertThat(answer(slave))
        .isEqualTo(
            new ServerAnswer.DeploymentRefused(
                "server from replica `Replica' has a different version:\n"
                    + "current revision: 3\nreplica revision: 4"));
    assertThat(machine.view().descriptor()).contains(Servers.server("on-demand", 3));
  }

  @Test
  void everySlaveThatIsEarlyWaitsItsOwnTime() {
    load(Servers.server("on-demand", 3));
    CallerId first = loadFrom("Replica", 4);
    nowMillis = 1_000;
    CallerId second = loadFrom("Other", 4);
    tick();
    assertThat(answer(first)).isInstanceOf(ServerAnswer.DeploymentRefused.class);
    assertThat(machine.deadlineMillis()).hasValue(1_000 + CONFIG.earlyLoadWaitMillis());
    loadFrom("Master", 4);
    assertThat(answer(second)).isInstanceOf(ServerAnswer.Loaded.class);
  }

  @Test
  void slaveWaitsAlsoWhereOnlyFilesAreKnown() {
    machine =
        new ServerMachine(
            "s", Optional.of(new ServerRevision("uuid", 3)), CONFIG, new SplittableRandom(1));
    CallerId slave = loadFrom("Replica", 4);
    assertThat(machine.view().isUnused()).isFalse();
    loadFrom("Master", 4);
    step(new ServerInput.Written(Optional.empty()));
    assertThat(answer(slave)).isInstanceOf(ServerAnswer.Loaded.class);
  }

  @Test
  void slaveWaitsOnWhileTheServerEnds() {
    load(Servers.server("on-demand", 3));
    start();
    active();
    CallerId slave = loadFrom("Replica", 4);
    step(new ServerInput.Exited(run, ProcessExit.code(0)));
    tick();
    assertThat(answer(slave)).isInstanceOf(ServerAnswer.DeploymentRefused.class);
  }

  @Test
  void slaveThatWaitsForTheMasterIsToldOfARemoval() {
    load(Servers.server("on-demand", 3));
    CallerId slave = loadFrom("Replica", 4);
    step(new ServerInput.Destroy(caller(), "uuid", 3, "Master", false));
    assertThat(answer(slave))
        .isEqualTo(new ServerAnswer.DeploymentRefused(FilesLife.BEING_DESTROYED));
    assertThat(machine.deadlineMillis()).isEmpty();
  }

  @Test
  void removedServerWhoseProcessEndsLateIsRemovedThen() {
    load(Servers.server("always", 1));
    tick();
    active();
    CallerId destroys = caller();
    step(new ServerInput.Destroy(destroys, "uuid", 1, "Master", false));
    tick();
    tick();
    assertThat(answer(destroys)).isInstanceOf(ServerAnswer.DeploymentRefused.class);
    step(new ServerInput.Exited(run, ProcessExit.signal(9)));
    assertThat(out.get(out.size() - 2)).isEqualTo(new ServerOutput.Remove("app", false));
    step(new ServerInput.Removed());
    assertThat(machine.view().life()).isEqualTo(LifeState.DESTROYED);
  }

  @Test
  void whatTheNextRunHasToKnowIsWrittenBeforeAnybodyIsTold() {
    load(Servers.server("on-demand", 1));
    start();
    launched();
    step(new ServerInput.SetProcess(caller(), Servers.proxy("p")));
    CallerId registers = caller();
    List<ServerOutput> told =
        step(new ServerInput.SetDirectProxy(registers, "a", Servers.proxy("a")));
    assertThat(answer(registers)).isInstanceOf(ServerAnswer.Done.class);
    assertThat(told.get(0))
        .isInstanceOfSatisfying(
            ServerOutput.Remember.class,
            first -> {
              assertThat(first.remembered().state()).isEqualTo(ServerState.ACTIVE);
              assertThat(first.remembered().adapters()).containsEntry("a", Servers.proxy("a"));
            });
  }

  @Test
  void filesAreKnownToBeOldOnceTheProcessHasTakenAnUpdateThatAnotherFollows() {
    load(Servers.server("on-demand", 1));
    start();
    active();
    InternalServerDescriptor update = Servers.server("on-demand", 2, "prog", "2", true, "");
    step(new ServerInput.Load(caller(), update, "Master", true));
    step(
        new ServerInput.Load(
            caller(), Servers.server("on-demand", 3, "prog", "3", true, ""), "Master", true));
    List<ServerOutput> told = step(new ServerInput.PropertiesUpdated(1, Optional.empty()));
    assertThat(told)
        .anySatisfy(
            output -> {
              assertThat(output).isInstanceOf(ServerOutput.Remember.class);
              RememberedRun now = ((ServerOutput.Remember) output).remembered();
              assertThat(now.descriptor()).isEqualTo(update);
              assertThat(now.filesOutdated()).isTrue();
            });
  }

  @Test
  void updateWithoutProcessObjectIsNoFailure() {
    load(new WithoutAdapters(Servers.server("manual", 1, "prog", "1", false, "")).descriptor());
    start();
    launched();
    CallerId loads = caller();
    step(
        new ServerInput.Load(
            loads,
            new WithoutAdapters(Servers.server("manual", 2, "prog", "2", false, "")).descriptor(),
            "Master",
            true));
    assertThat(answer(loads)).isInstanceOf(ServerAnswer.Loaded.class);
  }

  @Test
  void loadThatMeetsARemovalIsToBeRepeated() {
    load(Servers.server("on-demand", 1));
    CallerId destroys = caller();
    step(new ServerInput.Destroy(destroys, "uuid", 1, "Master", false));
    CallerId loads = caller();
    step(new ServerInput.Load(loads, Servers.server("on-demand", 2), "Master", false));
    step(new ServerInput.Removed());
    assertThat(answer(destroys)).isEqualTo(new Done());
    assertThat(answer(loads)).isEqualTo(new ServerAnswer.Gone());
    assertThat(machine.view().life()).isEqualTo(LifeState.DESTROYED);
  }

  @Test
  void nodeThatEndsStopsTheServerAndStartsNothing() {
    load(Servers.server("always", 1));
    tick();
    active();
    CallerId node = caller();
    step(new ServerInput.NodeShutdown(node));
    CallerId client = caller();
    step(new ServerInput.Activate(client, "a"));
    step(new ServerInput.Exited(run, ProcessExit.code(0)));
    assertThat(answer(node)).isEqualTo(new Done());
    assertThat(machine.deadlineMillis()).isEmpty();
    assertThat(answer(start())).isEqualTo(new StartRefused("The node is being shutdown."));
  }

  @Test
  void runningProcessIsAdopted() {
    TreeMap<String, EncodedProxy> adapters = new TreeMap<>();
    adapters.put("a", Servers.proxy("a"));
    InternalServerDescriptor descriptor = Servers.server("on-demand", 4);
    step(
        new ServerInput.Adopted(
            new RememberedRun(descriptor, ServerState.ACTIVE, Servers.proxy("p"), adapters, false),
            77));
    assertThat(machine.view().status())
        .isEqualTo(new ServerStatus("s", ServerState.ACTIVE, 77, true));
    CallerId loads = caller();
    step(new ServerInput.Load(loads, descriptor, "Master", false));
    assertThat(answer(loads)).isInstanceOf(ServerAnswer.Loaded.class);
    assertThat(count(ServerOutput.Write.class)).isZero();
    step(new ServerInput.Exited(1, ProcessExit.UNKNOWN));
    assertThat(machine.view().life()).isEqualTo(LifeState.INACTIVE);
    assertThat(out.get(out.size() - 1)).isEqualTo(new ServerOutput.Forget());
  }

  /** The same server without adapters. */
  private record WithoutAdapters(InternalServerDescriptor of) {
    InternalServerDescriptor descriptor() {
      return new InternalServerDescriptor(
          of.id(),
          of.application(),
          of.uuid(),
          of.revision(),
          of.sessionId(),
          of.exe(),
          of.pwd(),
          of.user(),
          of.activation(),
          of.activationTimeout(),
          of.deactivationTimeout(),
          of.applicationDistrib(),
          of.distrib(),
          of.processRegistered(),
          of.options(),
          of.envs(),
          of.logs(),
          List.of(),
          of.dbEnvs(),
          of.properties(),
          of.services());
    }
  }
}
