package dev.firn.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the few types of Ice's encoding 1.1 that registry rows are made of.
 *
 * <p>Every length is checked against what is left before anything is allocated.
 */
public final class EncodingReader {
  private final ByteBuffer buffer;

  /**
   * @param bytes read from the start; not copied, must not change meanwhile
   */
  public EncodingReader(byte[] bytes) {
    buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public int position() {
    return buffer.position();
  }

  public int remaining() {
    return buffer.remaining();
  }

  public byte readByte() {
    require(1, "byte");
    return buffer.get();
  }

  public int readInt() {
    require(4, "int");
    return buffer.getInt();
  }

  public long readLong() {
    require(8, "long");
    return buffer.getLong();
  }

  /** A size: one byte below 255, else 255 and four bytes. */
  public int readSize() {
    int size = readByte() & 0xff;
    if (size == 255) {
      size = readInt();
    }
    if (size < 0) {
      throw new MalformedEncodingException("negative size " + size + " at " + position());
    }
    return size;
  }

  public String readString() {
    int size = readSize();
    require(size, "string");
    String text = new String(buffer.array(), buffer.position(), size, StandardCharsets.UTF_8);
    skip(size);
    return text;
  }

  public ObjectId readObjectId() {
    String name = readString();
    return new ObjectId(name, readString());
  }

  public EncodedProxy readProxy() {
    int start = position();
    return skipProxy() ? EncodedProxy.slice(buffer.array(), start, position()) : EncodedProxy.NULL;
  }

  /** The next {@code count} bytes. */
  public byte[] readBytes(int count) {
    require(count, "bytes");
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return bytes;
  }

  /**
   * @return false if this was the null proxy: an empty name, whatever category stands beside it and
   *     however its sizes are written
   */
  private boolean skipProxy() {
    int nameSize = readSize();
    skip(nameSize);
    skip(readSize()); // category
    if (nameSize == 0) {
      return false; // the null proxy ends behind its identity
    }
    int facetCount = readSize();
    if (facetCount > 1) {
      throw new MalformedEncodingException("facet path of " + facetCount + " elements");
    }
    for (int i = 0; i < facetCount; i++) {
      skip(readSize());
    }
    skip(1 + 1 + 2 + 2); // mode, secure, protocol version, encoding version
    int endpointCount = readSize();
    if (endpointCount == 0) {
      skip(readSize()); // adapter id
      return true;
    }
    for (int i = 0; i < endpointCount; i++) {
      skip(2); // endpoint type
      int encapsulationSize = readInt();
      if (encapsulationSize < 6) {
        throw new MalformedEncodingException("encapsulation of " + encapsulationSize + " bytes");
      }
      skip(encapsulationSize - 4);
    }
    return true;
  }

  private void skip(int count) {
    require(count, "bytes");
    buffer.position(buffer.position() + count);
  }

  private void require(int count, String what) {
    if (count > buffer.remaining()) {
      throw new MalformedEncodingException(
          what
              + " of "
              + count
              + " bytes, but only "
              + buffer.remaining()
              + " left at "
              + position());
    }
  }
}
