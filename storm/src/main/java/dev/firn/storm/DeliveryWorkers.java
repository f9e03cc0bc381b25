package dev.firn.storm;

import com.zeroc.Ice.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The few threads that write events to subscribers. Adding work takes no lock; a thread is woken
 * only if one sleeps.
 */
final class DeliveryWorkers {
  /** Waking a thread takes about as long as writing to so many subscribers. */
  private static final int FEW = 4;

  private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedDeque<Thread> idle = new ConcurrentLinkedDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Logger logger;
  private volatile boolean stopped;

  DeliveryWorkers(String name, int count, Logger logger) {
    this.logger = logger;
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::run, name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Adds work; it is certain to be done only after the next {@link #signal}. */
  void add(Runnable work) {
    ready.add(work);
  }

  /** Wakes a thread if there is work that nobody is about to take. */
  void signal() {
    if (!ready.isEmpty()) {
      Thread thread = idle.poll();
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }

  /**
   * The caller does as much work as it added, unless the threads take it first.
   *
   * @param added how often {@link #add} was called
   */
  void help(int added) {
    if (added > FEW) {
      signal();
    }
    for (int i = 0; i < added; i++) {
      Runnable work = ready.poll();
      if (work == null) {
        return;
      }
      runSafely(work);
    }
    signal();
  }

  void execute(Runnable work) {
    add(work);
    signal();
  }

  private void run() {
    while (!stopped) {
      Runnable work = ready.poll();
      if (work == null) {
        await();
      } else {
        // One wakes the next, so that whoever adds much work wakes but one.
        signal();
        runSafely(work);
      }
    }
  }

  /** A bug in the work for one subscriber does not end the thread that serves the others. */
  private void runSafely(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      logger.error("delivery of events failed: " + e);
    }
  }

  /** 1 say that this thread sleeps, 2 look again, 3 sleep: work added after 2 sees 1. */
  private void await() {
    Thread self = Thread.currentThread();
    idle.push(self);
    if (ready.isEmpty() && !stopped) {
      LockSupport.park(this);
    }
    idle.remove(self);
  }

  /** What has begun is done; the rest is dropped. */
  void stop() {
    stopped = true;
    threads.forEach(LockSupport::unpark);
  }
}
