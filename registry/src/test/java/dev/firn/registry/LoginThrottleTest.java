package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final LoginThrottle.Limits LIMITS =
      new LoginThrottle.Limits(
          Duration.ofMillis(100),
          Duration.ofMillis(800),
          3,
          50,
          Duration.ofMillis(2_000),
          Duration.ofMinutes(1),
          2);
  private static final Optional<String> WRONG = Optional.of("wrong");
  private static final Optional<String> RIGHT = Optional.empty();
  private static final Optional<String> TOO_MANY =
      Optional.of("too many failed logins from `host', try again later");

  private record Task(long atMillis, Runnable run) {}

  private final List<Task> tasks = new ArrayList<>();
  private final List<Long> verifiedAtMillis = new ArrayList<>();
  private final List<CompletableFuture<Optional<String>>> hanging = new ArrayList<>();
  private long nowMillis = 1_000;
  private final LoginThrottle throttle = throttle(LIMITS);

  private LoginThrottle throttle(LoginThrottle.Limits limits) {
    return new LoginThrottle(
        limits,
        () -> Duration.ofMillis(nowMillis).toNanos(),
        (task, nanos) -> tasks.add(new Task(nowMillis + Duration.ofNanos(nanos).toMillis(), task)));
  }

  @Test
  void answerToEachFailureComesLaterThanTheLastUpToALimit() {
    List<Long> delays = new ArrayList<>();
    for (int login = 0; login < 6; login++) {
      long asked = nowMillis;
      CompletableFuture<Optional<String>> answer = attempt("host", WRONG);
      assertThat(verifiedAtMillis).as("looked at without delay").endsWith(asked);
      runUntil(answer);
      assertThat(answer).isCompletedWithValue(WRONG);
      delays.add(nowMillis - asked);
    }
    assertThat(delays).containsExactly(100L, 200L, 400L, 800L, 800L, 800L);
  }

  @Test
  void rightPasswordIsAnsweredAtOnceAfterAnyNumberOfFailures() {
    fail(10);
    assertThat(attempt("host", RIGHT)).isCompletedWithValue(RIGHT);
  }

  @Test
  void manyWhoGuessWithoutEndDoNotKeepARightPasswordOut() {
    LoginThrottle usual = throttle(LoginThrottle.Limits.DEFAULT);
    for (int client = 0; client < 25; client++) {
      guessForEver(usual);
    }
    runUntilMillis(nowMillis + 15_000);
    for (int login = 0; login < 3; login++) {
      long asked = nowMillis;
      CompletableFuture<Optional<String>> answer =
          usual.attempt("host", () -> verified(RIGHT)).toCompletableFuture();
      runUntil(answer);
      assertThat(answer).isCompletedWithValue(RIGHT);
      assertThat(nowMillis - asked).isLessThan(4_000);
    }
  }

  @Test
  void guessingHostHasAsManyGuessesInTheLongestDelayAsPlaces() {
    fail(10);
    verifiedAtMillis.clear();
    for (int login = 0; login < 12; login++) {
      attempt("host", WRONG);
    }
    long begin = nowMillis;
    runUntilMillis(begin + 1_700);
    assertThat(verifiedAtMillis)
        .containsExactly(
            begin,
            begin,
            begin,
            begin + 800,
            begin + 800,
            begin + 800,
            begin + 1_600,
            begin + 1_600,
            begin + 1_600);
  }

  @Test
  void whoWaitsGetsInInOrder() {
    fail(10);
    for (int login = 0; login < 3; login++) {
      attempt("host", WRONG);
    }
    List<String> in = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      throttle
          .attempt("host", () -> verified(RIGHT))
          .whenComplete((refusal, failure) -> in.add(name));
    }
    runUntilMillis(nowMillis + 1_000);
    assertThat(in).containsExactly("a", "b", "c");
  }

  @Test
  void onlyWhoHasNoPlaceInTimeIsRefusedUnheard() {
    fail(10);
    for (int login = 0; login < 9; login++) {
      attempt("host", WRONG);
    }
    CompletableFuture<Optional<String>> last = attempt("host", RIGHT);
    long asked = nowMillis;
    runUntil(last);
    assertThat(last).isCompletedWithValue(TOO_MANY);
    assertThat(nowMillis - asked).isEqualTo(2_000);
    verifiedAtMillis.clear();
    runUntilMillis(nowMillis + 10_000);
    assertThat(verifiedAtMillis).isEmpty();
  }

  @Test
  void onlySoManyWait() {
    fail(10);
    for (int login = 0; login < 53; login++) {
      assertThat(attempt("host", WRONG)).isNotDone();
    }
    assertThat(attempt("host", RIGHT)).isCompletedWithValue(TOO_MANY);
  }

  @Test
  void hostOfWhichNobodyFailedHasPlacesWithoutLimit() {
    for (int login = 0; login < 20; login++) {
      attemptAtSlowVerifier();
    }
    assertThat(hanging).hasSize(20);
    hanging.forEach(verification -> verification.complete(RIGHT));
    assertThat(tasks).isEmpty();
  }

  @Test
  void slowVerificationsHaveTheirPlaceUntilTheyEnd() {
    fail(1);
    for (int login = 0; login < 4; login++) {
      attemptAtSlowVerifier();
    }
    assertThat(hanging).hasSize(3);
    hanging.get(0).complete(RIGHT);
    runUntilMillis(nowMillis);
    assertThat(hanging).hasSize(4);
  }

  @Test
  void otherHostsAreNotConcerned() {
    fail(10);
    for (int login = 0; login < 20; login++) {
      attempt("host", WRONG);
    }
    assertThat(attempt("other", RIGHT)).isCompletedWithValue(RIGHT);
  }

  @Test
  void timeForgivesButSuccessDoesNot() {
    fail(4);
    attempt("host", RIGHT);
    assertThat(delay()).isEqualTo(800);
    nowMillis += 61_000;
    assertThat(delay()).isEqualTo(100);
  }

  @Test
  void aVerifierThatCannotBeAskedIsNobodysFailure() {
    for (int login = 0; login < 5; login++) {
      CompletableFuture<Optional<String>> answer =
          throttle
              .attempt(
                  "host",
                  () -> CompletableFuture.failedFuture(new IllegalStateException("unreachable")))
              .toCompletableFuture();
      assertThatThrownBy(answer::join)
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("unreachable");
    }
    assertThat(delay()).isEqualTo(100);
  }

  @Test
  void aVerifierThatTakesNothingMoreLosesNoPlace() {
    fail(10);
    for (int login = 0; login < 5; login++) {
      CompletionStage<Optional<String>> answer =
          throttle.attempt(
              "host",
              () -> {
                throw new IllegalStateException("full");
              });
      assertThat(answer.toCompletableFuture()).isCompletedExceptionally();
    }
    assertThat(attempt("host", RIGHT)).isCompletedWithValue(RIGHT);
  }

  @Test
  void onlySoManyHostsAreRemembered() {
    for (String host : List.of("host", "b", "c")) {
      runUntil(attempt(host, WRONG));
    }
    assertThat(delay()).as("it is forgotten").isEqualTo(100);
  }

  private CompletableFuture<Optional<String>> attempt(String host, Optional<String> refusal) {
    return throttle.attempt(host, () -> verified(refusal)).toCompletableFuture();
  }

  private CompletionStage<Optional<String>> verified(Optional<String> refusal) {
    verifiedAtMillis.add(nowMillis);
    return CompletableFuture.completedFuture(refusal);
  }

  private void attemptAtSlowVerifier() {
    throttle.attempt(
        "host",
        () -> {
          CompletableFuture<Optional<String>> verification = new CompletableFuture<>();
          hanging.add(verification);
          return verification;
        });
  }

  /** A client that tries again a second after each answer. */
  private void guessForEver(LoginThrottle at) {
    at.attempt("host", () -> verified(WRONG))
        .whenComplete(
            (refusal, failure) -> tasks.add(new Task(nowMillis + 1_000, () -> guessForEver(at))));
  }

  private void fail(int logins) {
    for (int login = 0; login < logins; login++) {
      runUntil(attempt("host", WRONG));
    }
  }

  private long delay() {
    long asked = nowMillis;
    runUntil(attempt("host", WRONG));
    return nowMillis - asked;
  }

  private void runUntil(CompletableFuture<?> answer) {
    while (!answer.isDone()) {
      runNext();
    }
  }

  private void runUntilMillis(long endMillis) {
    while (tasks.stream().anyMatch(task -> task.atMillis <= endMillis)) {
      runNext();
    }
    nowMillis = Math.max(nowMillis, endMillis);
  }

  private void runNext() {
    Task next =
        tasks.stream()
            .min(Comparator.comparingLong(Task::atMillis))
            .orElseThrow(() -> new AssertionError("nothing is left to do"));
    tasks.remove(next);
    nowMillis = Math.max(nowMillis, next.atMillis);
    next.run.run();
  }
}
