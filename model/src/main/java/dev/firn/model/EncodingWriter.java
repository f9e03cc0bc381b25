package dev.firn.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the few types of Ice's encoding 1.1 that registry rows are made of. Grows by itself. */
public final class EncodingWriter {
  private static final int INITIAL_BYTES = 64;

  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  public EncodingWriter writeByte(int value) {
    reserve(1).put((byte) value);
    return this;
  }

  public EncodingWriter writeInt(int value) {
    reserve(4).putInt(value);
    return this;
  }

  public EncodingWriter writeLong(long value) {
    reserve(8).putLong(value);
    return this;
  }

  public EncodingWriter writeSize(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("size must be >= 0: " + size);
    }
    return size < 255 ? writeByte(size) : writeByte(255).writeInt(size);
  }

  public EncodingWriter writeString(String text) {
    return writeBlob(text.getBytes(StandardCharsets.UTF_8));
  }

  public EncodingWriter writeObjectId(ObjectId id) {
    return writeString(id.name()).writeString(id.category());
  }

  public EncodingWriter writeProxy(EncodedProxy proxy) {
    proxy.putInto(reserve(proxy.length()));
    return this;
  }

  /** The bytes themselves, without a size. */
  public EncodingWriter writeBytes(byte[] bytes) {
    reserve(bytes.length).put(bytes);
    return this;
  }

  /** Some of the bytes, without a size. */
  EncodingWriter writeBytes(byte[] bytes, int offset, int length) {
    reserve(length).put(bytes, offset, length);
    return this;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private EncodingWriter writeBlob(byte[] bytes) {
    writeSize(bytes.length);
    return writeBytes(bytes);
  }

  private ByteBuffer reserve(int count) {
    if (buffer.remaining() < count) {
      int capacity = Math.max(buffer.capacity() * 2, buffer.position() + count);
      ByteBuffer larger = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
      buffer.flip();
      larger.put(buffer);
      buffer = larger;
    }
    return buffer;
  }
}
