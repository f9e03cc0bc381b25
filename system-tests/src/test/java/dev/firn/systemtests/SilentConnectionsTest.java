package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Connections between registries and nodes become silent, as they do when packets were lost for
 * long; new ones work. Nobody may insist on the old.
 */
@FirnOnly
class SilentConnectionsTest {
  /** The reference, and what only waits for Ice to close what was idle, needs more. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final Lab lab = new Lab();
  private final List<Relay> relays = new ArrayList<>();
  private final Grid grid = Grid.of(lab, GridMix.ALL_FIRN, 1, "node");

  @AfterEach
  void close() {
    lab.close();
    relays.forEach(Relay::close);
  }

  private void start() {
    for (RegistryProcess registry : grid.registries()) {
      int port = Ports.free();
      registry
          .with("IceGrid.Registry.Internal.Endpoints", "tcp -h 127.0.0.1 -p " + port)
          .with("IceGrid.Registry.Internal.PublishedEndpoints", relay(port).endpoint());
    }
    int port = Ports.free();
    grid.node("node")
        .with("IceGrid.Node.Endpoints", "tcp -h 127.0.0.1 -p " + port)
        .with("IceGrid.Node.PublishedEndpoints", relay(port).endpoint());
    grid.start();
  }

  private Relay relay(int port) {
    Relay relay = new Relay(port);
    relays.add(relay);
    return relay;
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void nodeAndRegistriesFindEachOtherOverNewOnes() {
    start();
    grid.add(GridApplication.of("app", GridServer.python("one")));
    String pid = grid.ask("one", "pid");
    relays.forEach(relay -> assertThat(relay.silence()).isPositive());
    for (String replica : List.of("Master", "Replica1")) {
      Await.until(
          "the node is at " + replica + " again",
          LIMIT,
          () ->
              count(
                      grid.node("node").console(),
                      "established session with replica `" + replica + "'")
                  > 1);
    }
    Await.until(
        "the slave is at the master again",
        LIMIT,
        () -> count(grid.slave(1).console(), "established session with master replica") > 1);
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    grid.stop("one");
    assertThat(grid.askThrough(grid.slave(1), "one.Server", "id")).isEqualTo("one");
    grid.stop("one");
    assertThat(grid.askThrough(grid.master(), "one.Server", "id")).isEqualTo("one");
    grid.add(GridApplication.of("later", GridServer.python("two")));
    assertThat(grid.askThrough(grid.slave(1), "two.Server", "id")).isEqualTo("two");
  }
}
