package dev.firn.component;

import com.zeroc.Ice.CommunicatorDestroyedException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Calls of peers that are made again after a while, unless the process ends meanwhile. */
final class Later {
  private Later() {}

  static void run(ScheduledExecutorService timer, Runnable task, long millis) {
    try {
      timer.schedule(
          () -> {
            try {
              task.run();
            } catch (CommunicatorDestroyedException e) {
              // The process ends.
            }
          },
          millis,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The process ends.
    }
  }
}
