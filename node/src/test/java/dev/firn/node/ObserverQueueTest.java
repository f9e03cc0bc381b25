package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ObserverQueueTest {
  private final NodeStates states = new NodeStates(NodeInfo::new, 3);
  private final Registry registry = new Registry();

  @Test
  void everythingFirstThenEachChangeInOrderOneAtATime() {
    states.server(server("a"));
    states.subscribe("key", registry);
    states.server(server("b"));
    states.server(server("c"));
    assertThat(registry.told).containsExactly("up [a]");
    registry.answer();
    assertThat(registry.told).containsExactly("up [a]", "b");
    registry.answer();
    registry.answer();
    assertThat(registry.told).containsExactly("up [a]", "b", "c");
  }

  @Test
  void tooManyChangesAreToldAsEverything() {
    states.subscribe("key", registry);
    for (String id : new String[] {"a", "b", "c", "d", "e"}) {
      states.server(server(id));
    }
    registry.answer();
    assertThat(registry.told).containsExactly("up []", "up [a, b, c, d, e]");
  }

  @Test
  void afterAFailureNothingUntilTheSessionIsSeenToLiveThenEverything() {
    states.subscribe("key", registry);
    registry.answer();
    states.server(server("a"));
    states.server(server("b"));
    registry.fail();
    states.server(server("c"));
    assertThat(registry.told).containsExactly("up []", "a");
    states.resume("key");
    assertThat(registry.told).containsExactly("up []", "a", "up [a, b, c]");
    registry.answer();
    states.server(server("d"));
    assertThat(registry.told).containsExactly("up []", "a", "up [a, b, c]", "d");
  }

  @Test
  void whoHasLeftIsToldNothing() {
    states.subscribe("key", registry);
    states.unsubscribe("key");
    registry.fail();
    states.resume("key");
    states.server(server("a"));
    assertThat(registry.told).containsExactly("up []");
  }

  private static ServerDynamicInfo server(String id) {
    return new ServerDynamicInfo(id, ServerState.Active, 1, true);
  }

  /** Answers when it is told to. */
  private static final class Registry implements ObserverSink {
    private final List<String> told = new ArrayList<>();
    private final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();

    void answer() {
      open.remove().complete(null);
    }

    void fail() {
      open.remove().completeExceptionally(new com.zeroc.Ice.InvocationTimeoutException());
    }

    private CompletionStage<Void> told(String what) {
      told.add(what);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      open.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<Void> nodeUp(NodeDynamicInfo node) {
      return told("up " + node.servers.stream().map(server -> server.id).toList());
    }

    @Override
    public CompletionStage<Void> server(ServerDynamicInfo server) {
      return told(server.id);
    }

    @Override
    public CompletionStage<Void> adapter(AdapterDynamicInfo adapter) {
      return told(adapter.id);
    }
  }
}
