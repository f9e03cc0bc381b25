package dev.firn.failover;

import java.util.List;

/** What happens to a {@link StreamWriter}. Each call it made is answered exactly once. */
public sealed interface WriterInput {
  /** The first input. */
  record Start() implements WriterInput {}

  /** The component changed its state; a key is not in both. */
  record Change(List<StateItem> set, List<String> removed) implements WriterInput {
    public Change {
      set = List.copyOf(set);
      removed = List.copyOf(removed);
    }
  }

  /** Somebody wants to know when all that was changed before is safe. */
  record Flush(long request) implements WriterInput {}

  /**
   * A call was carried out.
   *
   * @param epoch of the stream, after {@link WriterOutput.Claim} and {@link WriterOutput.Probe}
   * @param seq of the update, or the newest of the stream
   */
  record Answered(long call, long epoch, long seq) implements WriterInput {}

  /** Refused with StaleWriter. */
  record Stale(long call, long epoch) implements WriterInput {}

  /** Refused with TooLarge. */
  record TooLarge(long call, long limit) implements WriterInput {}

  /** Not carried out, or not known whether; another replicator may be asked next time. */
  record Failed(long call, String reason) implements WriterInput {}

  /**
   * Refused because an earlier update of the writer is not there.
   *
   * @param expectedClientSeq the number of the first one that is not
   */
  record Gap(long call, long expectedClientSeq) implements WriterInput {}

  /** It is {@link StreamWriter#wakeAtMillis}. */
  record Tick() implements WriterInput {}
}
