package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReaperTest {
  private final RecordingLogger logger = new RecordingLogger();
  private final List<String> ends = new CopyOnWriteArrayList<>();
  private final Reaper reaper = new Reaper(logger);

  @AfterEach
  void stop() {
    reaper.shutdown();
  }

  @Test
  void aSilentSessionIsReapedWhenItsTimeoutIsOver() {
    long start = System.nanoTime();
    reaper.add(session("short"), Duration.ofMillis(200));
    reaper.add(session("forever"), 0);

    Eventually.await("reaped", () -> ends.contains("short reaped"));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    assertThat(reaper.size()).isEqualTo(1);
  }

  @Test
  void aRefreshedSessionLives() {
    Reaper.Registration refreshed = reaper.add(session("refreshed"), Duration.ofMillis(400));
    reaper.add(session("silent"), Duration.ofMillis(800));

    Eventually.await(
        "the silent one, with twice the time-out, is reaped",
        () -> {
          refreshed.refresh();
          return ends.contains("silent reaped");
        });

    assertThat(ends).containsExactly("silent reaped");
    Eventually.await("then the other", () -> ends.contains("refreshed reaped"));
  }

  @Test
  void aCancelledSessionIsLeftAlone() {
    reaper.add(session("cancelled"), Duration.ofMillis(100)).cancel();
    reaper.add(session("later"), Duration.ofMillis(200));

    Eventually.await("the later one is reaped", () -> ends.contains("later reaped"));

    assertThat(ends).containsExactly("later reaped");
  }

  @Test
  void ofACancelledSessionNothingIsLeft() {
    Reaper.Registration cancelled = reaper.add(session("cancelled"), 3_600);
    reaper.add(session("other"), 3_600);
    cancelled.cancel();
    assertThat(reaper.waiting()).isEqualTo(1);
  }

  @Test
  void shortTimeoutsAreRaisedToTenSeconds() {
    reaper.add(session("raised"), 1);
    reaper.add(session("other"), Duration.ofMillis(1500));

    Eventually.await("more than a second is over", () -> ends.contains("other reaped"));

    assertThat(ends).containsExactly("other reaped");
  }

  @Test
  void shutdownEndsAllInTheirShutdownVariant() {
    reaper.add(session("a"), 30);
    reaper.add(session("b"), 0);

    reaper.shutdown();

    assertThat(ends).containsExactlyInAnyOrder("a shut down", "b shut down");
    assertThat(reaper.size()).isZero();
  }

  @Test
  void aFailureEndsNothingElse() {
    reaper.add(
        new Reaper.Reapable() {
          @Override
          public void reap() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void shutdown() {}
        },
        Duration.ofMillis(50));
    reaper.add(session("good"), Duration.ofMillis(100));

    Eventually.await("the good one is reaped", () -> ends.contains("good reaped"));

    assertThat(logger.lines())
        .containsExactly(
            "warning: unexpected exception while reaping session:\n"
                + "java.lang.IllegalStateException: broken");
  }

  private Reaper.Reapable session(String name) {
    return new Reaper.Reapable() {
      @Override
      public void reap() {
        ends.add(name + " reaped");
      }

      @Override
      public void shutdown() {
        ends.add(name + " shut down");
      }
    };
  }
}
