package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replica names that are odd, wrong, or taken. */
@FirnOnly
class ReplicaNamesTest {
  private static final String TAKEN =
      "a replica with the same name is already registered and active";

  private final Lab lab = new Lab();
  private final RegistryProcess master = lab.registry(Implementation.FIRN);
  private final IceClient client = lab.client();

  @AfterEach
  void close() {
    lab.close();
  }

  private RegistryProcess slave(String name) {
    return lab.registry(Implementation.FIRN, "slave")
        .named(name)
        .with("Ice.Default.Locator", master.locatorProxy());
  }

  @Test
  void aNameWithABlankIsRefusedAndShown() {
    for (String name : List.of("two words", "tab\tname", "\\ leading")) {
      RegistryProcess slave = slave(name).begin();
      assertThat(slave.awaitExit()).as(name).isEqualTo(1);
      assertThat(slave.process().err())
          .contains("property `IceGrid.Registry.ReplicaName' is set to an invalid name:")
          .contains("blank or control character");
    }
  }

  @Test
  void punctuationIsPartOfTheName() {
    master.start();
    String[] names = {"rack-1", "rack_1", "rack.1", "a/b", "Registry-Master", "x@y", "100%"};
    for (String name : names) {
      slave(name).start();
    }
    Cluster.awaitConnected(client, master, names);
    AdminSession session = client.adminSession(master);
    for (String name : names) {
      assertThat(session.admin().call("pingRegistry", name).bool()).as(name).isTrue();
    }
    session.destroy();
    AdminTool tool = lab.admin(Implementation.FIRN);
    assertThat(tool.execute(master.locatorProxy(), "registry list").out().lines()).contains(names);
    AdminTool.Result described =
        tool.execute(master.locatorProxy(), "registry describe rack.1", "registry ping x@y");
    assertThat(described.exit()).as(described.all()).isZero();
  }

  @Test
  void aSlaveCannotTakeTheNameOfAnotherThatRuns() {
    master.start();
    RegistryProcess owner = slave("Twin").start();
    Cluster.awaitConnected(client, master, "Twin");
    client.adminSession(master).addObject("kept:tcp -h 127.0.0.1 -p 1", "::Kept");
    RegistryProcess twin = slave("Twin").start();
    twin.awaitConsole(TAKEN);
    // It serves what it has, the other one goes on undisturbed.
    client.query(twin).call("ice_ping");
    client.adminSession(master).addObject("more:tcp -h 127.0.0.1 -p 1", "::More");
    assertThat(Cluster.content(client, owner).objects()).containsOnlyKeys("kept", "more");
    assertThat(Cluster.content(client, twin).objects()).isEmpty();

    owner.terminate();
    Await.until("the twin is accepted", Cluster.LONG, () -> connectedTwin(twin));
    Await.asserted(
        () -> assertThat(Cluster.content(client, twin)).isEqualTo(Cluster.content(client, master)));
    // Said once, however often it tried meanwhile.
    assertThat(twin.console().lines())
        .filteredOn(line -> line.contains("error: ") && line.endsWith(TAKEN))
        .hasSize(1);
  }

  private boolean connectedTwin(RegistryProcess twin) {
    return Cluster.connected(client, master).contains("Twin")
        && twin.console().contains("established session with master replica");
  }

  @Test
  void aRestartedSlaveWithAFixedPortIsAcceptedAtOnce() {
    master.start();
    RegistryProcess slave =
        slave("Fixed")
            .with("IceGrid.Registry.Internal.Endpoints", "tcp -h 127.0.0.1 -p " + Ports.free());
    slave.start();
    Cluster.awaitConnected(client, master, "Fixed");
    for (int i = 0; i < 3; i++) {
      slave.kill();
      slave.start();
      slave.awaitConsole("established session with master replica");
      client.adminSession(master).addObject("o" + i + ":tcp -h 127.0.0.1 -p 1", "::O");
      Await.asserted(
          () ->
              assertThat(Cluster.content(client, slave))
                  .isEqualTo(Cluster.content(client, master)));
      assertThat(slave.console()).doesNotContain(TAKEN, "failed to establish");
    }
  }
}
