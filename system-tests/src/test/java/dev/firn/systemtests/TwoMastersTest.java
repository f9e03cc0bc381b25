package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two registries that were both started as master: nobody can decide which of them is right, so
 * everybody who sees both says so.
 */
@FirnOnly
class TwoMastersTest {
  private final Lab lab = new Lab();
  private final RegistryProcess first = lab.registry(Implementation.FIRN);
  private final RegistryProcess second = lab.registry(Implementation.FIRN);
  private final RegistryProcess slave = lab.registry(Implementation.FIRN, "Slave");
  private final IceClient client = lab.client();

  TwoMastersTest() {
    String locator = "IceGrid/Locator:" + first.endpoint() + ":" + second.endpoint();
    first.with("Ice.Default.Locator", locator);
    second.with("Ice.Default.Locator", locator);
    slave.with("Ice.Default.Locator", locator);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void addObjects(RegistryProcess master, String prefix, int count) {
    AdminSession session = client.adminSession(master);
    for (int i = 0; i < count; i++) {
      session.addObject(prefix + i + ":tcp -h 127.0.0.1 -p 1", "::" + prefix);
    }
    session.destroy();
  }

  private void expectInStep(RegistryProcess... registries) {
    Cluster.Content content = Cluster.content(client, registries[0]);
    for (RegistryProcess registry : registries) {
      Await.asserted(() -> assertThat(Cluster.content(client, registry)).isEqualTo(content));
    }
  }

  @Test
  void bothSaySoUntilOneBecomesASlave() {
    first.start();
    second.start();
    addObjects(first, "first", 3);
    addObjects(second, "second", 1);
    first.awaitConsole("two masters: `IceGrid/InternalRegistry-Master ");
    second.awaitConsole("two masters: `IceGrid/InternalRegistry-Master ");
    // Nothing was mixed.
    assertThat(Cluster.content(client, first).objects())
        .containsOnlyKeys("first0", "first1", "first2");
    assertThat(Cluster.content(client, second).objects()).containsOnlyKeys("second0");

    second.terminate();
    second.named("Former").start();
    Cluster.awaitConnected(client, first, "Former");
    expectInStep(first, second);
    addObjects(first, "later", 1);
    expectInStep(first, second);
    assertThat(Cluster.content(client, second).objects())
        .containsOnlyKeys("first0", "first1", "first2", "later0");
  }

  @Test
  void aSlaveOfOneThatIsCalledByTheOtherSaysSo() {
    second.start();
    slave.start();
    Cluster.awaitConnected(client, second, "Slave");
    second.terminate();
    // This one is ahead, so the slave may follow it; the other one remembers the slave.
    first.start();
    addObjects(first, "first", 5);
    Cluster.awaitConnected(client, first, "Slave");
    expectInStep(first, slave);

    second.start();
    slave.awaitConsole("two masters: this slave follows `IceGrid/InternalRegistry-Master ");
    first.awaitConsole("two masters: ");
    second.awaitConsole("two masters: ");
    assertThat(Cluster.connected(client, first)).contains("Slave");
    addObjects(first, "later", 1);
    expectInStep(first, slave);

    second.terminate();
    second.named("Former").start();
    Cluster.awaitConnected(client, first, "Former", "Slave");
    expectInStep(first, slave, second);
  }

  @Test
  void whoIsAheadIsNotOverwrittenButInitializedOnDemand() {
    first.start();
    second.start();
    addObjects(first, "first", 1);
    addObjects(second, "second", 4);
    first.awaitConsole("two masters: ");
    second.terminate();

    second.named("Former").start();
    second.awaitConsole("database from replica `Former' contains earlier updates:");
    first.awaitConsole("database from replica `Former' contains earlier updates:");
    assertThat(Cluster.content(client, second).objects()).hasSize(4);
    second.terminate();
    second.options("--initdb-from-replica=Master").start();
    Cluster.awaitConnected(client, first, "Former");
    expectInStep(first, second);
    assertThat(Cluster.content(client, second).objects()).containsOnlyKeys("first0");
  }
}
