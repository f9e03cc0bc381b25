package dev.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Subscribers, each with a port of its own: count events, answer twoway ones, and note how long
 * each event took if asked to. One thread serves all of them.
 */
final class StormSinks implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  /** One subscriber's connection. */
  private static final class Sink {
    final int index;
    final ByteBuffer in = StormFrames.buffer(BUFFER_BYTES);
    ByteBuffer out = StormFrames.buffer(1 << 14);

    /** Bytes of the message whose beginning was seen that are still to come. */
    int skip;

    Sink(int index) {
      this.index = index;
    }
  }

  private final Selector selector;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final AtomicLongArray counts;
  private final int firstPort;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean stalled;
  private volatile long[] latencies = new long[0];
  private volatile int latencyCount;

  StormSinks(int firstPort, int count) throws IOException {
    this.firstPort = firstPort;
    this.counts = new AtomicLongArray(count);
    selector = Selector.open();
    for (int i = 0; i < count; i++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), firstPort + i));
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT, i);
      listeners.add(listener);
    }
    thread = new Thread(this::run, "subscribers");
    thread.setDaemon(true);
    thread.start();
  }

  /** The stringified proxy of a subscriber, without its mode. */
  String proxy(int index) {
    return "subscriber-" + index + ":" + endpoint(index);
  }

  String endpoint(int index) {
    return "tcp -h 127.0.0.1 -p " + (firstPort + index);
  }

  int port(int index) {
    return firstPort + index;
  }

  /** From now on nothing is read. */
  void stall(boolean on) {
    stalled = on;
    selector.wakeup();
  }

  long total() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /** Of the slowest subscriber. */
  long least() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < counts.length(); i++) {
      least = Math.min(least, counts.get(i));
    }
    return least;
  }

  /** Notes the latencies of so many events from now on. */
  void noteLatencies(int count) {
    latencyCount = 0;
    latencies = new long[count];
  }

  /** Nanoseconds, ascending. */
  long[] latencies() {
    long[] noted = Arrays.copyOf(latencies, latencyCount);
    Arrays.sort(noted);
    return noted;
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(stalled ? 50 : 0);
        for (SelectionKey key : selector.selectedKeys()) {
          handle(key);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(SelectionKey key) throws IOException {
    if (!key.isValid()) {
      return;
    }
    if (key.isAcceptable()) {
      SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.write(StormFrames.validation());
        channel.register(selector, SelectionKey.OP_READ, new Sink((Integer) key.attachment()));
      }
      return;
    }
    if (stalled) {
      key.cancel();
      return;
    }
    Sink sink = (Sink) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    int read;
    try {
      read = channel.read(sink.in);
    } catch (IOException e) {
      read = -1;
    }
    if (read < 0) {
      channel.close();
      return;
    }
    sink.in.flip();
    parse(sink);
    sink.in.compact();
    sink.out.flip();
    while (sink.out.hasRemaining()) {
      channel.write(sink.out);
    }
    sink.out.clear();
  }

  /** Looks at the beginning of each message only, unless latencies are noted. */
  private void parse(Sink sink) {
    ByteBuffer in = sink.in;
    boolean whole = latencyCount < latencies.length;
    long events = 0;
    while (true) {
      int skipped = Math.min(sink.skip, in.remaining());
      sink.skip -= skipped;
      in.position(in.position() + skipped);
      if (in.remaining() < StormFrames.HEADER_BYTES) {
        break;
      }
      int start = in.position();
      byte type = StormFrames.type(in);
      int size = StormFrames.size(in);
      boolean carriesEvents = type == StormFrames.REQUEST || type == StormFrames.BATCH;
      int needed = !carriesEvents || whole ? size : StormFrames.HEADER_BYTES + 4;
      if (in.remaining() < needed) {
        break;
      }
      if (carriesEvents) {
        int number = in.getInt(start + StormFrames.HEADER_BYTES);
        int requests = type == StormFrames.BATCH ? number : 1;
        events += requests;
        if (type == StormFrames.REQUEST && number != 0) {
          reply(sink, number);
        }
        if (whole) {
          in.position(start + StormFrames.HEADER_BYTES + 4);
          note(in, requests);
        }
      }
      in.position(start);
      sink.skip = size;
    }
    counts.addAndGet(sink.index, events);
  }

  private static void reply(Sink sink, int requestId) {
    if (sink.out.remaining() < StormFrames.REPLY_BYTES) {
      ByteBuffer larger = StormFrames.buffer(sink.out.capacity() * 2);
      larger.put(sink.out.flip());
      sink.out = larger;
    }
    StormFrames.putReply(sink.out, requestId);
  }

  private void note(ByteBuffer in, int requests) {
    long now = System.nanoTime();
    long[] noted = latencies;
    int next = latencyCount;
    for (int i = 0; i < requests; i++) {
      StormFrames.skipToPayload(in);
      long sent = StormFrames.readPayload(in);
      if (next < noted.length && sent != 0) {
        noted[next++] = now - sent;
      }
    }
    latencyCount = next;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    for (ServerSocketChannel listener : listeners) {
      listener.close();
    }
    selector.close();
  }
}
