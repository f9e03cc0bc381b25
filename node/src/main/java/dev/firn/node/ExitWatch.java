package dev.firn.node;

import java.util.concurrent.Executor;

/** Notices the end of processes that are not children of this one. Any thread. */
final class ExitWatch {
  private static final long PERIOD_MILLIS = 100;

  private final Executor callbacks;

  ExitWatch(Executor callbacks) {
    this.callbacks = callbacks;
  }

  /** Calls back once the process is gone. */
  void watch(ProcessRecord process, Runnable onExit) {
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                while (ProcessTable.isAlive(process)) {
                  Thread.sleep(PERIOD_MILLIS);
                }
                callbacks.execute(onExit);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "firn-node-adopted-" + process.pid(),
            128 * 1024);
    thread.setDaemon(true);
    thread.start();
  }
}
