package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import dev.firn.wire.Firn.Demo.TickerPrx;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes numbered events all the time. One thread publishes, others may read the figures. */
final class DemoPublisher {
  private static final long PAUSE_NANOS = 500_000;

  private final TickerPrx publisher;
  private final Thread thread = new Thread(this::run, "firn-demo-publisher");
  private volatile boolean stopped;
  private final AtomicLong published = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong longestGapNanos = new AtomicLong();

  /**
   * @param publisher the topic's; all its endpoints are used in the order in which they stand
   */
  DemoPublisher(TickerPrx publisher) {
    this.publisher = publisher;
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  /** The number of the next event: all below were published, or their outcome is not known. */
  long published() {
    return published.get();
  }

  /** Events whose outcome is not known: the connection broke while they were under way. */
  long errors() {
    return errors.get();
  }

  long longestGapMillis() {
    return longestGapNanos.get() / 1_000_000;
  }

  private void run() {
    long last = System.nanoTime();
    while (!stopped) {
      try {
        publisher.tick(published.get());
        long now = System.nanoTime();
        longestGapNanos.accumulateAndGet(now - last, Math::max);
        last = now;
      } catch (LocalException e) {
        errors.incrementAndGet();
      }
      published.incrementAndGet();
      java.util.concurrent.locks.LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
