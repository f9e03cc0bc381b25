package dev.firn.storm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Events that wait for one subscriber, oldest first. Guarded by its owner's lock. */
final class EventQueue {
  private static final int SMALL = 1024;

  private ArrayDeque<Event> events = new ArrayDeque<>();
  private long bytes;
  private int longest;

  int size() {
    return events.size();
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Bytes of the waiting events, without what a message adds. */
  long bytes() {
    return bytes;
  }

  void add(Event event) {
    events.add(event);
    bytes += event.length();
    longest = Math.max(longest, events.size());
  }

  Event removeFirst() {
    Event first = events.removeFirst();
    bytes -= first.length();
    releaseRoom();
    return first;
  }

  /**
   * The first events, at least one.
   *
   * @param countMax 1 or more
   * @param bytesMax of all together, unless the first is larger
   * @param overhead bytes that each adds beyond its own
   */
  List<Event> removeFirst(int countMax, int bytesMax, int overhead) {
    List<Event> taken = new ArrayList<>(Math.min(countMax, events.size()));
    long room = bytesMax;
    while (taken.size() < countMax) {
      Event next = events.peekFirst();
      if (next == null || (!taken.isEmpty() && next.length() + overhead > room)) {
        break;
      }
      room -= next.length() + overhead;
      bytes -= next.length();
      taken.add(events.removeFirst());
    }
    releaseRoom();
    return taken;
  }

  void clear() {
    events.clear();
    bytes = 0;
    releaseRoom();
  }

  /** The array of a queue that was long once does not stay. */
  private void releaseRoom() {
    if (longest > SMALL && events.isEmpty()) {
      events = new ArrayDeque<>();
      longest = 0;
    }
  }
}
