package dev.firn.storm;

import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.IceInternal.Protocol;
import dev.firn.model.EncodingWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes messages of Ice's protocol for one subscriber: its identity and facet, encoded once, and
 * the bytes of the events. The size of the message and the request id are filled in by Ice when it
 * is sent. Any thread.
 */
final class EventMessages {
  private static final int COUNT_BYTES = 4;
  private static final int ENCAPSULATION_HEADER_BYTES = 6;
  private static final String FORWARD = "forward";

  /** Bytes that a forward needs for each event beside the event, at most. */
  static final int FORWARDED_OVERHEAD_MAX = 5;

  /** Bytes of a batch before its first request. */
  static final int HEADER_BYTES = Protocol.headerSize + 4;

  private final byte[] target;
  private final EncodingVersion encoding;

  EventMessages(ObjectPrx subscriber) {
    target = encodedTarget(subscriber.ice_getIdentity(), subscriber.ice_getFacet());
    encoding = subscriber.ice_getEncodingVersion();
  }

  private static byte[] encodedTarget(Identity id, String facet) {
    EncodingWriter writer = new EncodingWriter().writeString(id.name).writeString(id.category);
    if (facet.isEmpty()) {
      writer.writeSize(0);
    } else {
      writer.writeSize(1).writeString(facet);
    }
    return writer.toBytes();
  }

  /** Bytes that a batch needs for each event beside the event. */
  int batchedOverhead() {
    return target.length;
  }

  /** One event, as a request of its own. */
  ByteBuffer request(Event event) {
    ByteBuffer out = message(Protocol.requestHdr, COUNT_BYTES + target.length + event.length());
    event.putInto(out.put(target));
    return out.flip();
  }

  /** A batch of requests in the order of the events. */
  ByteBuffer batch(List<Event> events) {
    int length = COUNT_BYTES;
    for (Event event : events) {
      length += target.length + event.length();
    }
    ByteBuffer out = message(Protocol.requestBatchHdr, length);
    for (Event event : events) {
      event.putInto(out.put(target));
    }
    return out.flip();
  }

  /** A call of {@code forward} with all the events. */
  ByteBuffer forward(List<Event> events) {
    byte[] call =
        new EncodingWriter()
            .writeBytes(target)
            .writeString(FORWARD)
            .writeByte(OperationMode.Normal.value())
            .writeSize(0)
            .toBytes();
    int parameters = ENCAPSULATION_HEADER_BYTES + Event.sizeBytes(events.size());
    for (Event event : events) {
      parameters += event.forwardedLength();
    }
    ByteBuffer out = message(Protocol.requestHdr, COUNT_BYTES + call.length + parameters);
    out.put(call).putInt(parameters).put(encoding.major).put(encoding.minor);
    Event.putSize(out, events.size());
    events.forEach(event -> event.putForwarded(out));
    return out.flip();
  }

  /** A message positioned behind its header and the four bytes of the request id or count. */
  private static ByteBuffer message(byte[] header, int length) {
    ByteBuffer out =
        ByteBuffer.allocate(Protocol.headerSize + length).order(ByteOrder.LITTLE_ENDIAN);
    return out.put(header, 0, Protocol.headerSize).position(Protocol.headerSize + COUNT_BYTES);
  }
}
