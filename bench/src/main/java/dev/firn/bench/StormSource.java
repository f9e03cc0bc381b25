package dev.firn.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** A publisher on a connection of its own: sends ready-made requests. Used by one thread. */
final class StormSource implements AutoCloseable {
  private static final int WRITE_BYTES = 16_384;
  private static final int EVENTS_IN_BATCH = 100;
  private static final long PAUSE_NANOS = 20_000;

  private final SocketChannel channel;
  private final ByteBuffer burst;
  private final int burstEvents;
  private final ByteBuffer single;
  private final int payloadOffset;
  private long published;

  /**
   * @param name and category: the identity of the publisher object
   */
  StormSource(int port, String name, String category, int payload, boolean batch)
      throws IOException {
    byte[] request = StormFrames.request(name, category, payload);
    byte[] message = batch ? StormFrames.batch(name, category, payload, EVENTS_IN_BATCH) : request;
    int messages = Math.max(1, WRITE_BYTES / message.length);
    burst = StormFrames.buffer(messages * message.length);
    for (int i = 0; i < messages; i++) {
      burst.put(message);
    }
    burstEvents = messages * (batch ? EVENTS_IN_BATCH : 1);
    single = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
    payloadOffset = request.length - payload;
    channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
    ByteBuffer validation = ByteBuffer.allocate(StormFrames.HEADER_BYTES);
    while (validation.hasRemaining() && channel.read(validation) >= 0) {
      // The server speaks first.
    }
  }

  /**
   * Publishes as fast as the server and the window allow.
   *
   * @param delivered events that all subscribers have
   * @param windowEvents published and not yet delivered, at most
   */
  void publish(long endNanos, LongSupplier delivered, long windowEvents) throws IOException {
    while (System.nanoTime() - endNanos < 0) {
      if (published + burstEvents - delivered.getAsLong() > windowEvents) {
        LockSupport.parkNanos(PAUSE_NANOS);
        continue;
      }
      write(burst);
      published += burstEvents;
    }
  }

  /** Publishes so many events without regard for anyone. */
  void publish(long events) throws IOException {
    for (long sent = 0; sent < events; sent += burstEvents) {
      write(burst);
      published += burstEvents;
    }
  }

  /** Publishes at a fixed rate; each event says when it should have been sent. */
  void publishAt(double perSecond, long nanos) throws IOException {
    long start = System.nanoTime();
    long count = (long) (perSecond * nanos / 1e9);
    for (long i = 0; i < count; i++) {
      long at = start + (long) (i * 1e9 / perSecond);
      for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      single.putLong(payloadOffset, at);
      write(single);
      published++;
    }
  }

  long published() {
    return published;
  }

  private void write(ByteBuffer bytes) throws IOException {
    bytes.rewind();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
