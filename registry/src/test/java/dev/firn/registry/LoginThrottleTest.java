package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final LoginThrottle.Limits LIMITS =
      new LoginThrottle.Limits(
          Duration.ofMillis(100),
          Duration.ofMillis(800),
          Duration.ofMillis(2000),
          Duration.ofMinutes(1),
          2);

  private record Task(long atMillis, Runnable run) {}

  private final List<Task> tasks = new ArrayList<>();
  private final List<Long> attemptsAtMillis = new ArrayList<>();
  private long nowMillis = 1_000;
  private final LoginThrottle throttle =
      new LoginThrottle(
          LIMITS,
          () -> Duration.ofMillis(nowMillis).toNanos(),
          (task, nanos) ->
              tasks.add(new Task(nowMillis + Duration.ofNanos(nanos).toMillis(), task)));

  @Test
  void eachFailureDoublesTheDistanceUpToALimit() {
    for (int attempt = 0; attempt < 7; attempt++) {
      attempt("host", Optional.of(""));
      runTasks();
    }

    assertThat(distances()).containsExactly(100L, 200L, 400L, 800L, 800L, 800L);
  }

  @Test
  void attemptsOfAGuessingHostAreMadeOneByOne() {
    attempt("host", Optional.of(""));
    for (int attempt = 0; attempt < 5; attempt++) {
      attempt("host", Optional.of(""));
    }
    runTasks();

    assertThat(distances()).allSatisfy(distance -> assertThat(distance).isPositive());
    assertThat(attemptsAtMillis).hasSize(6);
  }

  @Test
  void whoWouldWaitTooLongIsRefusedUnheard() {
    attempt("host", Optional.of(""));
    List<CompletionStage<Optional<String>>> answers = new ArrayList<>();
    for (int attempt = 0; attempt < 30; attempt++) {
      answers.add(attempt("host", Optional.of("")));
    }

    assertThat(answers.get(29).toCompletableFuture())
        .isCompletedWithValue(Optional.of("too many failed logins from `host', try again later"));
    assertThat(tasks).hasSize(20);
  }

  @Test
  void otherHostsAreNotConcerned() {
    attempt("guesser", Optional.of(""));

    assertThat(attempt("other", Optional.empty()).toCompletableFuture())
        .isCompletedWithValue(Optional.empty());
    assertThat(tasks).isEmpty();
  }

  @Test
  void successAndTimeForgive() {
    attempt("host", Optional.of(""));
    attempt("host", Optional.empty());
    runTasks();
    attempt("host", Optional.of(""));
    nowMillis += 61_000;
    attempt("host", Optional.of(""));

    assertThat(tasks).isEmpty();
    assertThat(attemptsAtMillis).hasSize(4);
  }

  @Test
  void aVerifierThatCannotBeAskedIsNobodysFailure() {
    throttle.attempt(
        "host", () -> CompletableFuture.failedFuture(new IllegalStateException("unreachable")));
    attempt("host", Optional.empty());

    assertThat(tasks).isEmpty();
  }

  @Test
  void onlySoManyHostsAreRemembered() {
    attempt("a", Optional.of(""));
    attempt("b", Optional.of(""));
    attempt("c", Optional.of(""));

    attempt("a", Optional.of(""));
    assertThat(tasks).as("a is forgotten").isEmpty();
    attempt("c", Optional.of(""));
    assertThat(tasks).as("c is not").hasSize(1);
  }

  private CompletionStage<Optional<String>> attempt(String host, Optional<String> refusal) {
    return throttle.attempt(
        host,
        () -> {
          attemptsAtMillis.add(nowMillis);
          return CompletableFuture.completedFuture(refusal);
        });
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      Task next = tasks.remove(0);
      nowMillis = Math.max(nowMillis, next.atMillis);
      next.run.run();
    }
  }

  private List<Long> distances() {
    List<Long> distances = new ArrayList<>();
    for (int index = 1; index < attemptsAtMillis.size(); index++) {
      distances.add(attemptsAtMillis.get(index) - attemptsAtMillis.get(index - 1));
    }
    return distances;
  }
}
