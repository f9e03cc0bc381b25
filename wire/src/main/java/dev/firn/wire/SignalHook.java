package dev.firn.wire;

import com.zeroc.Ice.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * Lets a signal end a program in order, and with the status that the main thread gives. The machine
 * stays up until {@link #exit}, which must be the last thing the main thread does.
 */
public final class SignalHook {
  private static volatile int statusLeast;
  private static volatile boolean endsWithTerminal;

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

  /** From now on this process outlives the terminal it was started from. */
  public static void outliveTerminal() {
    OwnSignals.handle(
        "HUP",
        () -> {
          if (endsWithTerminal) {
            // As any other signal: the hook asks the main thread, which ends the process.
            Runtime.getRuntime().exit(0);
          }
        });
  }

  /** Unless {@code Ice.Nohup} says otherwise: then the terminal's end is a signal as any other. */
  public static void endWithTerminalAs(Properties properties) {
    endsWithTerminal = properties.getPropertyAsIntWithDefault("Ice.Nohup", 1) <= 0;
  }

  /**
   * Ends the process from within, as a signal would, but with this status; also one whose main
   * thread is not ours. Returns at once.
   *
   * @param status above 0; also that of {@link #exit}, whatever the main thread says
   */
  public static void fail(int status) {
    statusLeast = status;
    // System.exit waits for the hooks, and those for whoever must not wait here.
    Thread ending = new Thread(() -> System.exit(status), "firn-failed");
    ending.setDaemon(true);
    ending.start();
  }

  /**
   * Ends the process at once. Not System.exit: that would wait for the hook, which waits for us.
   */
  public static void exit(int status) {
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(Math.max(status, statusLeast));
  }
}
