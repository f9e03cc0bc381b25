package dev.firn.wire;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a signal end a program in order, and with the status that the main thread gives. The machine
 * stays up until {@link #exit}, which must be the last thing the main thread does.
 */
public final class SignalHook {
  private SignalHook() {}

  /**
   * @param shutdown asks the main thread to end; called on another thread
   */
  public static void install(Runnable shutdown) {
    Thread hook =
        new Thread(
            () -> {
              shutdown.run();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "firn-signal");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Ends the process at once. Not System.exit: that would wait for the hook, which waits for us.
   */
  public static void exit(int status) {
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(status);
  }
}
