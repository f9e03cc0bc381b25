package dev.firn.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other, in order, on the threads of a pool. Any thread. */
final class SerialTasks {
  private final Executor pool;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean closed;

  SerialTasks(Executor pool) {
    this.pool = pool;
  }

  /**
   * @return false if this is closed: the task will not run
   */
  boolean add(Runnable task) {
    synchronized (this) {
      if (closed) {
        return false;
      }
      waiting.add(task);
      if (running) {
        return true;
      }
      running = true;
    }
    pool.execute(this::run);
    return true;
  }

  /** Closes this, unless another task waits. Only for the task that runs. */
  synchronized boolean closeIfIdle() {
    closed = closed || waiting.isEmpty();
    return closed;
  }

  /** No task is run any more. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** One task, so that the pool is fair to others. */
  private void run() {
    Runnable task = next();
    if (task != null) {
      try {
        task.run();
      } finally {
        if (goOn()) {
          pool.execute(this::run);
        }
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable task = waiting.poll();
    running = task != null;
    return task;
  }

  private synchronized boolean goOn() {
    running = !waiting.isEmpty();
    return running;
  }
}
