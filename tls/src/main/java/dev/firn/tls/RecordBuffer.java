package dev.firn.tls;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A queue of bytes that borrows its buffer while it is not empty. One thread at a time. */
final class RecordBuffer {
  /** Writes into the free part of the buffer. */
  @FunctionalInterface
  interface Filler<T, E extends IOException> {
    T fill(ByteBuffer free) throws E;
  }

  private final BufferPool pool;

  /** From position to limit are the bytes of the queue. */
  private ByteBuffer content = Records.EMPTY;

  RecordBuffer(BufferPool pool) {
    this.pool = pool;
  }

  boolean isEmpty() {
    return !content.hasRemaining();
  }

  int bytes() {
    return content.remaining();
  }

  /** The bytes of the queue, to be read from: what is consumed leaves the queue. */
  ByteBuffer view() {
    return content;
  }

  /** Adds what the filler writes, for which it finds at least the given room. */
  <T, E extends IOException> T append(int roomBytes, Filler<T, E> filler) throws E {
    makeRoom(roomBytes);
    content.compact();
    try {
      return filler.fill(content);
    } finally {
      content.flip();
    }
  }

  private void makeRoom(int roomBytes) {
    int neededBytes = content.remaining() + roomBytes;
    if (content.capacity() < neededBytes) {
      ByteBuffer larger = pool.take(neededBytes).put(content);
      discard();
      content = larger.flip();
    }
  }

  /** Moves what fits; false if there was nothing. */
  boolean drainTo(ByteBuffer target) {
    if (isEmpty()) {
      releaseIfEmpty();
      return false;
    }
    int bytes = Math.min(content.remaining(), target.remaining());
    target.put(content.slice(content.position(), bytes));
    content.position(content.position() + bytes);
    releaseIfEmpty();
    return bytes > 0;
  }

  void releaseIfEmpty() {
    if (isEmpty()) {
      discard();
    }
  }

  void discard() {
    if (content.capacity() > 0) {
      pool.give(content);
      content = Records.EMPTY;
    }
  }
}
