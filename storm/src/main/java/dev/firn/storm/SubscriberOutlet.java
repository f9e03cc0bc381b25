package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice._ObjectPrxI;
import java.nio.ByteBuffer;
import java.util.List;

/** How events reach one subscriber: which go into a message, and what the message is. */
final class SubscriberOutlet {
  private static final String BATCH = "ice_flushBatchRequests";
  private static final String FORWARD = "forward";
  private static final int UDP_PAYLOAD_MAX = 65535 - 20 - 8;

  private final SubscriberKind kind;
  private final _ObjectPrxI proxy;
  private final EventMessages messages;
  private final int eventsMax;
  private final int bytesMax;
  private final int overhead;

  /**
   * @param subscriber with time-outs and quality of service applied
   */
  SubscriberOutlet(
      SubscriberKind kind, ObjectPrx subscriber, DeliverySettings settings, Properties properties) {
    this.kind = kind;
    this.proxy = (_ObjectPrxI) carrier(kind, subscriber);
    this.messages = new EventMessages(subscriber);
    this.eventsMax = kind.coalesces() ? settings.coalesceEventsMax() : 1;
    this.bytesMax =
        kind.datagram()
            ? Math.min(
                settings.coalesceBytesMax(),
                properties.getPropertyAsIntWithDefault("Ice.UDP.SndSize", UDP_PAYLOAD_MAX)
                    - EventMessages.HEADER_BYTES)
            : settings.coalesceBytesMax();
    this.overhead =
        kind == SubscriberKind.LINK
            ? EventMessages.FORWARDED_OVERHEAD_MAX
            : messages.batchedOverhead();
  }

  /** Batches are made here, so the proxy that carries them does not batch. */
  private static ObjectPrx carrier(SubscriberKind kind, ObjectPrx subscriber) {
    ObjectPrx remote = subscriber.ice_collocationOptimized(false);
    return switch (kind) {
      case BATCH_ONEWAY -> remote.ice_oneway();
      case BATCH_DATAGRAM -> remote.ice_datagram();
      case LINK -> remote.ice_twoway();
      case ORDERED, TWOWAY, ONEWAY, ONEWAY_PER_REQUEST, DATAGRAM -> remote;
    };
  }

  /** The events of the next message. */
  List<Event> take(EventQueue queue, int countMax) {
    return queue.removeFirst(Math.min(countMax, eventsMax), bytesMax, overhead);
  }

  /** Whether waiting does not make a fuller message. */
  boolean full(EventQueue queue) {
    return queue.size() >= eventsMax || queue.bytes() + (long) queue.size() * overhead >= bytesMax;
  }

  /** The message that carries these events. */
  EventCall call(List<Event> events) {
    Event first = events.get(0);
    if (kind == SubscriberKind.LINK) {
      ByteBuffer message = messages.forward(events);
      return new EventCall(proxy, FORWARD, OperationMode.Normal, message, 0);
    } else if (events.size() == 1 && !kind.waitsForFlush()) {
      ByteBuffer message = messages.request(first);
      return new EventCall(proxy, first.operation(), first.mode(), message, 0);
    }
    ByteBuffer message = messages.batch(events);
    return new EventCall(proxy, BATCH, OperationMode.Normal, message, events.size());
  }
}
