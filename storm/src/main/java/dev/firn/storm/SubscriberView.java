package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.SubscriberRecord;

/** A subscriber or link as metrics see it. Any thread; the numbers may be of different moments. */
interface SubscriberView {
  SubscriberRecord record();

  /** The proxy that events are sent with. */
  ObjectPrx proxy();

  SubscriberState state();

  /** Events waiting. */
  int queued();

  /** Events handed to Ice and not yet written, or not yet answered by a twoway subscriber. */
  int outstanding();

  /** Events delivered since the subscriber is known here. */
  long delivered();

  /** Whether it was removed; for ever, if so. */
  boolean ended();
}
