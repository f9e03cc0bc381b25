package dev.firn.storm;

import com.zeroc.Ice.ConnectionI;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice._ObjectPrxI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

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

  /** No message carries several events any more. */
  private volatile boolean singly;

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
    return queue.removeFirst(singly ? 1 : Math.min(countMax, eventsMax), bytesMax, overhead);
  }

  /** Whether waiting does not make a fuller message. */
  boolean full(EventQueue queue) {
    return queue.size() >= eventsMax || queue.bytes() + (long) queue.size() * overhead >= bytesMax;
  }

  /**
   * From now on every event of a oneway subscriber goes in a message of its own.
   *
   * @return whether that is new
   */
  synchronized boolean sendSingly() {
    boolean before = singly;
    singly = true;
    return !before;
  }

  /**
   * The message that carries these events.
   *
   * @param coalesced told which connection is about to carry several events of a oneway subscriber,
   *     which did not ask for that
   */
  EventCall call(List<Event> events, Consumer<ConnectionI> coalesced) {
    Event first = events.get(0);
    if (kind == SubscriberKind.LINK) {
      ByteBuffer message = messages.forward(events);
      return new EventCall(
          proxy, FORWARD, OperationMode.Normal, message, 0, SubscriberOutlet::tellNobody);
    } else if (events.size() == 1 && !kind.waitsForFlush()) {
      ByteBuffer message = messages.request(first);
      return new EventCall(
          proxy, first.operation(), first.mode(), message, 0, SubscriberOutlet::tellNobody);
    }
    ByteBuffer message = messages.batch(events);
    Consumer<ConnectionI> told =
        kind == SubscriberKind.ONEWAY ? coalesced : SubscriberOutlet::tellNobody;
    return new EventCall(proxy, BATCH, OperationMode.Normal, message, events.size(), told);
  }

  private static void tellNobody(ConnectionI connection) {}
}
