package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.SentUpdates.Sent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The active instance's side of a stream: numbers what it publishes, keeps what is not
 * acknowledged, and brings the stream up to date after anything that may happen to it.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>State</th><th>Input</th><th>Next</th><th>What happens</th></tr>
 * <tr><td>READY</td><td>a call failed</td><td>WAITING</td><td>calls under way end first; then those
 *     that were not acknowledged are sent again, with their numbers</td></tr>
 * <tr><td>WAITING</td><td>time is up</td><td>READY, CLAIMING</td><td>goes on</td></tr>
 * <tr><td>READY</td><td>stale, with no newer epoch than its own; a probe finds another seq</td>
 *     <td>CLAIMING</td><td>the stream has been forgotten: its epoch is claimed again</td></tr>
 * <tr><td>CLAIMING</td><td>claimed</td><td>READY</td><td>the whole state is published</td></tr>
 * <tr><td>any</td><td>stale, with a newer epoch</td><td>STALE</td><td>told at once; flushes
 *     fail</td></tr>
 * </table>
 *
 * <p>One thread at a time.
 */
public final class StreamWriter {
  private enum State {
    READY,
    WAITING,
    CLAIMING,
    STALE
  }

  /** A flush, and the last update that it waits for; -1 while that has no number yet. */
  private record WaitingFlush(long request, long change) {}

  private final WriterConfig config;
  private final long epoch;
  private final PendingChanges pending;

  /** Of an acknowledged update that the stream says it has not; 0 if there is none. */
  private long lostClientSeq;

  /** The newest call when the stream said so first. */
  private long lostCall;

  private final SentUpdates unacknowledged = new SentUpdates();
  private final Deque<WaitingFlush> flushes = new ArrayDeque<>();
  private List<WriterOutput> outputs = new ArrayList<>();
  private TreePMap<String, StateItem> items;
  private State state;
  private boolean claimed;

  /** The rest of the whole state that is being published; null if none is. */
  private @Nullable ItemChunks parts;

  private boolean partsWanted;
  private boolean partsBegun;
  private long lastCall;
  private long lastClientSeq;
  private long acknowledgedSeq;
  private long changes;
  private long changesTaken;
  private long changesAcknowledged;

  /** The call of a claim or probe; 0 if none is under way. */
  private long question;

  private boolean probing;

  /** Whether nothing was under way when the question was asked, and what number had been used. */
  private boolean askedQuiet;

  private long askedClientSeq;
  private long newerEpoch;
  private boolean full;
  private boolean told;
  private boolean isProtected;
  private String trouble = "";
  private long troubleSinceMillis;
  private long waitUntilMillis;
  private long heardMillis;
  private long nowMillis;

  /**
   * @param epoch of this writer
   * @param headSeq the newest of the stream when the epoch was claimed; negative if it was not
   * @param items the state as this instance has it
   * @param itemsSeq the update up to which {@code items} is the stream's state; negative if it is
   *     not
   */
  public StreamWriter(
      WriterConfig config,
      long epoch,
      long headSeq,
      SortedMap<String, StateItem> items,
      long itemsSeq) {
    this.config = requireNonNull(config, "config");
    this.epoch = epoch;
    this.items = TreePMap.fromSortedMap(items);
    this.pending = new PendingChanges(config);
    this.claimed = headSeq >= 0;
    this.acknowledgedSeq = Math.max(0, headSeq);
    this.partsWanted = !claimed || headSeq != itemsSeq;
    this.changes = partsWanted ? 1 : 0;
    this.state = claimed ? State.READY : State.CLAIMING;
  }

  /**
   * Takes one input.
   *
   * @param now the host's monotonic time, milliseconds
   * @return outputs in the order to perform
   */
  public List<WriterOutput> step(long now, WriterInput input) {
    nowMillis = now;
    take(input);
    if (state != State.STALE) {
      run();
    }
    List<WriterOutput> taken = outputs;
    outputs = new ArrayList<>();
    return List.copyOf(taken);
  }

  /** When the next {@link WriterInput.Tick} is needed. */
  public long wakeAtMillis() {
    if (state == State.STALE) {
      return Long.MAX_VALUE;
    }
    long wake = state == State.WAITING ? waitUntilMillis : Long.MAX_VALUE;
    if (state == State.READY) {
      wake = hasRoom() && canBatch() ? Math.max(nowMillis + 1, pending.dueAtMillis()) : wake;
      if (question == 0) {
        wake = Math.min(wake, heardMillis + config.probeMillis());
      }
    }
    return Math.min(wake, unprotectedAtMillis());
  }

  public long epoch() {
    return epoch;
  }

  /** The state as the component has it now. */
  public SortedMap<String, StateItem> items() {
    return items;
  }

  /** Keys of changes that wait, each as often as it does. */
  int pendingKeys() {
    return pending.keys();
  }

  public long acknowledgedSeq() {
    return acknowledgedSeq;
  }

  /** For people. */
  @Override
  public String toString() {
    return state
        + " epoch="
        + epoch
        + " clientSeq="
        + lastClientSeq
        + " acknowledged="
        + acknowledgedSeq
        + " unacknowledged="
        + unacknowledged.size()
        + " question="
        + question
        + (trouble.isEmpty() ? "" : " trouble=" + trouble);
  }

  public boolean isProtected() {
    return isProtected;
  }

  private void take(WriterInput input) {
    if (input instanceof WriterInput.Start) {
      heardMillis = nowMillis;
      troubleSinceMillis = nowMillis;
      if (claimed && !partsWanted) {
        // Nothing is new, but a stream that has forgotten says so only to an update.
        add(new PendingChanges.Batch(List.of(), List.of()), false, false, false, 0);
      }
    } else if (input instanceof WriterInput.Change change) {
      change(change);
    } else if (input instanceof WriterInput.Flush flush) {
      flush(flush.request());
    } else if (input instanceof WriterInput.Answered answered) {
      answered(answered);
    } else if (input instanceof WriterInput.Stale stale) {
      stale(stale);
    } else if (input instanceof WriterInput.TooLarge tooLarge) {
      tooLarge(tooLarge);
    } else if (input instanceof WriterInput.Gap gap) {
      gap(gap);
    } else if (input instanceof WriterInput.Failed failed) {
      failed(failed);
    } else if (!(input instanceof WriterInput.Tick)) {
      throw new IllegalStateException("unknown input " + input);
    }
  }

  private void change(WriterInput.Change change) {
    for (StateItem item : change.set()) {
      items = items.plus(item.key(), item);
    }
    for (String key : change.removed()) {
      items = items.minus(key);
    }
    changes++;
    if (partsWanted || state == State.STALE) {
      // The whole state, taken later, has it; also that of the next writer, if this same instance
      // has begun a newer epoch.
      return;
    }
    if (isQuiet() && parts == null) {
      // Nothing was expected until now, so silence counts from here.
      troubleSinceMillis = nowMillis;
    }
    pending.add(nowMillis, change.set(), change.removed());
    if (pending.isEverything()) {
      // Here and not when it is sent: while nobody takes it, it would grow for ever.
      replaceAll();
    }
  }

  private boolean isQuiet() {
    return unacknowledged.isEmpty() && pending.isEmpty();
  }

  private void flush(long request) {
    if (state == State.STALE) {
      outputs.add(new WriterOutput.FlushFailed(request, newerEpoch));
    } else if (changes == changesAcknowledged || (told && !isProtected && !waits())) {
      outputs.add(new WriterOutput.Flushed(request, acknowledgedSeq));
    } else {
      flushes.add(new WaitingFlush(request, changes));
    }
  }

  private boolean waits() {
    return config.waitWhenUnprotected();
  }

  private void answered(WriterInput.Answered answered) {
    heardMillis = nowMillis;
    if (answered.call() == question) {
      question = 0;
      questionAnswered(answered);
      return;
    }
    Sent found = unacknowledged.find(answered.call());
    if (found == null) {
      return;
    }
    changesAcknowledged = Math.max(changesAcknowledged, unacknowledged.acknowledged(found));
    if (!found.part || found.last) {
      // A part has a seq only once the last one is there.
      acknowledgedSeq = Math.max(acknowledgedSeq, answered.seq());
    }
    full = false;
    lostClientSeq = 0;
    calm();
    while (!flushes.isEmpty() && flushes.element().change() <= changesAcknowledged) {
      outputs.add(new WriterOutput.Flushed(flushes.remove().request(), acknowledgedSeq));
    }
  }

  private void calm() {
    trouble = "";
    troubleSinceMillis = nowMillis;
  }

  private void questionAnswered(WriterInput.Answered answered) {
    if (!probing) {
      claimed = true;
      acknowledgedSeq = answered.seq();
      state = State.READY;
      replaceAll();
    } else if (answered.epoch() > epoch) {
      becomeStale(answered.epoch());
    } else if (askedQuiet && askedClientSeq == lastClientSeq && isQuiet()) {
      // Nothing was under way from the question to the answer, so the seq must be the last one.
      if (answered.epoch() < epoch || answered.seq() != acknowledgedSeq) {
        forgotten();
      } else {
        calm();
      }
    }
  }

  private void stale(WriterInput.Stale stale) {
    heardMillis = nowMillis;
    boolean claiming = stale.call() == question && !probing;
    if (stale.epoch() > epoch || (claiming && stale.epoch() == epoch)) {
      becomeStale(stale.epoch());
      return;
    }
    if (stale.call() == question) {
      question = 0;
    }
    if (claiming) {
      // The claim was refused for an older epoch, which cannot be; it is tried again.
      failed(new WriterInput.Failed(0, "the claim was refused for epoch " + stale.epoch()));
      return;
    }
    Sent sent = unacknowledged.find(stale.call());
    if (sent != null) {
      sent.underWay = false;
      forgotten();
    }
  }

  private void becomeStale(long current) {
    state = State.STALE;
    newerEpoch = current;
    outputs.add(new WriterOutput.Stale(current));
    flushes.forEach(flush -> outputs.add(new WriterOutput.FlushFailed(flush.request(), current)));
    flushes.clear();
    pending.clear();
    unacknowledged.clear();
    parts = null;
  }

  private void forgotten() {
    if (state == State.CLAIMING) {
      return;
    }
    state = State.CLAIMING;
    claimed = false;
    trouble = "the replicator has forgotten the state";
    replaceAll();
  }

  /** What was sent or waits is in the state, which is published as a whole instead. */
  private void replaceAll() {
    partsWanted = true;
    parts = null;
    partsBegun = false;
    // Nothing counts as acknowledged until all of it is.
    changes++;
    pending.clear();
    unacknowledged.clear();
  }

  private void tooLarge(WriterInput.TooLarge tooLarge) {
    Sent sent = unacknowledged.find(tooLarge.call());
    if (sent == null) {
      return;
    }
    full = true;
    String reason = "the state is larger than the replicator takes, " + tooLarge.limit();
    if (sent.part) {
      // Numbers that were refused are not used up; the first part may have any above the last.
      replaceAll();
    } else {
      unacknowledged.takeFrom(sent).forEach(pending::putBack);
      lastClientSeq = sent.clientSeq - 1;
    }
    trouble(reason, config.unprotectedMillis());
  }

  private void failed(WriterInput.Failed failed) {
    if (failed.call() == question) {
      question = 0;
      trouble(failed.reason(), config.retryMillis());
      return;
    }
    Sent sent = unacknowledged.find(failed.call());
    if (sent != null) {
      sent.underWay = false;
      trouble(failed.reason(), config.retryMillis());
    } else if (failed.call() == 0) {
      trouble(failed.reason(), config.retryMillis());
    }
  }

  /**
   * What is not acknowledged is sent again in its order. A stream that lacks what it acknowledged,
   * as one from an old backup does, never takes that: it gets the whole state. The first refusal
   * may have been overtaken by an acknowledgement, as those of all calls that were under way with
   * it; that of a call made after it was not.
   */
  private void gap(WriterInput.Gap gap) {
    Sent sent = unacknowledged.find(gap.call());
    if (sent == null) {
      return;
    }
    boolean isLost = unacknowledged.isBefore(gap.expectedClientSeq());
    boolean known = isLost && gap.expectedClientSeq() == lostClientSeq;
    boolean again = known && gap.call() > lostCall;
    if (!known) {
      lostClientSeq = isLost ? gap.expectedClientSeq() : 0;
      lostCall = lastCall;
    }
    failed(new WriterInput.Failed(gap.call(), "update " + gap.expectedClientSeq() + " is missing"));
    if (again) {
      lostClientSeq = 0;
      replaceAll();
    }
  }

  private void trouble(String reason, long waitMillis) {
    if (trouble.isEmpty()) {
      troubleSinceMillis = Math.max(troubleSinceMillis, heardMillis);
      if (isProtected && isQuiet()) {
        troubleSinceMillis = nowMillis;
      }
    }
    trouble = reason;
    if (state != State.STALE) {
      state = State.WAITING;
      waitUntilMillis = nowMillis + waitMillis;
    }
  }

  private void run() {
    if (state == State.WAITING && nowMillis >= waitUntilMillis && !unacknowledged.isAnyUnderWay()) {
      state = claimed ? State.READY : State.CLAIMING;
    }
    if (state == State.CLAIMING && question == 0 && !unacknowledged.isAnyUnderWay()) {
      ask(false);
      outputs.add(new WriterOutput.Claim(question, epoch));
    }
    if (state == State.READY) {
      if (pending.isEverything()) {
        replaceAll();
      }
      unacknowledged.notUnderWay().forEach(this::send);
      sendParts();
      sendBatches();
      if (question == 0 && nowMillis >= heardMillis + config.probeMillis()) {
        ask(true);
        outputs.add(new WriterOutput.Probe(question));
      }
    }
    tellProtection();
  }

  private void ask(boolean probe) {
    question = ++lastCall;
    probing = probe;
    askedQuiet = isQuiet() && parts == null && !partsWanted;
    askedClientSeq = lastClientSeq;
  }

  private boolean hasRoom() {
    return unacknowledged.size() < config.updatesUnderWayMax();
  }

  private boolean canBatch() {
    return !partsWanted && parts == null && !pending.isEmpty();
  }

  private void sendParts() {
    if (partsWanted) {
      partsWanted = false;
      partsBegun = false;
      changesTaken = changes;
      parts = new ItemChunks(items.values());
      unacknowledged.clear();
    }
    while (parts != null && hasRoom()) {
      List<StateItem> set = parts.next(config.chunkBytes(), config.limits().updateItemsMax());
      boolean last = !parts.hasNext();
      // Only the last part says that anything is safe.
      long change = last ? changesTaken : 0;
      add(new PendingChanges.Batch(set, List.of()), true, !partsBegun, last, change);
      partsBegun = true;
      if (last) {
        parts = null;
      }
    }
  }

  private void sendBatches() {
    while (canBatch() && hasRoom() && (pending.dueAtMillis() <= nowMillis || !flushes.isEmpty())) {
      PendingChanges.Batch batch = pending.take(items, full);
      // Keys that wait without their values are taken in any order: only all of them are a prefix.
      changesTaken = pending.isEmpty() ? changes : changesTaken;
      add(batch, false, false, false, pending.isEmpty() ? changes : 0);
    }
  }

  private void add(
      PendingChanges.Batch batch, boolean part, boolean first, boolean last, long change) {
    Sent sent = new Sent(++lastClientSeq, batch, part, first, last, change);
    unacknowledged.add(sent);
    send(sent);
  }

  private void send(Sent sent) {
    sent.call = ++lastCall;
    sent.underWay = true;
    outputs.add(
        sent.part
            ? new WriterOutput.Replace(
                sent.call, epoch, sent.clientSeq, sent.first, sent.last, sent.batch.set())
            : new WriterOutput.Publish(
                sent.call, epoch, sent.clientSeq, sent.batch.set(), sent.batch.removed()));
  }

  private boolean isSafe() {
    return claimed && isQuiet() && !partsWanted && parts == null && trouble.isEmpty();
  }

  private long unprotectedAtMillis() {
    boolean waits = !isSafe() && (isProtected || !told);
    return waits ? troubleSinceMillis + config.unprotectedMillis() : Long.MAX_VALUE;
  }

  private void tellProtection() {
    if (isSafe()) {
      if (!isProtected) {
        isProtected = true;
        told = true;
        outputs.add(new WriterOutput.Protected());
      }
    } else if (nowMillis >= unprotectedAtMillis()) {
      isProtected = false;
      told = true;
      pending.collapse();
      String reason = trouble.isEmpty() ? "the replicator does not answer" : trouble;
      outputs.add(new WriterOutput.Unprotected(reason));
    }
    if (told && !isProtected && !waits()) {
      flushes.forEach(f -> outputs.add(new WriterOutput.Flushed(f.request(), acknowledgedSeq)));
      flushes.clear();
    }
  }
}
