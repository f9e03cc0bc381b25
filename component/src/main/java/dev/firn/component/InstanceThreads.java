package dev.firn.component;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one instance.
 *
 * @param role owns the role; never waits
 * @param timer runs short tasks, which do not wait either
 * @param component calls the component's hooks, one at a time
 * @param workers wait for sockets and requests
 */
record InstanceThreads(
    ScheduledThreadPoolExecutor role,
    ScheduledThreadPoolExecutor timer,
    ExecutorService component,
    ExecutorService workers)
    implements AutoCloseable {
  static InstanceThreads of(String instance) {
    return new InstanceThreads(
        single(factory("role", instance)),
        single(factory("timer", instance)),
        Executors.newSingleThreadExecutor(factory("component", instance)),
        Executors.newCachedThreadPool(factory("worker", instance)));
  }

  private static ScheduledThreadPoolExecutor single(ThreadFactory factory) {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, factory);
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  /** Threads that do not keep a process alive. */
  static ThreadFactory factory(String purpose, String instance) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      int n = number.incrementAndGet();
      Thread thread =
          new Thread(task, "firn-" + purpose + "-" + instance + (n == 1 ? "" : "-" + n));
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    role.shutdownNow();
    timer.shutdownNow();
    component.shutdown();
    workers.shutdown();
  }
}
