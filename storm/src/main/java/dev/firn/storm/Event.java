package dev.firn.storm;

import com.zeroc.Ice.OperationMode;
import dev.firn.model.EncodingWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a publisher called, encoded once: operation, mode, context and parameters, as they stand in
 * a request behind the identity and facet of its target. All subscribers share it. Immutable.
 */
final class Event {
  private static final String COST = "cost";
  private static final byte[] NO_CONTEXT = {0};
  private static final int LONG_SIZE_BYTES = 5;
  private static final int SHORT_SIZE_MAX = 254;

  private final byte[] body;
  private final int contextStart;
  private final int parametersStart;
  private final int cost;

  private Event(byte[] body, int contextStart, int parametersStart, int cost) {
    this.body = body;
    this.contextStart = contextStart;
    this.parametersStart = parametersStart;
    this.cost = cost;
  }

  /**
   * @param parameters with their encapsulation; not looked into
   */
  static Event of(
      String operation, OperationMode mode, Map<String, String> context, byte[] parameters) {
    byte[] name = operation.getBytes(StandardCharsets.UTF_8);
    byte[] contextBytes = encoded(context);
    int contextStart = sizeBytes(name.length) + name.length + 1;
    int parametersStart = contextStart + contextBytes.length;
    byte[] body = new byte[parametersStart + parameters.length];
    ByteBuffer out = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    putSize(out, name.length);
    out.put(name).put((byte) mode.value()).put(contextBytes).put(parameters);
    int cost = context.isEmpty() ? 0 : LeadingInteger.of(context.getOrDefault(COST, ""));
    return new Event(body, contextStart, parametersStart, cost);
  }

  private static byte[] encoded(Map<String, String> context) {
    if (context.isEmpty()) {
      return NO_CONTEXT;
    }
    EncodingWriter writer = new EncodingWriter().writeSize(context.size());
    context.forEach((key, value) -> writer.writeString(key).writeString(value));
    return writer.toBytes();
  }

  /** Bytes in a request. */
  int length() {
    return body.length;
  }

  /** Puts it behind the identity and facet of its target. */
  void putInto(ByteBuffer request) {
    request.put(body);
  }

  OperationMode mode() {
    return OperationMode.valueOf(body[contextStart - 1]);
  }

  /** The name of the operation; decoded at each call. */
  String operation() {
    int start = body[0] == -1 ? LONG_SIZE_BYTES : 1;
    return new String(body, start, contextStart - 1 - start, StandardCharsets.UTF_8);
  }

  /** What links compare with their cost. */
  int cost() {
    return cost;
  }

  /** Bytes as an element of what a link forwards. */
  int forwardedLength() {
    return body.length + sizeBytes(body.length - parametersStart);
  }

  /** Puts it as an element of what a link forwards: there, the context comes last. */
  void putForwarded(ByteBuffer out) {
    out.put(body, 0, contextStart);
    int parameters = body.length - parametersStart;
    putSize(out, parameters);
    out.put(body, parametersStart, parameters);
    out.put(body, contextStart, parametersStart - contextStart);
  }

  /** Bytes that Ice's encoding takes for a size. */
  static int sizeBytes(int size) {
    return size <= SHORT_SIZE_MAX ? 1 : LONG_SIZE_BYTES;
  }

  static void putSize(ByteBuffer out, int size) {
    if (size <= SHORT_SIZE_MAX) {
      out.put((byte) size);
    } else {
      out.put((byte) -1).putInt(size);
    }
  }
}
