package dev.firn.tls;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers of one record, lent to connections while they have part of a record in hand, so that an
 * idle connection holds none. Safe from any thread.
 */
final class BufferPool {
  private static final int BUFFERS_MAX = 32;

  private final int bufferBytes;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  BufferPool(int bufferBytes) {
    this.bufferBytes = bufferBytes;
  }

  /** Empty, at least of the given size. */
  ByteBuffer take(int bytesMin) {
    if (bytesMin <= bufferBytes) {
      synchronized (free) {
        ByteBuffer buffer = free.poll();
        if (buffer != null) {
          return buffer;
        }
      }
    }
    return ByteBuffer.allocate(Math.max(bytesMin, bufferBytes));
  }

  void give(ByteBuffer buffer) {
    if (buffer.capacity() == bufferBytes) {
      buffer.clear();
      synchronized (free) {
        if (free.size() < BUFFERS_MAX) {
          free.push(buffer);
        }
      }
    }
  }
}
