package dev.firn.bench;

import dev.firn.model.EncodingWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Messages of Ice's protocol, written and read by hand: the load must cost less than what it
 * measures.
 */
final class StormFrames {
  static final int HEADER_BYTES = 14;
  static final byte REQUEST = 0;
  static final byte BATCH = 1;
  static final byte VALIDATE = 3;

  private static final byte[] MAGIC = {'I', 'c', 'e', 'P', 1, 0, 1, 0};
  private static final String OPERATION = "event";
  private static final int ENCAPSULATION_HEADER_BYTES = 6;
  private static final int TYPE_OFFSET = 8;
  private static final int SIZE_OFFSET = 10;
  private static final int REPLY = 2;

  private StormFrames() {}

  /** The events' parameters begin with the time they were sent at; larger than this. */
  static final int PAYLOAD_MIN = 8;

  static byte type(ByteBuffer message) {
    return message.get(message.position() + TYPE_OFFSET);
  }

  /** Of the message that starts at the buffer's position, its header included. */
  static int size(ByteBuffer message) {
    return message.getInt(message.position() + SIZE_OFFSET);
  }

  /** What a server says first. */
  static ByteBuffer validation() {
    return ByteBuffer.wrap(message(VALIDATE, new byte[0]));
  }

  /** An empty answer to a request. */
  static void putReply(ByteBuffer out, int requestId) {
    out.put(MAGIC).put((byte) REPLY).put((byte) 0).putInt(HEADER_BYTES + 11);
    out.putInt(requestId).put((byte) 0);
    out.putInt(ENCAPSULATION_HEADER_BYTES).put((byte) 1).put((byte) 1);
  }

  /** Bytes of {@link #putReply}. */
  static final int REPLY_BYTES = HEADER_BYTES + 11;

  /**
   * One oneway request.
   *
   * @param payload bytes of its parameters, the encapsulation's header not counted
   */
  static byte[] request(String name, String category, int payload) {
    return message(
        REQUEST, new EncodingWriter().writeInt(0).writeBytes(body(name, category, payload)));
  }

  /** A batch of the same request. */
  static byte[] batch(String name, String category, int payload, int count) {
    EncodingWriter writer = new EncodingWriter().writeInt(count);
    byte[] body = body(name, category, payload);
    for (int i = 0; i < count; i++) {
      writer.writeBytes(body);
    }
    return message(BATCH, writer);
  }

  private static byte[] message(byte type, EncodingWriter content) {
    return message(type, content.toBytes());
  }

  private static byte[] message(byte type, byte[] content) {
    return new EncodingWriter()
        .writeBytes(MAGIC)
        .writeByte(type)
        .writeByte(0)
        .writeInt(HEADER_BYTES + content.length)
        .writeBytes(content)
        .toBytes();
  }

  private static byte[] body(String name, String category, int payload) {
    return new EncodingWriter()
        .writeString(name)
        .writeString(category)
        .writeSize(0)
        .writeString(OPERATION)
        .writeByte(0)
        .writeSize(0)
        .writeInt(ENCAPSULATION_HEADER_BYTES + payload)
        .writeByte(1)
        .writeByte(1)
        .writeBytes(new byte[payload])
        .toBytes();
  }

  /** Moves past a request's identity, facet, operation, mode and context to its parameters. */
  static void skipToPayload(ByteBuffer in) {
    skipString(in);
    skipString(in);
    for (int facets = size(in, true); facets > 0; facets--) {
      skipString(in);
    }
    skipString(in);
    in.get();
    for (int entries = size(in, true); entries > 0; entries--) {
      skipString(in);
      skipString(in);
    }
  }

  /** Moves past the parameters; returns the first eight bytes of what they contain. */
  static long readPayload(ByteBuffer in) {
    int start = in.position();
    int length = in.getInt(start);
    long first = in.getLong(start + ENCAPSULATION_HEADER_BYTES);
    in.position(start + length);
    return first;
  }

  private static void skipString(ByteBuffer in) {
    int length = size(in, true);
    in.position(in.position() + length);
  }

  private static int size(ByteBuffer in, boolean move) {
    int first = in.get() & 0xff;
    return first == 0xff && move ? in.getInt() : first;
  }

  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
