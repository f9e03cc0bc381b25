package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SerialTasksTest {
  private final Deque<Runnable> pool = new ArrayDeque<>();
  private final SerialTasks tasks = new SerialTasks(pool::add);
  private final List<String> done = new ArrayList<>();

  private void runPool() {
    while (!pool.isEmpty()) {
      pool.remove().run();
    }
  }

  @Test
  void tasksRunInOrderOneAtATime() {
    tasks.add(() -> tasks.add(() -> done.add("third")));
    tasks.add(() -> done.add("second"));
    assertThat(pool).hasSize(1);
    runPool();
    assertThat(done).containsExactly("second", "third");
  }

  @Test
  void closedTakesNothing() {
    tasks.add(
        () -> {
          tasks.add(() -> done.add("late"));
          assertThat(tasks.closeIfIdle()).isFalse();
        });
    tasks.add(() -> assertThat(tasks.closeIfIdle()).isFalse());
    tasks.add(() -> assertThat(tasks.closeIfIdle()).isFalse());
    runPool();
    assertThat(done).containsExactly("late");
    tasks.add(() -> assertThat(tasks.closeIfIdle()).isTrue());
    runPool();
    assertThat(tasks.add(() -> done.add("never"))).isFalse();
  }

  @Test
  void failingTaskDoesNotStopTheOthers() {
    tasks.add(
        () -> {
          throw new IllegalStateException("expected");
        });
    tasks.add(() -> done.add("next"));
    try {
      pool.remove().run();
    } catch (IllegalStateException expected) {
      done.add("failed");
    }
    runPool();
    assertThat(done).containsExactly("failed", "next");
  }

  @Test
  void manyThreadsLoseNothing() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      SerialTasks shared = new SerialTasks(threads);
      List<Integer> seen = new ArrayList<>();
      int each = 5_000;
      CountDownLatch all = new CountDownLatch(2 * each);
      for (int producer = 0; producer < 2; producer++) {
        threads.execute(
            () -> {
              for (int i = 0; i < each; i++) {
                int number = i;
                shared.add(
                    () -> {
                      seen.add(number);
                      all.countDown();
                    });
              }
            });
      }
      assertThat(all.await(90, TimeUnit.SECONDS)).isTrue();
      assertThat(seen).hasSize(2 * each);
    } finally {
      threads.shutdownNow();
    }
  }
}
