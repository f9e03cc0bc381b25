package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.IceGrid.DeploymentException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ApplicationTurnsTest {
  private final List<String> started = new ArrayList<>();
  private final List<CompletableFuture<Void>> works = new ArrayList<>();

  @Test
  void oneUpdateOfAnApplicationGoesOnAtATimeInOrder() {
    var turns = new ApplicationTurns(10, 60_000);
    var first = take(turns, "A", "first");
    take(turns, "A", "second");
    take(turns, "A", "third");
    take(turns, "B", "other");
    assertThat(started).containsExactly("first", "other");

    works.get(0).complete(null);
    assertThat(first).isCompleted();
    assertThat(started).containsExactly("first", "other", "second");
    works.get(2).completeExceptionally(new IllegalStateException("failed"));
    assertThat(started).endsWith("third");
    works.get(3).complete(null);
    take(turns, "A", "fourth");
    assertThat(started).endsWith("fourth");
  }

  @Test
  void whoFindsTooManyWaitingIsToldWhoIsAtIt() {
    var turns = new ApplicationTurns(1, 60_000);
    take(turns, "A", "first");
    take(turns, "A", "second");
    assertThatThrownBy(() -> take(turns, "A", "third").get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DeploymentException.class)
        .cause()
        .extracting("reason")
        .isEqualTo("application `A' is being updated by `first'; try again later");
  }

  @Test
  void whoWaitsTooLongIsToldSoAndDoesNotTakeItsTurnLater() {
    var turns = new ApplicationTurns(10, 50);
    take(turns, "A", "first");
    var second = take(turns, "A", "second");
    assertThatThrownBy(() -> second.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DeploymentException.class);
    works.get(0).complete(null);
    take(turns, "A", "third");
    assertThat(started).containsExactly("first", "third");
  }

  private CompletableFuture<Void> take(ApplicationTurns turns, String application, String user) {
    return turns
        .inTurn(
            application,
            user,
            () -> {
              started.add(user);
              CompletableFuture<Void> work = new CompletableFuture<>();
              works.add(work);
              return work;
            })
        .toCompletableFuture();
  }
}
