package dev.firn.failover;

import static java.util.Objects.requireNonNull;

import dev.firn.election.StateChange;

/** One row to write: what a store does to disk and {@link StreamTables#with} to memory. */
public sealed interface StreamChange extends StateChange {
  String stream();

  /** All of a stream but its items; makes the stream if there is none. */
  record SetHead(
      String stream,
      long epoch,
      String writer,
      long seq,
      long clientSeq,
      boolean whole,
      long partsSeq)
      implements StreamChange {
    public SetHead {
      requireNonNull(stream, "stream");
      requireNonNull(writer, "writer");
    }

    public static SetHead of(StreamState state) {
      return new SetHead(
          state.name(),
          state.epoch(),
          state.writer(),
          state.seq(),
          state.clientSeq(),
          state.whole(),
          state.partsSeq());
    }
  }

  record PutItem(String stream, StateItem item) implements StreamChange {}

  /** The key need not be there. */
  record RemoveItem(String stream, String key) implements StreamChange {}

  record ClearItems(String stream) implements StreamChange {}

  /** One item of the whole state that the writer publishes. */
  record PutPart(String stream, StateItem item) implements StreamChange {}

  record ClearParts(String stream) implements StreamChange {}

  /** The parts become the items. */
  record TakeParts(String stream) implements StreamChange {}

  /** As if there had never been such a stream. */
  record RemoveStream(String stream) implements StreamChange {}
}
