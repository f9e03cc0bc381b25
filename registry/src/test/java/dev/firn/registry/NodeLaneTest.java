package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeLaneTest {
  private final List<CompletableFuture<String>> requests = new ArrayList<>();
  private final NodeLane lane = new NodeLane(Runnable::run, 2);

  private CompletableFuture<String> submit() {
    return lane.submit(
            () -> {
              CompletableFuture<String> request = new CompletableFuture<>();
              requests.add(request);
              return request;
            })
        .toCompletableFuture();
  }

  @Test
  void requestsBeyondTheLimitWaitForAnswers() {
    CompletableFuture<String> first = submit();
    submit();
    submit();
    assertThat(requests).hasSize(2);
    requests.get(0).complete("done");
    assertThat(first.join()).isEqualTo("done");
    assertThat(requests).hasSize(3);
  }

  @Test
  void whatWaitsFailsWhenTheSessionEnds() {
    submit();
    submit();
    CompletableFuture<String> waiting = submit();
    lane.close();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(NodeLane.ClosedException.class);
    assertThatThrownBy(submit()::join).hasCauseInstanceOf(NodeLane.ClosedException.class);
    assertThat(requests).hasSize(2);
  }

  @Test
  void requestThatThrowsFailsItsCallerOnly() {
    CompletableFuture<Object> bad =
        lane.submit(
                () -> {
                  throw new IllegalStateException("no");
                })
            .toCompletableFuture();
    assertThatThrownBy(bad::join).hasCauseInstanceOf(IllegalStateException.class);
    submit();
    submit();
    assertThat(requests).hasSize(2);
  }
}
