package dev.firn.cli;

import com.zeroc.Ice.Current;
import dev.firn.wire.Firn.Demo.Ticker;
import java.util.BitSet;

/** Counts the events that reach one subscriber. Thread-safe. */
final class DemoSubscriber implements Ticker {
  private final BitSet seen = new BitSet();
  private long events;
  private long repeated;
  private long lastNanos;
  private long longestGapNanos;

  @Override
  public synchronized void tick(long number, Current current) {
    long now = System.nanoTime();
    if (events > 0) {
      longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
    }
    lastNanos = now;
    events++;
    if (seen.get((int) number)) {
      repeated++;
    }
    seen.set((int) number);
  }

  synchronized long events() {
    return events;
  }

  /** Events that came more than once. */
  synchronized long repeated() {
    return repeated;
  }

  synchronized boolean saw(long number) {
    return seen.get((int) number);
  }

  /** How many of the numbers from {@code first} on, below {@code end}, never came. */
  synchronized long missing(long first, long end) {
    return end - first - seen.get((int) first, (int) end).cardinality();
  }

  synchronized long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }
}
