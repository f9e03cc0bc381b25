package dev.firn.systemtests;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for conditions: polls until they hold, fails with what was last seen when the limit has
 * passed.
 */
final class Await {
  private static final Duration POLL = Duration.ofMillis(20);

  /** Generous for a loaded two-core machine; a condition that holds is seen within a poll. */
  static final Duration LIMIT = Duration.ofSeconds(60);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(what, LIMIT, condition);
  }

  static void until(String what, Duration limit, BooleanSupplier condition) {
    present(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** What is waited for may tell how far it got. */
  static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    present(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  static <T> T present(String what, Supplier<Optional<T>> probe) {
    return present(what, LIMIT, probe);
  }

  static <T> T present(String what, Duration limit, Supplier<Optional<T>> probe) {
    return present(() -> what, limit, probe);
  }

  private static <T> T present(Supplier<String> what, Duration limit, Supplier<Optional<T>> probe) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> value = probe.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() > end) {
        // Shown now: the processes of a test may be gone when its failure is handled.
        System.err.println(ChildProcess.evidence());
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what.get());
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Repeats an assertion until it passes; after the limit its last failure is thrown. */
  static void asserted(Runnable assertion) {
    asserted(LIMIT, assertion);
  }

  static void asserted(Duration limit, Runnable assertion) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        assertion.run();
        return;
      } catch (AssertionError | IceFailure failure) {
        if (System.nanoTime() > end) {
          System.err.println(ChildProcess.evidence());
          throw failure;
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }
}
