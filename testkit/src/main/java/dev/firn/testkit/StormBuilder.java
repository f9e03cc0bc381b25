package dev.firn.testkit;

import dev.firn.election.ElectionConfig;
import dev.firn.election.ElectionTiming;
import dev.firn.election.ReplicaId;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Settings of a {@link StormSimulation}. */
public final class StormBuilder {
  private List<Integer> ids;
  private List<Integer> zeroc = List.of();
  private ZerocTimes zerocTimes = ZerocTimes.DEFAULT;
  private ElectionTiming timing = ElectionTiming.DEFAULTS;
  private StormCore.Alteration alteration = new StormCore.Alteration() {};
  private long seed;
  private boolean traced;
  private SimulatedService service = new SimulatedTopics();
  private int updatesPerCallMax = 1;
  private boolean coldStartMajority;
  private boolean calm;
  private int startSpreadMillis = 1;

  StormBuilder(int replicas) {
    if (replicas < 3) {
      throw new IllegalArgumentException("replicas must be >= 3: " + replicas);
    }
    ids = IntStream.rangeClosed(1, replicas).boxed().toList();
  }

  static StormBuilder random(long seed) {
    // Other numbers than those of the run itself, so that one more setting changes no other.
    SplittableRandom random = new SplittableRandom(~seed);
    int kind = random.nextInt(10);
    StormBuilder builder = new StormBuilder(kind < 6 ? 3 : kind < 9 ? 5 : 7).seed(seed);
    if (random.nextInt(4) == 0) {
      builder.ids = builder.ids.stream().map(id -> id * id - 1).toList();
    }
    builder.startSpreadMillis = 1 + random.nextInt(2_000);
    builder.coldStartMajority = random.nextBoolean();
    ElectionTiming usual = ElectionTiming.DEFAULTS;
    builder.timing =
        new ElectionTiming(
            usual.heartbeatMillis(),
            usual.heartbeatTimeoutMillis(),
            usual.checkMillis(),
            usual.inactiveCheckMillis(),
            usual.priorityDelayMillis(),
            usual.invitationMillis(),
            random.nextBoolean() ? usual.stateLimitMillis() : 3_000,
            random.nextBoolean() ? usual.updateTimeoutMillis() : 500,
            random.nextInt(8) == 0 ? usual.forwardTimeoutMillis() : 2_000,
            usual.backOffMinMillis(),
            random.nextInt(8) == 0 ? usual.backOffMaxMillis() : 4_000);
    return builder;
  }

  static StormBuilder randomMixed(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    StormBuilder builder = random(seed);
    builder.ids = List.of(1, 2, 3);
    builder.coldStartMajority = false;
    int one = 1 + random.nextInt(3);
    int two = 1 + random.nextInt(3);
    builder.zeroc = one == two ? List.of(one) : List.of(one, two);
    long times = random.nextBoolean() ? 2_000 : 10_000;
    return builder.zerocTimes(times, times, times, random.nextBoolean() ? times : 60_000);
  }

  public StormBuilder seed(long value) {
    seed = value;
    return this;
  }

  public StormBuilder ids(Integer... of) {
    ids = List.of(of).stream().sorted().toList();
    return this;
  }

  /** These replicas are ZeroC's. */
  public StormBuilder zeroc(Integer... of) {
    zeroc = List.of(of);
    return this;
  }

  /** The times of ZeroC's replicas: its three properties, and how long a call may take. */
  public StormBuilder zerocTimes(
      long electionMillis, long masterMillis, long responseMillis, long callMillis) {
    zerocTimes = new ZerocTimes(electionMillis, masterMillis, responseMillis, callMillis);
    return this;
  }

  public StormBuilder timing(ElectionTiming value) {
    timing = value;
    return this;
  }

  /** Changes one of the times: how long a silent peer is waited for. */
  public StormBuilder heartbeatTimeout(long millis) {
    timing = timing.withHeartbeatTimeout(millis);
    return this;
  }

  /** A majority suffices after a full stop. */
  public StormBuilder coldStartMajority() {
    coldStartMajority = true;
    return this;
  }

  /**
   * As on one machine: clocks run alike, messages and disks are fast, and peers see the death of a
   * process at once.
   */
  public StormBuilder calm() {
    calm = true;
    return this;
  }

  /** Another service than a storm; a member may be sent several updates at once. */
  StormBuilder service(SimulatedService value, int itsUpdatesPerCallMax) {
    service = value;
    updatesPerCallMax = itsUpdatesPerCallMax;
    return this;
  }

  SimulatedService service() {
    return service;
  }

  /** Keeps a line for everything that happens. */
  public StormBuilder traced() {
    traced = true;
    return this;
  }

  /** Changes the replicas, to see whether the checks notice. */
  public StormBuilder altered(StormCore.Alteration by) {
    alteration = by;
    return this;
  }

  /** Starts all replicas. */
  public StormSimulation start() {
    StormSimulation simulation = build();
    simulation.start();
    return simulation;
  }

  /** Starts none. */
  public StormSimulation build() {
    return new StormSimulation(this);
  }

  /** How long it may take until all are in one group when nothing fails any more. */
  long formationMillisMax() {
    long firnMillis =
        2 * timing.stateLimitMillis()
            + 2 * timing.backOffMaxMillis()
            + timing.forwardTimeoutMillis()
            + 2 * timing.updateTimeoutMillis()
            + 10 * timing.checkMillis();
    long zerocMillis =
        (ids.size() + 2) * zerocTimes.callMillis()
            + 4 * (zerocTimes.electionMillis() + zerocTimes.masterMillis())
            + 4 * ids.get(ids.size() - 1) * zerocTimes.responseMillis();
    return zeroc.isEmpty() ? firnMillis : firnMillis + zerocMillis;
  }

  ElectionConfig config(ReplicaId self, List<ReplicaId> nodes) {
    ElectionConfig usual = ElectionConfig.of(self, nodes);
    return new ElectionConfig(
        self,
        nodes,
        coldStartMajority,
        usual.publishWhileElecting(),
        updatesPerCallMax,
        usual.waitingMax(),
        usual.waitingMillisMax(),
        timing);
  }

  long seed() {
    return seed;
  }

  List<Integer> ids() {
    return ids;
  }

  List<Integer> zeroc() {
    return zeroc;
  }

  ZerocTimes zerocTimes() {
    return zerocTimes;
  }

  StormCore.Alteration alteration() {
    return alteration;
  }

  boolean isTraced() {
    return traced;
  }

  boolean isColdStartMajority() {
    return coldStartMajority;
  }

  boolean isCalm() {
    return calm;
  }

  int startSpreadMillis() {
    return startSpreadMillis;
  }
}
