package dev.firn.failover;

import dev.firn.election.LogPosition;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.StateContent;
import dev.firn.failover.StreamCommand.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/** All streams of a replicator, by name. Immutable: a change makes a new instance. */
public final class StreamTables implements ReplicatedState {
  public static final StreamTables EMPTY = new StreamTables(TreePMap.empty(), LogPosition.ZERO, 0);

  private final TreePMap<String, StreamState> streams;
  private final LogPosition position;
  private final long promise;

  private StreamTables(TreePMap<String, StreamState> streams, LogPosition position, long promise) {
    this.streams = streams;
    this.position = position;
    this.promise = promise;
  }

  /** Of several replicators; {@link LogPosition#ZERO} where there is one. */
  @Override
  public LogPosition position() {
    return position;
  }

  @Override
  public long promise() {
    return promise;
  }

  /** The streams that have ever been claimed or configured, sorted. */
  public List<StreamState> streams() {
    return List.copyOf(streams.values());
  }

  /** An empty stream if there is none of this name. */
  public StreamState stream(String name) {
    StreamState state = streams.get(name);
    return state == null ? StreamState.empty(name) : state;
  }

  /** Decides; changes nothing itself. */
  @Override
  public Result apply(StateCommand command) {
    StreamCommand wanted = (StreamCommand) command;
    return wanted.decide(stream(wanted.stream()));
  }

  @Override
  public Result follow(StateCommand command) {
    return apply(command);
  }

  @Override
  public StreamTables with(List<? extends StateChange> changes) {
    TreePMap<String, StreamState> all = streams;
    LogPosition reached = position;
    long promised = promise;
    for (StateChange change : changes) {
      if (change instanceof StateChange.SetPosition set) {
        reached = set.position();
      } else if (change instanceof StateChange.SetPromise set) {
        promised = set.generation();
      } else {
        all = changed(all, (StreamChange) change);
      }
    }
    return new StreamTables(all, reached, promised);
  }

  private static TreePMap<String, StreamState> changed(
      TreePMap<String, StreamState> all, StreamChange change) {
    if (change instanceof StreamChange.RemoveStream) {
      return all.minus(change.stream());
    }
    StreamState old = all.get(change.stream());
    StreamState state = old == null ? StreamState.empty(change.stream()) : old;
    return all.plus(change.stream(), changed(state, change));
  }

  @Override
  public List<StreamContent> content() {
    return streams.values().stream().map(StreamContent::new).toList();
  }

  @Override
  public List<StateChange> changesTo(List<? extends StateContent> content) {
    List<StateChange> changes = new ArrayList<>();
    TreeSet<String> surplus = new TreeSet<>(streams.keySet());
    for (StateContent part : content) {
      StreamState wanted = ((StreamContent) part).stream();
      surplus.remove(wanted.name());
      StreamState there = streams.get(wanted.name());
      if (!wanted.equals(there)) {
        addChanges(there == null ? StreamState.empty(wanted.name()) : there, wanted, changes);
      }
    }
    surplus.forEach(name -> changes.add(new StreamChange.RemoveStream(name)));
    return changes;
  }

  private static void addChanges(StreamState old, StreamState wanted, List<StateChange> changes) {
    for (String key : old.items().keySet()) {
      if (!wanted.items().containsKey(key)) {
        changes.add(new StreamChange.RemoveItem(wanted.name(), key));
      }
    }
    for (StateItem item : wanted.items().values()) {
      if (!item.equals(old.items().get(item.key()))) {
        changes.add(new StreamChange.PutItem(wanted.name(), item));
      }
    }
    if (!wanted.parts().equals(old.parts())) {
      changes.add(new StreamChange.ClearParts(wanted.name()));
      wanted
          .parts()
          .values()
          .forEach(item -> changes.add(new StreamChange.PutPart(wanted.name(), item)));
    }
    changes.add(StreamChange.SetHead.of(wanted));
  }

  /** Whether both have the same streams, whatever their positions. */
  public boolean sameStreams(StreamTables other) {
    return streams.equals(other.streams);
  }

  @Override
  public String toString() {
    return position + " promise " + promise + " " + streams.values();
  }

  private static StreamState changed(StreamState state, StreamChange change) {
    if (change instanceof StreamChange.SetHead head) {
      return state.withHead(head);
    } else if (change instanceof StreamChange.PutItem put) {
      return state.withItems(state.items().plus(put.item().key(), put.item()));
    } else if (change instanceof StreamChange.RemoveItem remove) {
      return state.withItems(state.items().minus(remove.key()));
    } else if (change instanceof StreamChange.ClearItems) {
      return state.withItems(TreePMap.empty());
    } else if (change instanceof StreamChange.PutPart put) {
      return state.withParts(state.parts().plus(put.item().key(), put.item()));
    } else if (change instanceof StreamChange.ClearParts) {
      return state.withParts(TreePMap.empty());
    } else if (change instanceof StreamChange.TakeParts) {
      return state.withItems(state.parts()).withParts(TreePMap.empty());
    }
    throw new IllegalStateException("unknown change " + change);
  }

  /**
   * What a restart means where state is in memory only: epochs are kept and items are not, and no
   * seq comes twice. Configuration stays.
   */
  public List<StreamChange> forgetting() {
    List<StreamChange> changes = new ArrayList<>();
    for (StreamState state : streams.values()) {
      if (!state.isConfiguration()) {
        changes.addAll(forgetting(state.name()));
      }
    }
    return List.copyOf(changes);
  }

  /** The same for one stream. */
  public List<StreamChange> forgetting(String name) {
    return List.of(
        new StreamChange.ClearItems(name),
        new StreamChange.ClearParts(name),
        StreamChange.SetHead.of(stream(name).forgotten()));
  }
}
