package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A node with one server in simulated time: its disk, its processes, and registries whose messages
 * may be late or lost. Everything random comes from the seed.
 *
 * <p>Checked after every event: at most one process; each caller answered once, rightly and in
 * time; registries told of what is; no transition outside of the table.
 */
final class ServerWorld implements ServerHost {
  static final ServerConfig CONFIG =
      new ServerConfig(60, 0, false, 500, 8_000, 10_000, 4_000, 5_000, 3_000, 2_000);

  /** Replication, two writes, a stop with its kills, a start: twice, as commands may queue up. */
  private static final long PATIENCE_MILLIS =
      2 * (4_000 + 3_000 + 5_000 + 3_000 + 2_000 + 5_000 + 8_000);

  private static final Pattern KNOWN_REVISION = Pattern.compile("current revision: (\\d+)");

  static final boolean TRACE = Boolean.getBoolean("firn.server.trace");
  private static final long EVENTS_MAX = 20_000;

  final SplittableRandom random;
  final List<String> trace = new ArrayList<>();
  private final ServerMutant mutant;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
  private final Map<CallerId, Asked> asked =
      new TreeMap<>(Comparator.comparingLong(CallerId::value));
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private long nowMillis;
  private long lastOrder;
  private long lastCaller;

  // The node's disk.
  private Optional<ServerRevision> stored = Optional.empty();
  private @Nullable RememberedRun remembered;
  private @Nullable SimulatedProcess rememberedProcess;

  // The node's process.
  private int life;
  private @Nullable ServerMachine machine;
  private @Nullable SimulatedProcess process;
  private LifeState state = LifeState.INACTIVE;
  private OptionalLong timer = OptionalLong.empty();
  private boolean performing;
  private final List<ServerInput> outcomes = new ArrayList<>();

  // What registries were told last.
  private @Nullable ServerStatus told;
  private final Map<String, EncodedProxy> toldAdapters = new TreeMap<>();

  private boolean faults = true;
  private InternalServerDescriptor deployed = Servers.server("on-demand", 1);

  private record Event(long atMillis, long order, Runnable action) {}

  private record Asked(ServerInput input, long atMillis, int life) {}

  ServerWorld(long seed, ServerMutant mutant) {
    random = new SplittableRandom(seed);
    this.mutant = mutant;
    boot();
  }

  // Time.

  void run(long millis) {
    long until = nowMillis + millis;
    long left = EVENTS_MAX;
    while (!events.isEmpty() && events.peek().atMillis() <= until) {
      require(left-- > 0, () -> "no end of events at " + nowMillis);
      Event event = events.remove();
      nowMillis = event.atMillis();
      event.action().run();
      check();
    }
    nowMillis = until;
    check();
  }

  void after(long millis, Runnable action) {
    events.add(new Event(nowMillis + millis, lastOrder++, action));
  }

  long between(long min, long max) {
    return min + random.nextLong(max - min + 1);
  }

  boolean chance(int percent) {
    return faults && random.nextInt(100) < percent;
  }

  void log(String what) {
    if (TRACE) {
      trace.add(nowMillis + " " + what);
    }
  }

  // The node.

  private void boot() {
    life++;
    log("node starts");
    machine = new ServerMachine("s", stored, CONFIG, random.split());
    state = LifeState.INACTIVE;
    timer = OptionalLong.empty();
    told = null;
    toldAdapters.clear();
    RememberedRun run = remembered;
    SimulatedProcess old = rememberedProcess;
    if (run != null && old != null && old.isAlive()) {
      old.requireRemembered(run);
      process = old;
      old.adoptedBy(1);
      step(new ServerInput.Adopted(run, old.pid()));
      if (hasNode()) {
        state = machine().view().life();
      }
    } else {
      remembered = null;
    }
  }

  private ServerMachine machine() {
    if (machine == null) {
      throw new IllegalStateException("no node");
    }
    return machine;
  }

  /** The process of the node dies; servers do not. */
  void crashNode() {
    log("node crashes");
    machine = null;
    process = null;
    asked.clear();
    after(between(10, 5_000), this::boot);
  }

  /** An input from outside, lost if there is no node. */
  void post(ServerInput input) {
    if (machine != null) {
      step(input);
    }
  }

  /** What came of an output, lost if the node has died since. */
  private void outcome(long millis, ServerInput input) {
    int now = life;
    after(
        millis,
        () -> {
          if (now == life && machine != null) {
            step(input);
          }
        });
  }

  private void step(ServerInput input) {
    if (performing) {
      outcomes.add(input);
      return;
    }
    performing = true;
    outcomes.add(input);
    while (!outcomes.isEmpty()) {
      ServerInput next = outcomes.remove(0);
      log("<- " + next);
      // The start of a process and the record of it are one here.
      boolean mayDie = !(next instanceof ServerInput.Launched);
      for (ServerOutput output : mutant.step(machine(), nowMillis, next)) {
        if (mayDie && chance(1)) {
          outcomes.clear();
          performing = false;
          crashNode();
          return;
        }
        log("   -> " + output);
        output.perform(this);
      }
    }
    performing = false;
    setTimer();
    ServerState visible = machine().view().status().state();
    if (visible == ServerState.DESTROYED) {
      replace();
    }
  }

  /** As the node does it: the next load meets a new object. */
  private void replace() {
    machine = new ServerMachine("s", stored, CONFIG, random.split());
    life++;
    state = LifeState.INACTIVE;
    timer = OptionalLong.empty();
    process = null;
  }

  private void setTimer() {
    OptionalLong deadline = machine().deadlineMillis();
    if (deadline.isPresent() && !deadline.equals(timer)) {
      ServerMachine now = machine();
      long at = deadline.getAsLong();
      after(
          Math.max(0, at - nowMillis),
          () -> {
            if (machine == now && timer.isPresent() && timer.getAsLong() == at) {
              timer = OptionalLong.empty();
              step(new ServerInput.Tick());
            }
          });
    }
    timer = deadline;
  }

  /** Asks and remembers who asked. */
  void ask(Function<CallerId, ServerInput> input) {
    if (machine != null) {
      CallerId caller = new CallerId(++lastCaller);
      ServerInput made = input.apply(caller);
      asked.put(caller, new Asked(made, nowMillis, life));
      step(made);
    }
  }

  // What registries and administrators do.

  void act() {
    switch (random.nextInt(26)) {
      case 0, 1, 2, 3 -> load(deployed, "Master", false);
      case 4 -> deploy(random.nextInt(3), false);
      case 5 -> deploy(0, true);
      case 6 -> load(deployed, "Replica", random.nextBoolean());
      case 7 -> destroy();
      case 8, 9, 10 -> ask(ServerInput.Start::new);
      case 11, 12 -> ask(ServerInput.Stop::new);
      case 13 -> ask(caller -> new ServerInput.SetEnabled(caller, random.nextBoolean()));
      case 14, 15, 16, 17 -> ask(caller -> new ServerInput.Activate(caller, "a"));
      case 18 -> ask(caller -> new ServerInput.Activate(caller, "b"));
      case 19 -> ask(caller -> new ServerInput.CheckUpdate(caller, Optional.of(deployed), true));
      case 20 ->
          processes.stream()
              .filter(SimulatedProcess::isAlive)
              .forEach(each -> each.die(ProcessExit.signal(11)));
      case 21 -> {
        ask(caller -> new ServerInput.Patch(caller, random.nextBoolean()));
      }
      case 22 -> {
        if (machine != null) {
          crashNode();
        }
      }
      case 23, 24 -> {
        change(random.nextInt(3));
        load(deployed, "Replica", false);
        after(between(0, 4_000), () -> load(deployed, "Master", false));
      }
      default -> {}
    }
  }

  void deploy(int change, boolean noRestart) {
    change(change);
    load(deployed, "Master", noRestart);
  }

  private void change(int change) {
    String[] activations = {"manual", "on-demand", "always"};
    InternalServerDescriptor old = deployed;
    deployed =
        change == 0
            ? Servers.server(
                old.activation(),
                old.revision() + 1,
                old.exe(),
                "v" + random.nextInt(3),
                old.processRegistered(),
                "")
            : Servers.server(
                activations[random.nextInt(3)],
                old.revision() + 1,
                "prog" + random.nextInt(2),
                "v" + random.nextInt(3),
                random.nextInt(3) > 0,
                "");
  }

  void load(InternalServerDescriptor descriptor, String replica, boolean noRestart) {
    ask(caller -> new ServerInput.Load(caller, descriptor, replica, noRestart));
  }

  void destroy() {
    ask(
        caller ->
            new ServerInput.Destroy(caller, deployed.uuid(), deployed.revision(), "Master", false));
  }

  /** Nothing fails any more, and the registry says once more what is to be. */
  void settle(InternalServerDescriptor last) {
    faults = false;
    run(20_000);
    processes.forEach(SimulatedProcess::behave);
    run(20_000);
    deployed = last;
    load(last, "Master", false);
    run(200_000);
    require(asked.isEmpty(), () -> "callers still wait: " + asked);
  }

  ServerView view() {
    return machine().view();
  }

  long alive() {
    return processes.stream().filter(SimulatedProcess::isAlive).count();
  }

  int launches() {
    return processes.size();
  }

  // Checks.

  private void check() {
    require(alive() <= 1, () -> "two processes of the server");
    asked.forEach(
        (caller, question) ->
            require(
                nowMillis - question.atMillis() <= PATIENCE_MILLIS,
                () -> "not answered in time: " + question.input()));
    ServerMachine now = machine;
    if (now == null) {
      return;
    }
    ServerView view = now.view();
    ServerStatus last = told;
    if (view.descriptor().isPresent()) {
      ServerState seen = last == null ? ServerState.INACTIVE : last.state();
      require(
          seen == view.status().state(),
          () -> "registries believe " + seen + ", it is " + view.status());
      require(
          (last == null || last.enabled()) == view.status().enabled(),
          () -> "registries believe " + last + ", it is " + view.status());
      if (view.status().enabled()) {
        view.adapters()
            .forEach(
                (id, adapter) ->
                    require(
                        toldAdapters.getOrDefault(id, EncodedProxy.NULL).equals(adapter.proxy()),
                        () -> "registries know another proxy of " + id));
      }
    }
    require(
        view.life() != LifeState.ACTIVE || process == null || !process.exitSeen(),
        () -> "active without a process");
  }

  static void require(boolean condition, Supplier<String> violation) {
    if (!condition) {
      throw new AssertionError(violation.get());
    }
  }

  // Outputs.

  @Override
  public void answer(CallerId caller, ServerAnswer answer) {
    Asked question = asked.remove(caller);
    if (question == null) {
      throw new AssertionError("an answer that nobody waits for: " + caller + " " + answer);
    }
    ServerInput input = question.input();
    if (answer instanceof ServerAnswer.Gone) {
      return;
    } else if (input instanceof ServerInput.Start) {
      require(
          answer instanceof ServerAnswer.Done || answer instanceof ServerAnswer.StartRefused,
          () -> "a start is answered by " + answer);
    } else if (input instanceof ServerInput.Stop && answer instanceof ServerAnswer.Done) {
      require(alive() == 0, () -> "stopped, but it runs");
    } else if (input instanceof ServerInput.Load && answer instanceof ServerAnswer.Loaded) {
      require(machine().view().descriptor().isPresent(), () -> "loaded, but it is not");
    } else if (input instanceof ServerInput.Load load
        && answer instanceof ServerAnswer.DeploymentRefused refused) {
      Matcher known = KNOWN_REVISION.matcher(refused.reason());
      require(
          !known.find()
              || Integer.parseInt(known.group(1)) >= load.descriptor().revision()
              || nowMillis - question.atMillis() >= CONFIG.earlyLoadWaitMillis(),
          () -> "refused before the master could say the same: " + load);
    } else if (input instanceof ServerInput.Patch && answer instanceof ServerAnswer.Done) {
      require(alive() == 0, () -> "patched while it runs");
      outcome(between(0, 2_000), new ServerInput.Patched());
    } else if (input instanceof ServerInput.SetDirectProxy set
        && answer instanceof ServerAnswer.Done
        && process != null) {
      process.registered(set.adapterId(), set.proxy());
    } else if (input instanceof ServerInput.Activate) {
      require(answer instanceof ServerAnswer.Proxy, () -> "an adapter is answered by " + answer);
    }
  }

  @Override
  public void write(
      InternalServerDescriptor descriptor,
      Optional<InternalServerDescriptor> previous,
      boolean clearFirst) {
    require(alive() == 0, () -> "files are written under a process");
    boolean fails = chance(10);
    if (!fails) {
      stored = Optional.of(ServerRevision.of(descriptor));
    }
    written = fails ? written : Optional.of(descriptor);
    outcome(
        between(0, 200),
        new ServerInput.Written(fails ? Optional.of("disk full") : Optional.empty()));
  }

  private Optional<InternalServerDescriptor> written = Optional.empty();

  /** What the files are now. */
  Optional<InternalServerDescriptor> written() {
    return written;
  }

  @Override
  public void writeRevision(InternalServerDescriptor descriptor) {
    stored = Optional.of(ServerRevision.of(descriptor));
  }

  @Override
  public void remove(String application, boolean evenUserData) {
    require(alive() == 0, () -> "files are removed under a process");
    stored = Optional.empty();
    outcome(between(0, 200), new ServerInput.Removed());
  }

  @Override
  public void awaitReplication(long run, String uuid, int revision) {
    if (!chance(20)) {
      outcome(between(0, chance(10) ? 10_000 : 500), new ServerInput.ReplicationKnown(run));
    }
  }

  @Override
  public void launch(long run, InternalServerDescriptor descriptor) {
    require(
        written
            .map(InternalServerDescriptor::properties)
            .equals(Optional.of(descriptor.properties())),
        () -> "the process would read other files than its descriptor's");
    int now = life;
    boolean fails = chance(10);
    after(
        between(0, chance(5) ? 8_000 : 50),
        () -> {
          if (now != life || machine == null) {
            return;
          }
          if (fails) {
            step(new ServerInput.LaunchFailed(run, "cannot execute"));
          } else {
            process = new SimulatedProcess(this, 1_000 + processes.size(), run, descriptor);
            processes.add(process);
            // Before the process can do anything, the node knows it.
            step(new ServerInput.Launched(run, process.pid()));
            process.start();
          }
        });
  }

  @Override
  public void shutDown(long run, EncodedProxy proxy) {
    SimulatedProcess target = process;
    after(
        between(1, 20),
        () -> {
          if (target == null || !target.isAlive() || chance(10)) {
            outcome(between(1, 100), new ServerInput.ShutdownFailed(run, "connection lost"));
          } else {
            target.shutDown();
          }
        });
  }

  @Override
  public void terminate(long run) {
    if (chance(5)) {
      outcome(0, new ServerInput.SignalFailed(run, "no permission"));
    } else if (process != null) {
      process.terminate();
    }
  }

  @Override
  public void kill(long run) {
    if (chance(10)) {
      outcome(0, new ServerInput.KillFailed(run, "no permission"));
    } else if (process != null) {
      SimulatedProcess target = process;
      after(between(0, chance(10) ? 3_000 : 10), () -> target.die(ProcessExit.signal(9)));
    }
  }

  @Override
  public void updateProperties(
      long update,
      InternalServerDescriptor before,
      InternalServerDescriptor after,
      EncodedProxy proxy) {
    if (!chance(10)) {
      outcome(
          between(1, chance(20) ? 8_000 : 100),
          new ServerInput.PropertiesUpdated(
              update, chance(20) ? Optional.of("no facet") : Optional.empty()));
    }
  }

  @Override
  public void checkAccount(CallerId caller, InternalServerDescriptor descriptor, boolean stopped) {
    answer(caller, new ServerAnswer.Updatable(stopped));
  }

  @Override
  public void adapterAdded(String adapterId) {}

  @Override
  public void adapterRemoved(String adapterId) {}

  @Override
  public void serverChanged(ServerStatus status) {
    told = status;
    if (status.state() == ServerState.DESTROYED) {
      told = null;
    }
  }

  @Override
  public void adapterChanged(String adapterId, EncodedProxy proxy) {
    toldAdapters.put(adapterId, proxy);
  }

  @Override
  public void remember(RememberedRun run) {
    remembered = run;
    rememberedProcess = process;
  }

  @Override
  public void forget() {
    remembered = null;
    rememberedProcess = null;
  }

  @Override
  public void report(ServerOutput.Severity severity, String message) {
    String prefix = "changed server `s' state to `";
    if (message.startsWith(prefix)) {
      String label = message.substring(prefix.length(), message.indexOf('\'', prefix.length()));
      LifeState next = Transitions.named(label);
      require(Transitions.allows(state, next), () -> "transition " + state + " -> " + next);
      state = next;
    }
  }

  /** Tells the node, if it runs and knows this process. */
  void exited(SimulatedProcess ended, ProcessExit exit) {
    int now = life;
    after(
        between(0, 20),
        () -> {
          if (machine != null && process == ended && now == life) {
            ended.seen();
            step(new ServerInput.Exited(ended.run(), exit));
          }
        });
  }

  /** What distinguishes one run from another. */
  String summary() {
    return nowMillis + " " + lastOrder + " " + lastCaller + " " + processes.size() + " " + view();
  }

  boolean hasNode() {
    return machine != null;
  }
}
