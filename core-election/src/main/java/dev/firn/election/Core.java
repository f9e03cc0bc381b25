package dev.firn.election;

import java.util.List;
import java.util.random.RandomGenerator;

/** What the parts of one replica share. */
final class Core {
  private final ElectionConfig config;
  private final RandomGenerator random;
  private final Outputs outputs;
  private final Calls calls;
  private final Disk disk;
  private final Group group;
  private final BackOff retry;
  private final BackOff takeOver;
  private long generationSeen;
  private long nowMillis;

  Core(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    this.config = config;
    this.random = random;
    this.outputs = new Outputs(config.self());
    this.calls = new Calls(outputs);
    this.disk = new Disk(outputs, state);
    this.group = new Group(config, outputs);
    this.retry =
        new BackOff(config.timing().inactiveCheckMillis(), config.timing().backOffMinMillis());
    this.takeOver =
        new BackOff(config.timing().backOffMinMillis(), config.timing().backOffMaxMillis());
  }

  ElectionConfig config() {
    return config;
  }

  ElectionTiming timing() {
    return config.timing();
  }

  ReplicaId self() {
    return config.self();
  }

  RandomGenerator random() {
    return random;
  }

  Outputs outputs() {
    return outputs;
  }

  Calls calls() {
    return calls;
  }

  Disk disk() {
    return disk;
  }

  Group group() {
    return group;
  }

  /** How long this replica waits, having failed, before it invites anybody again. */
  BackOff retry() {
    return retry;
  }

  /** How long this replica, having failed, leaves groups that serve alone. */
  BackOff takeOver() {
    return takeOver;
  }

  long nowMillis() {
    return nowMillis;
  }

  void setNowMillis(long now) {
    nowMillis = now;
  }

  /** A group of this replica's making did not come to serve. */
  void failedToLead() {
    // A random bit, so that two who were in each other's way are not so again.
    retry.failed(nowMillis + random.nextLong(config.timing().inactiveCheckMillis()));
    takeOver.failed(nowMillis);
  }

  void sawGeneration(long generation) {
    generationSeen = Math.max(generationSeen, generation);
  }

  /** Greater than all generations that this replica knows of. */
  long nextGeneration() {
    long own = Math.max(disk.promise(), disk.position().generation());
    return Math.max(own, generationSeen) + 1;
  }

  /** Whether a question to a peer, asked then, took so long that it was met with silence. */
  boolean isSlow(long askedMillis) {
    return nowMillis - askedMillis >= config.timing().heartbeatTimeoutMillis() / 2;
  }

  /** All other replicas, ascending. */
  List<ReplicaId> others() {
    return config.nodes().stream().filter(id -> !id.equals(self())).toList();
  }

  void tell(ReplicaId to, Message.Oneway message) {
    outputs.add(new Output.Tell(to, message));
  }
}
