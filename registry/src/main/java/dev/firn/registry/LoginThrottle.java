package dev.firn.registry;

import dev.firn.wire.Async;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who guesses passwords, not who shares an address with him.
 *
 * <p>A login is looked at before anything is held against its host. Only the answer to a failed one
 * is delayed, the longer the more failed lately, and until it is given the login keeps one of the
 * few places that such a host has. So once a few failed, a host guesses at most {@code places}
 * passwords in {@code delayMax}, while a right password waits at most for the places that others
 * have. A host of which nobody failed lately has places without limit. Success forgives nothing:
 * otherwise an account of one's own would be a means to guess those of others.
 *
 * <p>No thread waits. Any thread.
 */
final class LoginThrottle {
  /**
   * @param delayFirst of the answer to one failure; doubled with each further one
   * @param delayMax of an answer
   * @param places how many logins of a host with failures are looked at, or failed and not yet
   *     answered, at once
   * @param waitingMax logins of one host that may wait for a place; more are refused
   * @param waitMax who has no place by then is refused
   * @param forgetAfter without failure for this long, a host starts anew
   * @param hostsMax the host heard of longest ago is forgotten first
   */
  record Limits(
      Duration delayFirst,
      Duration delayMax,
      int places,
      int waitingMax,
      Duration waitMax,
      Duration forgetAfter,
      int hostsMax) {
    static final Limits DEFAULT =
        new Limits(
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            8,
            1_000,
            Duration.ofSeconds(20),
            Duration.ofMinutes(10),
            4096);
  }

  /** A host with logins under way, or with failed ones. Guarded by the throttle. */
  private static final class Host {
    private final String name;
    private int failures;
    private long failedNanos;
    private int taken;
    private final Deque<Login> waiting = new ArrayDeque<>();

    Host(String name) {
      this.name = name;
    }
  }

  private record Login(
      Host host,
      Supplier<CompletionStage<Optional<String>>> verification,
      CompletableFuture<Optional<String>> answer) {}

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

  /** Whether a login has its place, waits for one, or may not even wait. */
  private enum Admission {
    NOW,
    LATER,
    NEVER
  }

  /**
   * Makes an attempt, at once or when the host has a place for it.
   *
   * @param attempt answers with the reason of a refusal, empty if it succeeded
   */
  CompletionStage<Optional<String>> attempt(
      String host, Supplier<CompletionStage<Optional<String>>> attempt) {
    Login login;
    Admission admission;
    synchronized (this) {
      login = new Login(known(host), attempt, new CompletableFuture<>());
      admission = admit(login);
    }
    switch (admission) {
      case NOW -> verify(login);
      case LATER -> scheduler.accept(() -> giveUp(login), limits.waitMax.toNanos());
      case NEVER -> refuse(login);
    }
    return login.answer;
  }

  private Host known(String name) {
    Host host = hosts.computeIfAbsent(name, Host::new);
    if (hosts.size() > limits.hostsMax) {
      // Whoever is at it there goes on, and is not counted any more.
      hosts.remove(hosts.keySet().iterator().next());
    }
    if (host.failures > 0
        && nanoTime.getAsLong() - host.failedNanos > limits.forgetAfter.toNanos()) {
      host.failures = 0;
    }
    return host;
  }

  private Admission admit(Login login) {
    Host host = login.host;
    if (host.waiting.isEmpty() && hasPlace(host)) {
      host.taken++;
      return Admission.NOW;
    }
    if (host.waiting.size() >= limits.waitingMax) {
      return Admission.NEVER;
    }
    host.waiting.add(login);
    return Admission.LATER;
  }

  private boolean hasPlace(Host host) {
    return host.failures == 0 || host.taken < limits.places;
  }

  private void giveUp(Login login) {
    boolean waited;
    synchronized (this) {
      waited = login.host.waiting.remove(login);
    }
    if (waited) {
      refuse(login);
    }
  }

  private static void refuse(Login login) {
    login.answer.complete(
        Optional.of("too many failed logins from `" + login.host.name + "', try again later"));
  }

  private void verify(Login login) {
    CompletionStage<Optional<String>> verified;
    try {
      verified = login.verification.get();
    } catch (RuntimeException e) {
      verified = CompletableFuture.failedFuture(e);
    }
    CompletionStage<Optional<String>> result = verified;
    result.whenComplete(
        (refusal, failure) -> {
          if (failure == null && refusal.isPresent()) {
            scheduler.accept(() -> answer(login, result), failed(login.host));
          } else {
            answer(login, result);
          }
        });
  }

  /** How long the answer to this failure is to be delayed. */
  private synchronized long failed(Host host) {
    host.failures++;
    host.failedNanos = nanoTime.getAsLong();
    return delayNanos(host.failures);
  }

  private void answer(Login login, CompletionStage<Optional<String>> result) {
    Login next = leave(login.host);
    Async.forward(result, login.answer);
    if (next != null) {
      // Not from here: if all that wait succeeded at once, each would be called by the one before.
      scheduler.accept(() -> verify(next), 0L);
    }
  }

  /** Who has the place now. */
  private synchronized @Nullable Login leave(Host host) {
    host.taken--;
    Login next = hasPlace(host) ? host.waiting.poll() : null;
    if (next != null) {
      host.taken++;
    } else if (host.taken == 0 && host.failures == 0) {
      hosts.remove(host.name, host);
    }
    return next;
  }

  private long delayNanos(int failures) {
    long delay = limits.delayFirst.toNanos();
    for (int doubled = 1; doubled < failures && delay < limits.delayMax.toNanos(); doubled++) {
      delay *= 2;
    }
    return Math.min(delay, limits.delayMax.toNanos());
  }
}
