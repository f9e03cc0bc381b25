package dev.firn.testkit;

import java.util.PriorityQueue;

/** What will happen, in simulated time. Events of one moment happen in the order of scheduling. */
final class Agenda {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nowMillis;
  private long scheduled;

  long nowMillis() {
    return nowMillis;
  }

  /** How many events were scheduled so far. */
  long scheduled() {
    return scheduled;
  }

  void after(long delayMillis, Runnable action) {
    if (delayMillis < 0) {
      throw new IllegalArgumentException("delayMillis must be >= 0: " + delayMillis);
    }
    scheduled++;
    events.add(new Event(nowMillis + delayMillis, scheduled, action));
  }

  /** Lets the next event happen, unless it is later than this moment. */
  boolean runNext(long untilMillis) {
    Event next = events.peek();
    if (next == null || next.atMillis > untilMillis) {
      nowMillis = Math.max(nowMillis, untilMillis);
      return false;
    }
    events.remove();
    nowMillis = next.atMillis;
    next.action.run();
    return true;
  }

  private record Event(long atMillis, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }
}
