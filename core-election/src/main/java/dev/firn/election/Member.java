package dev.firn.election;

import dev.firn.model.EncodedProxy;
import java.util.ArrayDeque;
import java.util.Deque;

/** A member of the coordinator's group, without the coordinator. */
final class Member {
  private final ReplicaId id;
  private final EncodedProxy observer;
  private final LogPosition accepted;
  private final Deque<Message.Update> unsent = new ArrayDeque<>();
  private LogPosition confirmed = LogPosition.ZERO;
  private boolean busy;

  /**
   * @param accepted its position when it accepted the invitation
   */
  Member(ReplicaId id, EncodedProxy observer, LogPosition accepted) {
    this.id = id;
    this.observer = observer;
    this.accepted = accepted;
  }

  ReplicaId id() {
    return id;
  }

  EncodedProxy observer() {
    return observer;
  }

  LogPosition accepted() {
    return accepted;
  }

  /** What it is known to have on disk. */
  LogPosition confirmed() {
    return confirmed;
  }

  void confirmed(LogPosition position) {
    confirmed = position;
  }

  Deque<Message.Update> unsent() {
    return unsent;
  }

  /** Whether an update is under way. */
  boolean isBusy() {
    return busy;
  }

  void setBusy(boolean busy) {
    this.busy = busy;
  }
}
