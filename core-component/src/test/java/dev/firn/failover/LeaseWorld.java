package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Some instances with their campaigns and machines, and one registry that comes and goes; a network
 * that loses and delays; processes that pause and die; clocks that run at different rates. Time is
 * in microseconds. Without loss everything goes well and fast. After every event at most one
 * instance may answer clients.
 */
final class LeaseWorld {
  private record Event(long atMicros, long order, Runnable action) {}

  final List<Instance> instances = new ArrayList<>();
  final List<String> trace = new ArrayList<>();
  private final PriorityQueue<Event> agenda =
      new PriorityQueue<>(
          (a, b) ->
              a.atMicros != b.atMicros
                  ? Long.compare(a.atMicros, b.atMicros)
                  : Long.compare(a.order, b.order));
  private final Random random;
  private final LeaseConfig config;
  private final Clock registryClock;
  private final double loss;
  private RoleLeases leases;
  private boolean registryUp;
  private long registryLife;

  /** What has come to a registry that listens but does not serve yet; null while it serves. */
  private @Nullable List<Runnable> unserved;

  private long lastEvent;
  long nowMicros;
  private long lastRequest;
  private final SortedMap<RoleRequestId, Consumer<LeaseAnswer>> waiting = new TreeMap<>();
  int grants;

  LeaseWorld(long seed, int count, LeaseConfig config, double loss) {
    random = new Random(seed);
    this.config = config;
    this.loss = loss;
    leases = new RoleLeases(config);
    registryClock = new Clock();
    for (int i = 0; i < count; i++) {
      instances.add(new Instance("R" + i));
    }
    startRegistry();
  }

  /** A clock that may be a tenth faster than another. */
  private final class Clock {
    final double rate = random.nextBoolean() ? 1.0 : 1.0 + random.nextInt(1001) / 10_000.0;
    final long offset = random.nextInt(1_000_000);

    long millis(long micros) {
      return offset + (long) (micros * rate / 1_000);
    }

    long micros(long millis) {
      return (long) Math.ceil((millis - offset) * 1_000 / rate);
    }
  }

  // The registry.

  void startRegistry() {
    if (!registryUp) {
      bindRegistry();
    }
    List<Runnable> came = unserved == null ? List.of() : unserved;
    unserved = null;
    came.forEach(Runnable::run);
  }

  /** Nobody is refused from now on; nobody is answered either, until it has started. */
  void bindRegistry() {
    registryUp = true;
    registryLife++;
    leases = new RoleLeases(config);
    waiting.clear();
    unserved = new ArrayList<>();
    stepRegistry(new LeaseInput.BecameMaster());
  }

  void killRegistry() {
    registryUp = false;
    registryLife++;
    unserved = null;
  }

  boolean registryServes() {
    return registryUp && unserved == null;
  }

  private void arrives(Runnable request) {
    List<Runnable> line = unserved;
    if (!registryUp) {
      return;
    }
    if (line == null) {
      request.run();
    } else {
      line.add(request);
    }
  }

  boolean registryUp() {
    return registryUp;
  }

  private void stepRegistry(LeaseInput input) {
    for (LeaseOutput output : leases.step(registryClock.millis(nowMicros), input)) {
      if (output instanceof LeaseOutput.Answer answer) {
        Consumer<LeaseAnswer> then = waiting.remove(answer.request());
        if (then != null) {
          then.accept(answer.answer());
        }
      } else if (output instanceof LeaseOutput.Report report) {
        trace.add(nowMicros / 1000 + " " + report.text());
        if (report.text().endsWith("begins")) {
          grants++;
        }
      }
    }
    long life = registryLife;
    leases
        .wakeAtMillis()
        .ifPresent(
            due -> {
              assertThat(due).as("time goes on").isGreaterThan(registryClock.millis(nowMicros));
              at(
                  registryClock.micros(due),
                  () -> {
                    if (life == registryLife && leases.wakeAtMillis().orElse(0) == due) {
                      stepRegistry(new LeaseInput.Tick());
                    }
                  });
            });
  }

  private RoleRequestId request(Consumer<LeaseAnswer> then) {
    RoleRequestId id = new RoleRequestId(++lastRequest);
    waiting.put(id, then);
    return id;
  }

  /** Answered with what becomes of it. */
  List<LeaseAnswer> transfer(String to, boolean force) {
    List<LeaseAnswer> answers = new ArrayList<>();
    stepRegistry(new LeaseInput.Transfer(request(answers::add), "g", to, force));
    return answers;
  }

  List<LeaseView> leases() {
    return leases.leases();
  }

  // The network.

  private long delayMicros() {
    return loss > 0 && random.nextInt(20) == 0 ? random.nextInt(2_000_000) : random.nextInt(3_000);
  }

  private boolean lost(Instance instance) {
    return instance.cut || random.nextDouble() < loss;
  }

  // An instance.

  /** One instance; what it asks its host for is done soon, and well. */
  final class Instance implements RoleHost, CampaignOutput.Host {
    final String name;
    private final Clock clock = new Clock();
    RoleMachine machine;
    private LeaseCampaign campaign;
    private final List<RoleInput> inputs = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    boolean up;
    boolean cut;
    boolean paused;
    private long life;

    Instance(String name) {
      this.name = name;
      machine = new RoleMachine(config(), 0);
      campaign = new LeaseCampaign(CampaignConfig.defaults(), name, 1, 0);
      start();
    }

    private RoleConfig config() {
      return RoleConfig.member().withReplicated(false).withManaged(true);
    }

    void start() {
      up = true;
      life++;
      machine = new RoleMachine(config(), now());
      campaign = new LeaseCampaign(CampaignConfig.defaults(), name, 1, now());
      own(
          0,
          () -> {
            step(new RoleInput.Start());
            stepCampaign(new CampaignInput.Tick());
            step(new RoleInput.BackplaneRegistered());
          });
    }

    void kill() {
      up = false;
      life++;
      paused = false;
      held.clear();
    }

    void pause() {
      paused = up;
    }

    void resume() {
      paused = false;
      List<Runnable> now = List.copyOf(held);
      held.clear();
      now.forEach(Runnable::run);
    }

    long now() {
      return clock.millis(nowMicros);
    }

    boolean maySend() {
      return up && machine.view().maySend(now());
    }

    boolean isActive() {
      return up && machine.view().isActive();
    }

    /** Something of this life of the process, when it runs. */
    private void own(long delay, Runnable action) {
      long itsLife = life;
      at(nowMicros + delay, () -> run(itsLife, action));
    }

    private void run(long itsLife, Runnable action) {
      if (itsLife != life) {
        return;
      }
      if (paused) {
        held.add(() -> run(itsLife, action));
      } else {
        action.run();
      }
    }

    void step(RoleInput input) {
      RoleView before = machine.view();
      machine.step(now(), input).forEach(output -> output.perform(this));
      RoleView after = machine.view();
      if (before.state() != after.state() || before.ready() != after.ready()) {
        trace.add(nowMicros / 1000 + " " + name + " " + after.state() + " " + after.epoch());
        stepCampaign(new CampaignInput.Changed());
      }
      machine
          .wakeAtMillis()
          .ifPresent(
              due ->
                  own(
                      clock.micros(due) - nowMicros,
                      () -> {
                        if (machine.wakeAtMillis().orElse(Long.MAX_VALUE) <= now()) {
                          step(new RoleInput.Tick());
                        }
                      }));
    }

    void stepCampaign(CampaignInput input) {
      campaign.step(now(), input).forEach(output -> output.perform(this));
      while (!inputs.isEmpty()) {
        step(inputs.remove(0));
      }
      campaign
          .wakeAtMillis()
          .ifPresent(
              due ->
                  own(
                      Math.max(0, clock.micros(due) - nowMicros),
                      () -> {
                        if (campaign.wakeAtMillis().orElse(Long.MAX_VALUE) <= now()) {
                          stepCampaign(new CampaignInput.Tick());
                        }
                      }));
    }

    @Override
    public void campaign(long run, int registry) {
      RoleView view = machine.view();
      Candidacy says =
          new Candidacy(
              "g", name, name + life, view.state(), view.knownEpoch(), 0, view.ready(), "");
      if (!registryUp && !cut) {
        own(delayMicros(), () -> stepCampaign(new CampaignInput.NoAuthority(run)));
        return;
      }
      if (lost(this)) {
        return;
      }
      long itsLife = life;
      at(
          nowMicros + delayMicros(),
          () ->
              arrives(
                  () ->
                      stepRegistry(
                          new LeaseInput.Campaign(
                              request(answer -> back(itsLife, run, answer)), says))));
    }

    private void back(long itsLife, long run, LeaseAnswer answer) {
      if (!lost(this) && itsLife == life) {
        own(
            delayMicros(),
            () ->
                stepCampaign(
                    answer instanceof LeaseAnswer.Lease lease
                        ? new CampaignInput.Answered(run, lease)
                        : new CampaignInput.NoAuthority(run)));
      }
    }

    @Override
    public void release(long run, int registry, long epoch, boolean leave) {
      if (lost(this)) {
        return;
      }
      at(
          nowMicros + delayMicros(),
          () ->
              arrives(
                  () ->
                      stepRegistry(
                          new LeaseInput.Release(
                              request(
                                  answer ->
                                      own(
                                          delayMicros(),
                                          () -> stepCampaign(new CampaignInput.Released(run)))),
                              "g",
                              name,
                              epoch,
                              leave))));
    }

    @Override
    public void give(RoleInput input) {
      inputs.add(input);
    }

    private void soon(RoleInput input) {
      own(random.nextInt(20_000), () -> step(input));
    }

    @Override
    public void registerBackplane() {}

    @Override
    public void findReplicator() {}

    @Override
    public void registerConfiguration() {}

    @Override
    public void listen(boolean replaceAll) {}

    @Override
    public void stopListening() {}

    @Override
    public void claim(long run, long epoch) {
      soon(new RoleInput.Claimed(run, epoch, -1));
    }

    @Override
    public void confirm(long run, long epoch) {
      soon(new RoleInput.Claimed(run, epoch, -1));
    }

    @Override
    public void callHook(long run, RoleHook hook, long epoch) {
      soon(
          loss > 0 && random.nextInt(20) == 0
              ? new RoleInput.HookFailed(run, "thrown")
              : new RoleInput.HookDone(run));
    }

    @Override
    public void openAdapter(long run) {
      soon(new RoleInput.AdapterOpened(run));
    }

    @Override
    public void holdAdapter(long run) {
      soon(new RoleInput.Drained(run));
    }

    @Override
    public void closeAdapter(long run, boolean abrupt) {
      soon(new RoleInput.AdapterClosed(run));
    }

    @Override
    public void register(long run, long epoch) {
      soon(new RoleInput.Registered(run));
    }

    @Override
    public void unregister(long run) {
      soon(new RoleInput.Unregistered(run));
    }

    @Override
    public void startPublishing(long epoch, boolean wholeState) {}

    @Override
    public void flush(long run, long limitMillis) {
      soon(new RoleInput.Flushed(run, 1));
    }

    @Override
    public void stopPublishing() {}

    @Override
    public void releaseLease(long epoch, boolean leave) {
      own(0, () -> stepCampaign(new CampaignInput.Release(epoch, leave)));
    }

    @Override
    public void notifyListeners(boolean active) {}

    @Override
    public void reply(RoleRequestId request, RoleAnswer answer) {}

    @Override
    public void stateChanged(RoleState from, RoleState to, String reason) {}

    @Override
    public void report(RoleOutput.Severity severity, String text) {}

    @Override
    public void end() {}
  }

  // Time.

  void at(long micros, Runnable action) {
    agenda.add(new Event(Math.max(micros, nowMicros), ++lastEvent, action));
  }

  void run(long millis) {
    long until = nowMicros + millis * 1_000;
    while (!agenda.isEmpty() && agenda.peek().atMicros <= until) {
      Event event = agenda.remove();
      nowMicros = event.atMicros;
      check();
      event.action.run();
      check();
    }
    nowMicros = until;
  }

  private void check() {
    int serving = 0;
    for (Instance instance : instances) {
      serving += instance.maySend() ? 1 : 0;
    }
    if (serving > 1) {
      throw new AssertionError(
          "two may answer at " + nowMicros / 1000 + ":\n" + String.join("\n", trace));
    }
  }

  List<Instance> active() {
    return instances.stream().filter(Instance::maySend).toList();
  }
}
