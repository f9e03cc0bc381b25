package dev.firn.component;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The one thread that owns a core: runs tasks in order, and a tick when it is time.
 *
 * <p>What waits is as much as there are requests that wait for an answer, so those who make them
 * set its limit.
 */
final class OwnerThread implements AutoCloseable {
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final LongSupplier wakeAtMillis;
  private final Runnable tick;
  private final Consumer<Throwable> bugs;
  private final Thread thread;
  private long lookedMillis = Long.MIN_VALUE;
  private volatile boolean closed;

  /**
   * @param wakeAtMillis when the next tick is due, on {@link #nowMillis}; asked when nothing waits,
   *     and once in a millisecond else
   * @param bugs gets what a task throws, which nobody expected: whoever owns this is in doubt, so
   *     no other task is run
   */
  OwnerThread(String name, LongSupplier wakeAtMillis, Runnable tick, Consumer<Throwable> bugs) {
    this.wakeAtMillis = wakeAtMillis;
    this.tick = tick;
    this.bugs = bugs;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Monotonic, milliseconds. */
  static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Does nothing once closed. */
  void execute(Runnable task) {
    if (!closed) {
      tasks.add(task);
    }
  }

  private void run() {
    try {
      while (!closed) {
        turn();
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RuntimeException | Error bug) {
      closed = true;
      tasks.clear();
      bugs.accept(bug);
    }
  }

  private void turn() throws InterruptedException {
    Runnable task = tasks.poll();
    long now = nowMillis();
    // When there are many tasks, asking after each would cost more than they do.
    if (task == null || now > lookedMillis) {
      lookedMillis = now;
      long waitMillis = wakeAtMillis.getAsLong() - now;
      if (waitMillis <= 0) {
        tick.run();
      } else if (task == null) {
        task = tasks.poll(waitMillis, TimeUnit.MILLISECONDS);
      }
    }
    if (task != null) {
      task.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    if (Thread.currentThread() != thread) {
      thread.interrupt();
    }
  }
}
