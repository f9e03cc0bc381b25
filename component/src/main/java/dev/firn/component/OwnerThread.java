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
  private final Consumer<RuntimeException> failures;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param wakeAtMillis when the next tick is due, on {@link #nowMillis}; asked after each task
   * @param failures gets what a task throws, which is a bug; the thread goes on
   */
  OwnerThread(
      String name, LongSupplier wakeAtMillis, Runnable tick, Consumer<RuntimeException> failures) {
    this.wakeAtMillis = wakeAtMillis;
    this.tick = tick;
    this.failures = failures;
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
    while (!closed) {
      try {
        long waitMillis = wakeAtMillis.getAsLong() - nowMillis();
        if (waitMillis <= 0) {
          tick.run();
        }
        // After a tick whatever waits has its turn, and another tick may be due.
        Runnable task =
            waitMillis <= 0 ? tasks.poll() : tasks.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failures.accept(e);
      }
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
