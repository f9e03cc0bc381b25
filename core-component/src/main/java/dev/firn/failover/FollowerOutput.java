package dev.firn.failover;

import java.util.SortedMap;

/** What a {@link StreamFollower} wants done, in list order. */
public sealed interface FollowerOutput {
  void perform(FollowerHost host);

  /** Performs outputs; none may block. */
  interface FollowerHost {
    void add(long haveEpoch, long haveSeq);

    void applySnapshot(long epoch, long seq, SortedMap<String, StateItem> items);

    void applyUpdate(StateUpdate update);

    void acknowledge(long seq);

    void heard();

    void lost(String reason);

    void progressed();

    void applyFailed(String reason, long againMillis);
  }

  /**
   * Add the listener, which has the state up to here; {@link FollowerInput.Added} or {@link
   * FollowerInput.AddFailed} follows. 0 and 0: it has none.
   */
  record Add(long haveEpoch, long haveSeq) implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.add(haveEpoch, haveSeq);
    }
  }

  /** Answered with {@link FollowerInput.Applied} or {@link FollowerInput.ApplyFailed}. */
  record ApplySnapshot(long epoch, long seq, SortedMap<String, StateItem> items)
      implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.applySnapshot(epoch, seq, items);
    }
  }

  /** Answered with {@link FollowerInput.Applied} or {@link FollowerInput.ApplyFailed}. */
  record ApplyUpdate(StateUpdate update) implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.applyUpdate(update);
    }
  }

  record Acknowledge(long seq) implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.acknowledge(seq);
    }
  }

  /** The replicator is there, for the first time or again. */
  record Heard() implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.heard();
    }
  }

  record Lost(String reason) implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.lost(reason);
    }
  }

  /** The position, the head or the lag is another. */
  record Progressed() implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.progressed();
    }
  }

  /**
   * The component could not apply what it was given; it gets everything again after a while.
   *
   * @param againMillis how long that is
   */
  record CannotApply(String reason, long againMillis) implements FollowerOutput {
    @Override
    public void perform(FollowerHost host) {
      host.applyFailed(reason, againMillis);
    }
  }
}
