package dev.firn.cli;

import com.zeroc.Ice.ConnectFailedException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectNotExistException;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.Firn.Demo.CounterPrx;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts all the time, and remembers what it was told. One thread counts, others read. */
public final class DemoCounting {
  private static final int TIMEOUT_MILLIS = 1_000;
  private static final int PAUSE_MILLIS = 10;

  private final ServiceLocatorPrx locator;
  private final Thread thread = new Thread(this::run, "firn-demo-counting");
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong gapNanosMax = new AtomicLong();
  private volatile boolean stopped;
  private volatile long last;

  private Optional<CounterPrx> found = Optional.empty();

  /**
   * @param locator knows who counts; is asked again after each failure
   */
  public DemoCounting(ServiceLocatorPrx locator) {
    this.locator = locator;
  }

  /**
   * The counter of the instance that is active.
   *
   * @throws ServiceNotFound there is none at the moment
   */
  public static CounterPrx find(ServiceLocatorPrx locator) throws ServiceNotFound {
    return CounterPrx.uncheckedCast(
        locator
            .locate(new ServiceLocatorParams(DemoCounter.OBJECT, "", ""))
            .ice_invocationTimeout(TIMEOUT_MILLIS));
  }

  public void start() {
    thread.start();
  }

  public void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }

  /** How often it was answered with a number. */
  public long answered() {
    return answered.get();
  }

  /** Requests of which nobody knows whether they counted. */
  public long unknown() {
    return unknown.get();
  }

  /** Answers that were not above the one before. */
  public long wrong() {
    return wrong.get();
  }

  public long last() {
    return last;
  }

  /** The longest time between two answers since this was asked last. */
  public long takeGapMillis() {
    return gapNanosMax.getAndSet(0) / 1_000_000;
  }

  private void run() {
    long before = System.nanoTime();
    while (!stopped) {
      if (count()) {
        long now = System.nanoTime();
        gapNanosMax.accumulateAndGet(now - before, Math::max);
        before = now;
      }
    }
  }

  private boolean count() {
    try {
      if (found.isEmpty()) {
        found = Optional.of(find(locator));
      }
      long number = found.get().increment();
      if (number <= last) {
        wrong.incrementAndGet();
      }
      last = number;
      answered.incrementAndGet();
      return true;
    } catch (ServiceNotFound | ConnectFailedException | ObjectNotExistException e) {
      pause(); // nobody counted: nobody is active at the moment
    } catch (LocalException e) {
      unknown.incrementAndGet();
    }
    found = Optional.empty();
    return false;
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
