package dev.firn.registry;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Runs tasks in the order they were added, one at a time, each without any lock held, on whichever
 * thread finds the queue idle. Any thread; tasks may add tasks and must not block.
 */
final class SerialQueue {
  private final Consumer<RuntimeException> onBug;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  /**
   * @param onBug told of what a task throws; the next task runs all the same
   */
  SerialQueue(Consumer<RuntimeException> onBug) {
    this.onBug = onBug;
  }

  /** Adds without running: for callers that hold a lock, and call {@link #drain} after it. */
  synchronized void add(Runnable task) {
    tasks.add(task);
  }

  void execute(Runnable task) {
    add(task);
    drain();
  }

  /** Runs what waits, unless another thread is at it: then that one does. */
  void drain() {
    synchronized (this) {
      if (running) {
        return;
      }
      running = true;
    }
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        onBug.accept(e);
      }
    }
  }

  /** Whether nothing waits; a running task does not count. */
  synchronized boolean isEmpty() {
    return tasks.isEmpty();
  }

  private synchronized @org.jspecify.annotations.Nullable Runnable next() {
    Runnable task = tasks.poll();
    running = task != null;
    return task;
  }
}
