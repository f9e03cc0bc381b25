package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What somebody wants of a stream. {@link StreamTables#apply} decides. */
public sealed interface StreamCommand extends StateCommand {
  String stream();

  @Override
  default String operation() {
    return "update of stream " + stream();
  }

  /** What becomes of a command. */
  sealed interface Result extends StateResult {}

  /**
   * Done, or done before.
   *
   * @param seq of the update; the newest, of a claim
   * @param changes none if it had been done before
   */
  record Applied(long epoch, long seq, List<StreamChange> changes) implements Result {
    public Applied {
      changes = List.copyOf(changes);
    }

    @Override
    public Optional<String> refusal() {
      return Optional.empty();
    }
  }

  /** Not done, and nothing has changed. */
  record Rejected(Reason reason) implements Result {
    public Rejected {
      requireNonNull(reason, "reason");
    }

    @Override
    public List<StreamChange> changes() {
      return List.of();
    }

    @Override
    public Optional<String> refusal() {
      return Optional.of(reason.toString());
    }
  }

  /** Why not. */
  sealed interface Reason {}

  /**
   * @param epoch the newest
   */
  record StaleWriter(long epoch) implements Reason {}

  /**
   * The stream does not know this epoch, or has forgotten its items.
   *
   * @param epoch the newest; not above the writer's
   */
  record Forgotten(long epoch) implements Reason {}

  /** An update of the writer is missing. */
  record Gap(long expectedClientSeq) implements Reason {}

  /** An item has a lower version than the one that is there. */
  record SerialConflict(String key) implements Reason {}

  /** What the command does to a stream. */
  Result decide(StreamState state);

  /**
   * Begins an epoch.
   *
   * @param proposedEpoch above all earlier ones; 0: the next. The writer's own as long as nothing
   *     was published in it: after that, who claims it has restarted and numbers anew
   * @param firstSeq above the seq of any update that a stream of this name may ever have had
   * @param replaces whether the claimant publishes its whole state if the stream has not all of it.
   *     Then followers keep what they have until that has come: those of a stream that forgot, and
   *     those of one that nobody knows here but of which somebody has an epoch; and no update of
   *     the new one is ever taken for one of the old. Else such a stream begins empty
   */
  record Claim(String stream, String instance, long proposedEpoch, long firstSeq, boolean replaces)
      implements StreamCommand {
    public Claim {
      requireNonNull(stream, "stream");
      requireNonNull(instance, "instance");
    }

    @Override
    public Result decide(StreamState state) {
      long epoch = proposedEpoch == 0 ? state.epoch() + 1 : proposedEpoch;
      boolean own =
          epoch == state.epoch() && instance.equals(state.writer()) && state.clientSeq() == 0;
      if (epoch <= state.epoch() && !own) {
        return new Rejected(new StaleWriter(state.epoch()));
      }
      boolean isLost = replaces && state.epoch() == 0 && proposedEpoch > 0;
      boolean whole = !isLost && (state.whole() || !replaces);
      if (own && whole == state.whole()) {
        return new Applied(epoch, state.seq(), List.of());
      }
      long partsSeq = isLost ? firstSeq : whole ? 0 : state.partsSeq();
      List<StreamChange> changes = new ArrayList<>();
      if (!state.parts().isEmpty()) {
        // Of the last writer, which cannot go on.
        changes.add(new StreamChange.ClearParts(stream));
      }
      changes.add(
          new StreamChange.SetHead(stream, epoch, instance, state.seq(), 0, whole, partsSeq));
      return new Applied(epoch, state.seq(), changes);
    }
  }

  /**
   * One update. A repeated one is answered as the first time.
   *
   * @param clientSeq 1, 2, 3 ... in each epoch
   */
  record Publish(
      String stream, long epoch, long clientSeq, List<StateItem> set, List<String> removed)
      implements StreamCommand {
    public Publish {
      requireNonNull(stream, "stream");
      set = List.copyOf(set);
      removed = List.copyOf(removed);
    }

    @Override
    public Result decide(StreamState state) {
      if (epoch != state.epoch()) {
        return otherEpoch(state, epoch);
      }
      if (clientSeq <= state.clientSeq()) {
        return repeated(state, clientSeq);
      }
      if (state.isForgotten()) {
        return new Rejected(new Forgotten(state.epoch()));
      }
      if (!state.whole() || state.isReplacing() || clientSeq != state.clientSeq() + 1) {
        return new Rejected(new Gap(state.clientSeq() + 1));
      }
      long seq = state.seq() + 1;
      List<StreamChange> changes = new ArrayList<>();
      set.forEach(item -> changes.add(new StreamChange.PutItem(stream, item)));
      removed.forEach(key -> changes.add(new StreamChange.RemoveItem(stream, key)));
      changes.add(new StreamChange.SetHead(stream, epoch, state.writer(), seq, clientSeq, true, 0));
      return new Applied(epoch, seq, changes);
    }
  }

  /**
   * A part of the writer's whole state, numbered as updates are. The last takes the place of all
   * that was there; until then, what was there is the only copy of it, and stays.
   */
  record Replace(
      String stream, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set)
      implements StreamCommand {
    public Replace {
      requireNonNull(stream, "stream");
      set = List.copyOf(set);
    }

    @Override
    public Result decide(StreamState state) {
      if (epoch != state.epoch()) {
        return otherEpoch(state, epoch);
      }
      if (clientSeq <= state.clientSeq()) {
        return repeated(state, clientSeq);
      }
      if (!first) {
        if (state.isForgotten()) {
          return new Rejected(new Forgotten(state.epoch()));
        }
        if (!state.isReplacing() || clientSeq != state.clientSeq() + 1) {
          return new Rejected(new Gap(state.clientSeq() + 1));
        }
      }
      long seq = Math.max(state.seq(), state.partsSeq()) + 1;
      List<StreamChange> changes = new ArrayList<>();
      if (first && !state.parts().isEmpty()) {
        changes.add(new StreamChange.ClearParts(stream));
      }
      if (first && last) {
        changes.add(new StreamChange.ClearItems(stream));
        set.forEach(item -> changes.add(new StreamChange.PutItem(stream, item)));
      } else {
        set.forEach(item -> changes.add(new StreamChange.PutPart(stream, item)));
      }
      if (last && !first) {
        changes.add(new StreamChange.TakeParts(stream));
      }
      changes.add(
          last
              ? new StreamChange.SetHead(stream, epoch, state.writer(), seq, clientSeq, true, 0)
              : new StreamChange.SetHead(
                  stream, epoch, state.writer(), state.seq(), clientSeq, state.whole(), seq));
      return new Applied(epoch, seq, changes);
    }
  }

  /**
   * Changes configuration: all of it or, on a conflict, nothing.
   *
   * @param removed keys and the versions that the caller knows
   * @param removedPrefixes every key that begins with one of these is removed
   */
  record Configure(
      String stream, List<StateItem> set, List<StateItem> removed, List<String> removedPrefixes)
      implements StreamCommand {
    public Configure {
      requireNonNull(stream, "stream");
      set = List.copyOf(set);
      removed = List.copyOf(removed);
      removedPrefixes = List.copyOf(removedPrefixes);
    }

    @Override
    public Result decide(StreamState state) {
      for (StateItem item : concat(set, removed)) {
        StateItem there = state.items().get(item.key());
        if (there != null && item.version() < there.version()) {
          return new Rejected(new SerialConflict(item.key()));
        }
      }
      List<StreamChange> changes = new ArrayList<>();
      set.forEach(item -> changes.add(new StreamChange.PutItem(stream, item)));
      removed.forEach(item -> changes.add(new StreamChange.RemoveItem(stream, item.key())));
      for (String prefix : removedPrefixes) {
        for (String key : state.items().tailMap(prefix).keySet()) {
          if (!key.startsWith(prefix)) {
            break;
          }
          changes.add(new StreamChange.RemoveItem(stream, key));
        }
      }
      long seq = state.seq() + 1;
      changes.add(new StreamChange.SetHead(stream, state.epoch(), state.writer(), seq, 0, true, 0));
      return new Applied(state.epoch(), seq, changes);
    }

    private static List<StateItem> concat(List<StateItem> one, List<StateItem> other) {
      List<StateItem> all = new ArrayList<>(one);
      all.addAll(other);
      return all;
    }
  }

  private static Result otherEpoch(StreamState state, long epoch) {
    return new Rejected(
        epoch < state.epoch() ? new StaleWriter(state.epoch()) : new Forgotten(state.epoch()));
  }

  /** Each number of the writer has taken one seq, so the seq of an earlier one can be told. */
  private static Result repeated(StreamState state, long clientSeq) {
    return new Applied(
        state.epoch(), state.numberedSeq() - (state.clientSeq() - clientSeq), List.of());
  }
}
