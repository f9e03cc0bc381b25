package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.failover.StreamCommand.Result;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/** All streams of a replicator, by name. Immutable: a change makes a new instance. */
public final class StreamTables {
  public static final StreamTables EMPTY = new StreamTables(TreePMap.empty());

  private final TreePMap<String, StreamState> streams;

  private StreamTables(TreePMap<String, StreamState> streams) {
    this.streams = streams;
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
  public Result apply(StreamCommand command) {
    return command.decide(stream(command.stream()));
  }

  public StreamTables with(List<? extends StreamChange> changes) {
    TreePMap<String, StreamState> all = streams;
    for (StreamChange change : changes) {
      StreamState old = all.get(change.stream());
      StreamState state = old == null ? StreamState.empty(change.stream()) : old;
      all = all.plus(change.stream(), changed(state, requireNonNull(change, "change")));
    }
    return new StreamTables(all);
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
        changes.add(new StreamChange.ClearItems(state.name()));
        changes.add(StreamChange.SetHead.of(state.forgotten()));
      }
    }
    return List.copyOf(changes);
  }
}
