package dev.firn.election;

import java.util.Optional;
import java.util.OptionalInt;

/** What is known of another replica from its last answers. */
final class Peer {
  private final ReplicaId id;
  private final BackOff backOff;
  private Kind kind = Kind.UNKNOWN;
  private Optional<PeerStatus> status = Optional.empty();
  private Optional<Answer.View> view = Optional.empty();
  private OptionalInt acceptedMax = OptionalInt.empty();
  private boolean reachable;
  private boolean silent;
  private boolean asked;
  private boolean coordinator;
  private long coordinatorSinceMillis;

  /** Whose implementation a peer is. */
  enum Kind {
    UNKNOWN,
    FIRN,
    ZEROC
  }

  Peer(ReplicaId id, ElectionTiming timing) {
    this.id = id;
    this.backOff = new BackOff(timing.backOffMinMillis(), timing.backOffMaxMillis());
  }

  ReplicaId id() {
    return id;
  }

  Kind kind() {
    return kind;
  }

  boolean isFirn() {
    return kind == Kind.FIRN;
  }

  /** The last answer of a Firn replica; empty if it is not one or cannot be reached. */
  Optional<PeerStatus> status() {
    return status;
  }

  /** The last answer of a ZeroC replica; empty if it is not one or did not say so much. */
  Optional<Answer.View> view() {
    return view;
  }

  /** The size of the largest group it knows of, if it is known. */
  OptionalInt max() {
    if (status.isPresent()) {
      return OptionalInt.of(status.get().max());
    }
    return view.isPresent() ? OptionalInt.of(view.get().max()) : acceptedMax;
  }

  /** It accepted an invitation and said so. */
  void accepted(int max) {
    acceptedMax = OptionalInt.of(max);
  }

  /** Whether it is a Firn replica in this group. */
  boolean isIn(String group) {
    return status.filter(s -> s.group().equals(group)).isPresent();
  }

  /** Whether the last question was answered. */
  boolean isReachable() {
    return reachable;
  }

  /** Whether it is worth waiting for: not if the last question was met by silence. */
  boolean isSilent() {
    return silent;
  }

  /** Whether a question is under way. */
  boolean isAsked() {
    return asked;
  }

  void setAsked(boolean nowAsked) {
    asked = nowAsked;
  }

  /** Whether it coordinates a group, perhaps of itself alone, and takes invitations. */
  boolean isCoordinator() {
    return coordinator;
  }

  /** Whether it is known to coordinate a group that serves. */
  boolean leads() {
    return coordinator && status.filter(s -> s.state() == NodeState.NORMAL).isPresent();
  }

  /** For how long {@link #isCoordinator} has been true. */
  long coordinatorForMillis(long nowMillis) {
    return nowMillis - coordinatorSinceMillis;
  }

  /** Grows when it fails as a member; it is not invited into a group that serves meanwhile. */
  BackOff backOff() {
    return backOff;
  }

  void answered(PeerStatus answer, long nowMillis) {
    if (status.filter(last -> last.boot() != answer.boot()).isPresent()) {
      backOff.reset();
    }
    kind = Kind.FIRN;
    status = Optional.of(answer);
    boolean stable = answer.state() == NodeState.INACTIVE || answer.state() == NodeState.NORMAL;
    reached(stable && answer.coordinator().equals(id), nowMillis);
  }

  void answered(Answer.View answer, long nowMillis) {
    view = Optional.of(answer);
    boolean stable = answer.state() == NodeState.INACTIVE || answer.state() == NodeState.NORMAL;
    reached(stable && answer.coordinator().equals(id), nowMillis);
  }

  void answered(boolean isCoordinator, long nowMillis) {
    reached(isCoordinator, nowMillis);
  }

  void isZeroc() {
    kind = Kind.ZEROC;
    status = Optional.empty();
  }

  /** What it said of its part was long ago. */
  void forgetRole() {
    coordinator = false;
  }

  /**
   * @param slowly whether it took long to fail: a peer behind a cut line refuses no connection, it
   *     just lets it time out
   */
  void failed(Input.Failure failure, boolean slowly) {
    silent = slowly;
    reachable = false;
    coordinator = false;
    if (failure == Input.Failure.REFUSED) {
      // Its process is gone: the next one starts afresh, and may be another implementation.
      if (kind == Kind.ZEROC) {
        backOff.reset();
      }
      kind = Kind.UNKNOWN;
      view = Optional.empty();
      acceptedMax = OptionalInt.empty();
    }
  }

  private void reached(boolean nowCoordinator, long nowMillis) {
    reachable = true;
    silent = false;
    if (nowCoordinator && !coordinator) {
      coordinatorSinceMillis = nowMillis;
    }
    coordinator = nowCoordinator;
  }
}
