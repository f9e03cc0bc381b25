package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SwitchGateTest {
  private final List<Runnable> tasks = new ArrayList<>();
  private final SwitchGate gate = new SwitchGate("requests", tasks::add, 0);

  private void runTasks() {
    List<Runnable> ready = List.copyOf(tasks);
    tasks.clear();
    ready.forEach(Runnable::run);
  }

  @Test
  void isClosedAtFirst() {
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.whenOpen()).isNotDone();
  }

  @Test
  void whoWaitsPassesInOrderBeforeItOpensForOthers() {
    List<String> passed = new ArrayList<>();
    gate.whenOpen().thenRun(() -> passed.add("first, open: " + gate.isOpen()));
    gate.whenOpen().thenRun(() -> passed.add("second, open: " + gate.isOpen()));

    gate.set(true);
    assertThat(gate.isOpen()).isFalse();
    runTasks();

    assertThat(passed).containsExactly("first, open: false", "second, open: false");
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.whenOpen()).isCompleted();
  }

  @Test
  void closingStopsThoseWhoHaveNotPassed() {
    gate.whenOpen().thenRun(() -> gate.set(false));
    CompletableFuture<Void> second = gate.whenOpen();

    gate.set(true);
    runTasks();

    assertThat(second).isNotDone();
    assertThat(gate.isOpen()).isFalse();

    gate.set(true);
    runTasks();

    assertThat(second).isCompleted();
    assertThat(gate.isOpen()).isTrue();
  }

  @Test
  void endRefusesAllWhoWaitAndCome() {
    CompletableFuture<Void> waiting = gate.whenOpen();

    gate.end();
    gate.set(true);
    runTasks();

    assertThat(waiting).isCompletedExceptionally();
    assertThat(gate.whenOpen()).isCompletedExceptionally();
    assertThat(gate.isOpen()).isFalse();
  }

  @Test
  void waitingHasLimitIfConfigured() {
    SwitchGate limited = new SwitchGate("requests", tasks::add, 1);
    CompletableFuture<Void> waiting = limited.whenOpen();

    Eventually.await("it gives up", waiting::isCompletedExceptionally);

    assertThat(waiting.handle((ok, failure) -> failure).join())
        .hasRootCauseMessage("no group of replicas formed within 1 ms, requests must wait");
  }
}
