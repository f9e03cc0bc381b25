package dev.firn.failover;

import java.util.List;

/** What happens to a {@link StreamFollower}. */
public sealed interface FollowerInput {
  /** The first input. */
  record Start() implements FollowerInput {}

  /** The replicator has the listener. */
  record Added() implements FollowerInput {}

  record AddFailed(String reason) implements FollowerInput {}

  record SnapshotBegin(long epoch, long seq) implements FollowerInput {}

  record SnapshotItems(List<StateItem> items) implements FollowerInput {
    public SnapshotItems {
      items = List.copyOf(items);
    }
  }

  record SnapshotEnd(long seq) implements FollowerInput {}

  /** Empty if only to say that nothing happened. */
  record Updates(List<StateUpdate> updates) implements FollowerInput {
    public Updates {
      updates = List.copyOf(updates);
    }
  }

  /** The component has applied what the last {@code Apply} output gave it. */
  record Applied() implements FollowerInput {}

  /** The component could not; it gets everything again. */
  record ApplyFailed(String reason) implements FollowerInput {}

  /** It is {@link StreamFollower#wakeAtMillis}. */
  record Tick() implements FollowerInput {}
}
