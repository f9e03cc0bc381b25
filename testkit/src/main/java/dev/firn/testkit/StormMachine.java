package dev.firn.testkit;

import dev.firn.election.LogPosition;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateChange;
import org.jspecify.annotations.Nullable;

/** A computer with a disk and a clock, on which one replica of a storm runs. */
final class StormMachine {
  private static final int PER_MILLE = 1_000;

  private final int index;
  private final ReplicaId id;
  private final boolean zeroc;
  private final int clockPerMille;
  private final Disk<ReplicatedState, StateChange> disk;
  private @Nullable StormProcess process;
  private long incarnation;
  private LogPosition lastPosition = LogPosition.ZERO;
  private long lastPromise;

  /**
   * @param index its place in the network
   * @param id the replica's id, which is its priority
   * @param zeroc whether ZeroC's service runs here
   * @param clockPerMille how fast its clock runs: 1000 is right
   * @param empty what is on a new disk
   */
  StormMachine(int index, ReplicaId id, boolean zeroc, int clockPerMille, ReplicatedState empty) {
    this.disk = new Disk<>(empty, ReplicatedState::with);
    this.index = index;
    this.id = id;
    this.zeroc = zeroc;
    this.clockPerMille = clockPerMille;
  }

  int index() {
    return index;
  }

  ReplicaId id() {
    return id;
  }

  boolean isZeroc() {
    return zeroc;
  }

  Disk<ReplicatedState, StateChange> disk() {
    return disk;
  }

  /** What its clock shows. */
  long localMillis(long nowMillis) {
    return nowMillis * clockPerMille / PER_MILLE;
  }

  /** How long it really takes until its clock has gone on by this. */
  long realMillis(long localMillis) {
    return (localMillis * PER_MILLE + clockPerMille - 1) / clockPerMille;
  }

  @Nullable StormProcess process() {
    return process;
  }

  void process(@Nullable StormProcess started) {
    process = started;
  }

  long nextIncarnation() {
    incarnation++;
    return incarnation;
  }

  /** Loses everything. */
  void wipe() {
    disk.wipe();
    lastPosition = LogPosition.ZERO;
    lastPromise = 0;
  }

  /** Something was synced: neither the position nor the promise goes back. */
  void synced() {
    ReplicatedState tables = disk.load();
    Violation.unless(
        zeroc || tables.position().compareTo(lastPosition) >= 0,
        "the position on the disk of %s went back: %s, then %s",
        this,
        lastPosition,
        tables.position());
    Violation.unless(
        zeroc || tables.promise() >= lastPromise,
        "the promise on the disk of %s went back: %s, then %s",
        this,
        lastPromise,
        tables.promise());
    lastPosition = tables.position();
    lastPromise = tables.promise();
  }

  @Override
  public String toString() {
    return (zeroc ? "Z" : "F") + id;
  }
}
