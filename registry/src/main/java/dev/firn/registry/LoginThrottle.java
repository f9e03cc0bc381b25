package dev.firn.registry;

import dev.firn.wire.Async;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Slows down who guesses passwords: after failed logins, further attempts from the same host are
 * checked one after the other with growing distance. No thread waits for that. Any thread.
 */
final class LoginThrottle {
  /**
   * @param delayFirst after one failure; doubled with each further one
   * @param delayMax the longest distance of two attempts
   * @param waitMax attempts that would have to wait longer are refused
   * @param forgetAfter without failure for this long, a host starts anew
   * @param hostsMax the host heard of longest ago is forgotten first
   */
  record Limits(
      Duration delayFirst,
      Duration delayMax,
      Duration waitMax,
      Duration forgetAfter,
      int hostsMax) {
    static final Limits DEFAULT =
        new Limits(
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Duration.ofMinutes(10),
            4096);
  }

  /** What is known of a host with failed logins. */
  private static final class Host {
    private int failures;
    private long failedNanos;
    private long freeNanos;
  }

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final BiConsumer<Runnable, Long> scheduler;
  private final Map<String, Host> hosts = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param scheduler runs a task after a number of nanoseconds
   */
  LoginThrottle(Limits limits, LongSupplier nanoTime, BiConsumer<Runnable, Long> scheduler) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.scheduler = scheduler;
  }

  /**
   * Makes an attempt when the host's turn has come.
   *
   * @param attempt answers with the reason of a refusal, empty if it succeeded
   */
  CompletionStage<Optional<String>> attempt(
      String host, Supplier<CompletionStage<Optional<String>>> attempt) {
    long waitNanos = reserve(host);
    if (waitNanos > limits.waitMax.toNanos()) {
      return CompletableFuture.completedFuture(
          Optional.of("too many failed logins from `" + host + "', try again later"));
    }
    if (waitNanos <= 0) {
      return judged(host, attempt);
    }
    CompletableFuture<Optional<String>> later = new CompletableFuture<>();
    scheduler.accept(() -> Async.forward(judged(host, attempt), later), waitNanos);
    return later;
  }

  private CompletionStage<Optional<String>> judged(
      String host, Supplier<CompletionStage<Optional<String>>> attempt) {
    return attempt
        .get()
        .whenComplete(
            (refusal, failure) -> {
              if (failure == null) {
                judge(host, refusal.isPresent());
              }
            });
  }

  /** How long to wait; the place in the host's queue is taken unless that is too long. */
  private synchronized long reserve(String host) {
    Host known = hosts.get(host);
    if (known == null) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    if (now - known.failedNanos > limits.forgetAfter.toNanos()) {
      hosts.remove(host);
      return 0;
    }
    long waitNanos = Math.max(0, known.freeNanos - now);
    if (waitNanos <= limits.waitMax.toNanos()) {
      known.freeNanos = now + waitNanos + delayNanos(known.failures);
    }
    return waitNanos;
  }

  private synchronized void judge(String host, boolean failed) {
    if (!failed) {
      hosts.remove(host);
      return;
    }
    long now = nanoTime.getAsLong();
    Host known = hosts.computeIfAbsent(host, name -> new Host());
    known.failures++;
    known.failedNanos = now;
    long free = now + delayNanos(known.failures);
    if (known.failures == 1 || free - known.freeNanos > 0) {
      known.freeNanos = free;
    }
    if (hosts.size() > limits.hostsMax) {
      hosts.remove(hosts.keySet().iterator().next());
    }
  }

  private long delayNanos(int failures) {
    long delay = limits.delayFirst.toNanos();
    for (int doubled = 1; doubled < failures && delay < limits.delayMax.toNanos(); doubled++) {
      delay *= 2;
    }
    return Math.min(delay, limits.delayMax.toNanos());
  }
}
