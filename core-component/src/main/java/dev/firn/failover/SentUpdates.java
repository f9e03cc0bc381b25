package dev.firn.failover;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A writer's updates that have a number and are not acknowledged, in the order of the numbers. */
final class SentUpdates {
  /** One of them. */
  static final class Sent {
    final long clientSeq;
    final PendingChanges.Batch batch;

    /** Whether it is a part of the whole state, and which. */
    final boolean part;

    final boolean first;
    final boolean last;

    /** Changes up to this one are in it. */
    final long change;

    /** The last call that carried it. */
    long call;

    boolean underWay;

    Sent(
        long clientSeq,
        PendingChanges.Batch batch,
        boolean part,
        boolean first,
        boolean last,
        long change) {
      this.clientSeq = clientSeq;
      this.batch = batch;
      this.part = part;
      this.first = first;
      this.last = last;
      this.change = change;
    }
  }

  private final Deque<Sent> all = new ArrayDeque<>();

  boolean isEmpty() {
    return all.isEmpty();
  }

  int size() {
    return all.size();
  }

  void add(Sent sent) {
    all.add(sent);
  }

  void clear() {
    all.clear();
  }

  /** Whether this number was acknowledged: it is below all of them. */
  boolean isBefore(long clientSeq) {
    return !all.isEmpty() && clientSeq < all.getFirst().clientSeq;
  }

  /** What a call carries that is under way; null if that is not of interest any more. */
  @Nullable Sent find(long call) {
    for (Sent sent : all) {
      if (sent.call == call && sent.underWay) {
        return sent;
      }
    }
    return null;
  }

  boolean isAnyUnderWay() {
    return all.stream().anyMatch(sent -> sent.underWay);
  }

  /** Those to be sent again. */
  List<Sent> notUnderWay() {
    return all.stream().filter(sent -> !sent.underWay).toList();
  }

  /**
   * The stream takes updates in the order of their numbers, so it has all before this one, too.
   *
   * @return changes up to this one are acknowledged
   */
  long acknowledged(Sent sent) {
    long change = 0;
    while (!all.isEmpty() && all.element().clientSeq <= sent.clientSeq) {
      change = Math.max(change, all.remove().change);
    }
    return change;
  }

  /** Takes back an update that was refused, and all after it. */
  List<PendingChanges.Batch> takeFrom(Sent sent) {
    List<PendingChanges.Batch> taken = new ArrayList<>();
    for (Iterator<Sent> each = all.iterator(); each.hasNext(); ) {
      Sent one = each.next();
      if (one.clientSeq >= sent.clientSeq) {
        each.remove();
        taken.add(one.batch);
      }
    }
    return taken;
  }
}
