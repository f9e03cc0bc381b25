package dev.firn.failover;

import java.util.List;

/**
 * What a {@link StreamWriter} wants done, in list order. Calls may overtake each other's answers.
 */
public sealed interface WriterOutput {
  void perform(WriterHost host);

  /** Performs outputs; none may block. */
  interface WriterHost {
    void claim(long call, long epoch);

    void probe(long call);

    void publish(long call, long epoch, long clientSeq, List<StateItem> set, List<String> removed);

    void replace(
        long call, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set);

    void flushed(long request, long seq);

    void flushFailed(long request, long current);

    void stale(long current);

    void unprotected(String reason);

    void protectedAgain();
  }

  record Claim(long call, long epoch) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.claim(call, epoch);
    }
  }

  /** Ask for the epoch and the newest seq of the stream. */
  record Probe(long call) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.probe(call);
    }
  }

  record Publish(long call, long epoch, long clientSeq, List<StateItem> set, List<String> removed)
      implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.publish(call, epoch, clientSeq, set, removed);
    }
  }

  /** One part of the whole state. */
  record Replace(
      long call, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set)
      implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.replace(call, epoch, clientSeq, first, last, set);
    }
  }

  /**
   * @param seq the last that was acknowledged
   */
  record Flushed(long request, long seq) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.flushed(request, seq);
    }
  }

  /** Another instance writes. */
  record FlushFailed(long request, long current) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.flushFailed(request, current);
    }
  }

  /** Another instance has a newer epoch; nothing follows. */
  record Stale(long current) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.stale(current);
    }
  }

  record Unprotected(String reason) implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.unprotected(reason);
    }
  }

  record Protected() implements WriterOutput {
    @Override
    public void perform(WriterHost host) {
      host.protectedAgain();
    }
  }
}
