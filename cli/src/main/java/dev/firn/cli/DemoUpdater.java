package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Creates topics with a subscriber each, one after the other, and keeps the names of those that
 * were acknowledged. One thread updates, others may ask.
 */
final class DemoUpdater {
  private static final long PAUSE_NANOS = 5_000_000;

  private final Communicator communicator;
  private final TopicManagerPrx manager;
  private final Thread thread = new Thread(this::run, "firn-demo-updater");
  private final List<String> acknowledged = new ArrayList<>();
  private volatile boolean stopped;
  private long unknown;
  private long lastNanos;
  private long longestGapNanos;

  DemoUpdater(Communicator communicator, String manager) {
    this.communicator = communicator;
    this.manager =
        TopicManagerPrx.uncheckedCast(
            communicator.stringToProxy(manager).ice_invocationTimeout(20_000));
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  /** The topics whose creation and subscription were both acknowledged. */
  synchronized List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** Updates whose outcome is not known. */
  synchronized long unknown() {
    return unknown;
  }

  synchronized long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }

  /** Who subscribed to the topic of this name. */
  static String subscriberOf(String topic) {
    return "subscriber-of-" + topic;
  }

  private void run() {
    synchronized (this) {
      lastNanos = System.nanoTime();
    }
    for (int i = 0; !stopped; i++) {
      String name = "topic" + i;
      try {
        TopicPrx topic = manager.create(name);
        topic = TopicPrx.uncheckedCast(topic.ice_invocationTimeout(20_000));
        topic.subscribeAndGetPublisher(
            Map.of(), communicator.stringToProxy(subscriberOf(name) + " -o:tcp -h 127.0.0.1 -p 1"));
        acknowledged(name);
      } catch (UserException | LocalException e) {
        failed();
      }
      java.util.concurrent.locks.LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private synchronized void acknowledged(String name) {
    acknowledged.add(name);
    long now = System.nanoTime();
    longestGapNanos = Math.max(longestGapNanos, now - lastNanos);
    lastNanos = now;
  }

  private synchronized void failed() {
    unknown++;
  }
}
