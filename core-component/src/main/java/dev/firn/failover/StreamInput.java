package dev.firn.failover;

import java.util.List;

/** What happens to a {@link StateStream}. */
public sealed interface StreamInput {
  /**
   * An epoch began; it is on disk.
   *
   * @param whole whether the items are all there are
   */
  record Claimed(long epoch, String writer, boolean whole) implements StreamInput {}

  /** An update is as durable as it must be; the next one in the order of the stream. */
  record Published(StateUpdate update) implements StreamInput {}

  /**
   * A part of the writer's whole state; the last takes the place of all that was there.
   *
   * @param seq of the stream if this is the last
   */
  record Replaced(long epoch, long seq, boolean first, boolean last, List<StateItem> set)
      implements StreamInput {
    public Replaced {
      set = List.copyOf(set);
    }
  }

  /** The writer waits for the acknowledgement of an update, which was {@link Published}. */
  record Await(long request, long seq) implements StreamInput {}

  /**
   * Replaces the listener of the same instance.
   *
   * @param listener unique, of this call
   * @param address equal for equal proxies
   */
  record AddListener(String instance, long listener, String address, long haveEpoch, long haveSeq)
      implements StreamInput {}

  record RemoveListener(String instance) implements StreamInput {}

  /** The instance has applied everything up to here. */
  record Acknowledged(String instance, long seq) implements StreamInput {}

  /** The listener has taken what was delivered last. */
  record Delivered(long listener) implements StreamInput {}

  /**
   * @param gone whether there is no such object any more
   */
  record DeliveryFailed(long listener, boolean gone, String reason) implements StreamInput {}

  /** It is {@link StateStream#wakeAtMillis}. */
  record Tick() implements StreamInput {}
}
