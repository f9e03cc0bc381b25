package dev.firn.model;

import java.util.Arrays;

/**
 * A proxy as Ice's encoding 1.1 puts it on the wire, options and endpoints included.
 *
 * <p>The registry stores and answers proxies without ever looking inside, so it keeps the bytes:
 * nothing can be lost, a row costs one array, and an answer is a copy.
 */
public final class EncodedProxy {
  /** The null proxy: an empty identity. */
  public static final EncodedProxy NULL = new EncodedProxy(new byte[2]);

  private final byte[] bytes;

  private EncodedProxy(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @param bytes one complete proxy, encoding 1.1; copied. Any form of the null proxy becomes
   *     {@link #NULL}
   * @throws MalformedEncodingException if {@code bytes} is not exactly one proxy
   */
  public static EncodedProxy of(byte[] bytes) {
    EncodingReader reader = new EncodingReader(bytes);
    EncodedProxy proxy = reader.readProxy();
    if (reader.remaining() != 0) {
      throw new MalformedEncodingException(
          reader.remaining()
              + " bytes behind a proxy of "
              + (bytes.length - reader.remaining())
              + " bytes");
    }
    return proxy;
  }

  /** The slice {@code [start, end)} of {@code buffer}, which the reader found to be one proxy. */
  static EncodedProxy slice(byte[] buffer, int start, int end) {
    return new EncodedProxy(Arrays.copyOfRange(buffer, start, end));
  }

  public boolean isNull() {
    return bytes[0] == 0 && bytes.length == 2;
  }

  /** The identity; {@code ("", "")} for the null proxy. */
  public ObjectId identity() {
    return new EncodingReader(bytes).readObjectId();
  }

  public int length() {
    return bytes.length;
  }

  /** The encoded form itself, not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** A copy of the encoded form. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Copies the encoded form to {@code target} at {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  /** Appends the encoded form to {@code target}, which must have room for {@link #length}. */
  public void putInto(java.nio.ByteBuffer target) {
    target.put(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedProxy proxy && Arrays.equals(bytes, proxy.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return isNull() ? "null" : identity() + " (" + bytes.length + " bytes)";
  }
}
