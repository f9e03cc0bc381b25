package dev.firn.tls;

import java.nio.ByteBuffer;

/** The outside of TLS records. */
final class Records {
  /** For calls of the engine that have no application data. Never written to. */
  static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** An alert or two end a connection; the engine may have a reply before them. */
  static final int CLOSING_MAX = 4;

  private static final int HEADER_BYTES = 5;

  private Records() {}

  /** Whether a record is there to its end. */
  static boolean hasWhole(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER_BYTES) {
      return false;
    }
    int bodyBytes = Short.toUnsignedInt(bytes.getShort(bytes.position() + 3));
    return bytes.remaining() >= HEADER_BYTES + bodyBytes;
  }
}
