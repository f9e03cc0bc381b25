package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import dev.firn.election.NodeState;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamCommand.Applied;
import dev.firn.failover.StreamCommand.Result;
import dev.firn.failover.StreamTables;
import dev.firn.storage.LmdbStreamStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three engines in one process, each with its own communicator and directory. */
final class ReplicatedStreamEngineTest {
  private static final int COUNT = 3;

  @TempDir private Path directory;
  private final TreeMap<Integer, Node> nodes = new TreeMap<>();
  private final List<Integer> ports = List.of(TestPorts.free(), TestPorts.free(), TestPorts.free());

  @AfterEach
  void closeAll() {
    nodes.values().forEach(Node::close);
  }

  @Test
  void whatWasAcknowledgedIsAtTheNextCoordinator() throws Exception {
    startAll();
    Node first = coordinator();
    assertThat(get(first, new StreamCommand.Claim("s", "a", 0, 0, true)))
        .isInstanceOf(Applied.class);
    for (int i = 1; i <= 50; i++) {
      assertThat(get(first, publish(i))).isInstanceOf(Applied.class);
    }
    assertThat(first.committed).hasSize(51);

    first.close();
    nodes.values().remove(first);
    Node second = coordinator();

    assertThat(second.served().stream("s").items()).hasSize(50);
    assertThat(get(second, publish(50)))
        .isInstanceOfSatisfying(
            Applied.class,
            repeated -> {
              assertThat(repeated.seq()).isEqualTo(50);
              assertThat(repeated.changes()).isEmpty();
            });
    assertThat(get(second, publish(51)))
        .isInstanceOfSatisfying(Applied.class, next -> assertThat(next.seq()).isEqualTo(51));

    start(first.id);
    awaitAll();
    assertThat(coordinator().served().stream("s").items()).hasSize(51);
  }

  @Test
  void othersRefuse() {
    startAll();
    Node coordinator = coordinator();
    Node other =
        nodes.values().stream().filter(node -> node != coordinator).findFirst().orElseThrow();

    assertThatThrownBy(() -> get(other, new StreamCommand.Claim("s", "a", 0, 0, true)))
        .hasCauseInstanceOf(StreamEngine.NotServingException.class);
    assertThat(coordinator.engine.view().members()).isNotEmpty();
  }

  @Test
  void oneAloneServesNothing() throws Exception {
    startAll();
    Node coordinator = coordinator();
    assertThat(get(coordinator, new StreamCommand.Claim("s", "a", 0, 0, true)))
        .isInstanceOf(Applied.class);
    for (Node node : List.copyOf(nodes.values())) {
      if (node != coordinator) {
        node.close();
        nodes.values().remove(node);
      }
    }

    Eventually.await("not serving", () -> !coordinator.serves());
    assertThatThrownBy(() -> get(coordinator, publish(1)))
        .hasCauseInstanceOf(StreamEngine.NotServingException.class);
  }

  @Test
  void allAreStoppedAndHaveEverything() throws Exception {
    startAll();
    assertThat(get(coordinator(), new StreamCommand.Claim("s", "a", 0, 0, true)))
        .isInstanceOf(Applied.class);
    assertThat(get(coordinator(), publish(1))).isInstanceOf(Applied.class);
    closeAll();
    nodes.clear();

    start(1);
    start(2);

    assertThat(coordinator().served().stream("s").items()).containsKey("k1");
    assertThat(coordinator().served().stream("s").epoch()).isEqualTo(1);
  }

  private void startAll() {
    for (int id = 1; id <= COUNT; id++) {
      start(id);
    }
    awaitAll();
  }

  /** The last to start may become the coordinator of a new group. */
  private void awaitAll() {
    Eventually.await(
        "a group of all",
        () ->
            coordinatorNow()
                .filter(c -> c.engine.view().members().size() == COUNT - 1)
                .filter(c -> nodes.values().stream().allMatch(node -> node.isIn(c)))
                .isPresent());
  }

  private Node start(int id) {
    Node node = new Node(id, ports, directory.resolve(Integer.toString(id)));
    nodes.put(id, node);
    return node;
  }

  private Optional<Node> coordinatorNow() {
    return nodes.values().stream().filter(Node::serves).findFirst();
  }

  private Node coordinator() {
    Eventually.await("a coordinator", () -> coordinatorNow().isPresent());
    return coordinatorNow().orElseThrow();
  }

  private static StreamCommand publish(int number) {
    byte[] payload = new byte[number];
    return new StreamCommand.Publish(
        "s", 1, number, List.of(new StateItem("k" + number, "", 0, Bytes.of(payload))), List.of());
  }

  private static Result get(Node node, StreamCommand command)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    CompletableFuture<Result> result = node.engine.submit(command);
    return result.get(60, TimeUnit.SECONDS);
  }

  private static final class Node implements StreamEngine.Listener {
    private final int id;
    private final Communicator communicator = Util.initialize();
    private final ReplicatedStreamEngine engine;
    private final List<StreamCommand> committed = new ArrayList<>();
    private volatile @Nullable StreamTables tables;

    Node(int id, List<Integer> ports, Path directory) {
      this.id = id;
      TreeMap<Integer, String> proxies = new TreeMap<>();
      for (int node = 1; node <= COUNT; node++) {
        proxies.put(node, "replicator" + node + ":tcp -h 127.0.0.1 -p " + ports.get(node - 1));
      }
      try {
        Files.createDirectories(directory);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      engine =
          new ReplicatedStreamEngine(
              communicator,
              new ReplicaNodes("Firn.Replicator", "replicator", proxies, id, 750, false),
              LmdbStreamStore.open(directory));
      engine.start(this);
    }

    boolean isIn(Node coordinator) {
      return engine.view().state() == NodeState.NORMAL
          && engine.view().group().equals(coordinator.engine.view().group());
    }

    boolean serves() {
      return tables != null;
    }

    StreamTables served() {
      StreamTables now = tables;
      if (now == null) {
        throw new AssertionError("replicator " + id + " does not serve");
      }
      return now;
    }

    @Override
    public void serving(StreamTables served) {
      tables = served;
    }

    @Override
    public void committed(StreamCommand command, Applied result) {
      committed.add(command);
    }

    @Override
    public void notServing(String reason) {
      tables = null;
    }

    void close() {
      engine.close();
      communicator.destroy();
    }
  }
}
