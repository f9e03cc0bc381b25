package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import dev.firn.wire.Firn.Demo.EchoPrx;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls the demo's object all the time, looking it up anew for every call. One thread calls, others
 * may read the figures.
 */
final class DemoClient {
  /** The first call may have to wait for a server to start. */
  private static final int TIMEOUT_MILLIS = 60_000;

  private final EchoPrx echo;
  private final Thread thread = new Thread(this::run, "firn-demo-client");
  private volatile boolean stopped;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong longestGapNanos = new AtomicLong();
  private volatile String lastError = "";

  /**
   * @param onePerCall whether each call takes a connection to any of the servers, instead of all
   *     one connection to one of them
   */
  DemoClient(Communicator communicator, boolean onePerCall) {
    echo =
        EchoPrx.uncheckedCast(
            communicator
                .stringToProxy(DemoServerMain.OBJECT)
                .ice_locatorCacheTimeout(0)
                .ice_connectionCached(!onePerCall)
                .ice_invocationTimeout(TIMEOUT_MILLIS));
  }

  void start() {
    thread.start();
  }

  long calls() {
    return calls.get();
  }

  long errors() {
    return errors.get();
  }

  String lastError() {
    return lastError;
  }

  long longestGapMillis() {
    return longestGapNanos.get() / 1_000_000;
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  private void run() {
    long last = System.nanoTime();
    int value = 0;
    while (!stopped) {
      try {
        int next = echo.next(value);
        if (next != value + 1) {
          failed("wrong answer: " + next + " to " + value);
        }
        value = next;
        calls.incrementAndGet();
      } catch (LocalException e) {
        failed(e.ice_id());
      }
      long now = System.nanoTime();
      if (calls.get() > 1) {
        longestGapNanos.accumulateAndGet(now - last, Math::max);
      }
      last = now;
    }
  }

  private void failed(String error) {
    errors.incrementAndGet();
    lastError = error;
  }
}
