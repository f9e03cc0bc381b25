package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.SubscriberRecord;

/** The ways in which events reach a subscriber. */
enum SubscriberKind {
  /** A twoway proxy and ordered reliability. */
  ORDERED(1, true, false),
  TWOWAY(5, true, false),
  /** Sends what is there in one message. */
  ONEWAY(1, false, true),
  /** The connection is chosen anew for each event, so no two go in one message. */
  ONEWAY_PER_REQUEST(5, false, false),
  DATAGRAM(5, false, false),
  BATCH_ONEWAY(1, false, true),
  BATCH_DATAGRAM(1, false, true),
  LINK(1, true, true);

  private final int messagesMax;
  private final boolean replies;
  private final boolean coalesces;

  SubscriberKind(int messagesMax, boolean replies, boolean coalesces) {
    this.messagesMax = messagesMax;
    this.replies = replies;
    this.coalesces = coalesces;
  }

  /**
   * @param proxy with the quality of service applied
   */
  static SubscriberKind of(SubscriberRecord record, ObjectPrx proxy, Qos qos) {
    if (record.link()) {
      return LINK;
    } else if (proxy.ice_isTwoway()) {
      return qos.ordered() ? ORDERED : TWOWAY;
    } else if (proxy.ice_isOneway()) {
      return proxy.ice_isConnectionCached() ? ONEWAY : ONEWAY_PER_REQUEST;
    } else if (proxy.ice_isDatagram()) {
      return DATAGRAM;
    }
    return proxy.ice_isBatchDatagram() ? BATCH_DATAGRAM : BATCH_ONEWAY;
  }

  /** Messages under way at a time: not answered, or not yet written. */
  int messagesMax() {
    return messagesMax;
  }

  /** Whether a message is done when it is answered, and not when it is written. */
  boolean replies() {
    return replies;
  }

  /** Whether a message carries several events. */
  boolean coalesces() {
    return coalesces;
  }

  /** Whether events wait for the flush time-out. */
  boolean waitsForFlush() {
    return this == BATCH_ONEWAY || this == BATCH_DATAGRAM;
  }

  boolean datagram() {
    return this == DATAGRAM || this == BATCH_DATAGRAM;
  }
}
