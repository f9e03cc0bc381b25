package dev.firn.component;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.UnknownException;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configurator hears of a group whose instances do not want what it pushes. */
class ConfigurationRefusedTest {
  @TempDir Path directory;
  private final TestComponent first = new TestComponent();
  private final TestComponent second = new TestComponent();
  private ReplicatorFixture group;
  private ConfigurationServicePrx service;
  private ManagedReplicaPrx active;
  private ManagedReplicaPrx standby;
  private ConfigurationServicePrx atSecond;

  @BeforeEach
  void open() throws Exception {
    group = new ReplicatorFixture(directory).start();
    service = group.configuration();
    active = start("test-1", first);
    standby = start("test-2", second);
    active.promote(0, false);
    atSecond =
        ConfigurationServicePrx.uncheckedCast(
            standby.ice_facet("").ice_identity(MemberConfigurationServant.identity("test-2")));
    // Both are known to the replicator.
    service.setConfiguration(ReplicatorFixture.item("line", 1));
    assertThat(first.calls).contains("configure 1");
    assertThat(second.calls).contains("configure 1");
  }

  @AfterEach
  void close() {
    group.close();
  }

  private ManagedReplicaPrx start(String name, TestComponent component) {
    ManagedReplicaPrx managed =
        ManagedReplicaPrx.uncheckedCast(
            group
                .locator
                .client
                .stringToProxy(group.instance(name, component).replica().toString())
                .ice_facet("ha"));
    Eventually.await("standby", () -> managed.getStatus().state == ReplicaState.Standby);
    return managed;
  }

  private static void refuse(ConfigView configuration) {
    throw new IllegalStateException("no such port");
  }

  private static int serial(ConfigurationServicePrx of) {
    ConfigurationGroup group = of.getConfigurationAll(ReplicatorFixture.item("line", 0))[0];
    return requireNonNull(group.configurationItems.get("line")).serialNumber;
  }

  @Test
  void whatTheActiveOneRefusesIsTheAnswerAndIsStored() throws Exception {
    first.onConfigure = ConfigurationRefusedTest::refuse;
    assertThatThrownBy(() -> service.setConfiguration(ReplicatorFixture.item("line", 2)))
        .isInstanceOfSatisfying(
            UnknownException.class,
            e ->
                assertThat(e.unknown)
                    .contains("revision 2 is stored", "test-1 has refused it")
                    .contains("java.lang.IllegalStateException: no such port;"));
    // The same again, also through another member: it was reached, so it is waited for.
    assertThatThrownBy(() -> atSecond.setConfiguration(ReplicatorFixture.item("line", 3)))
        .isInstanceOfSatisfying(
            UnknownException.class, e -> assertThat(e.unknown).startsWith("revision 3 is stored"));
    assertThat(serial(service)).isEqualTo(3);
    assertThat(serial(atSecond)).isEqualTo(3);

    // Who has taken it says so.
    assertThat(active.getConfigurationRevision()).isEqualTo(1);
    assertThat(standby.getConfigurationRevision()).isEqualTo(3);

    // What takes its place is taken.
    first.onConfigure = configuration -> {};
    service.setConfiguration(ReplicatorFixture.item("line", 4));
    assertThat(serial(service)).isEqualTo(4);
    assertThat(active.getConfigurationRevision()).isEqualTo(4);
  }

  @Test
  void whatItRefusedOnceItGetsAgain() throws Exception {
    first.onConfigure = ConfigurationRefusedTest::refuse;
    assertThatThrownBy(() -> service.setConfiguration(ReplicatorFixture.item("line", 2)))
        .isInstanceOf(UnknownException.class);
    int until = first.calls.size();
    first.onConfigure = configuration -> first.calls.add("revision " + configuration.revision());
    Eventually.await("again", () -> first.calls.lastIndexOf("revision 2") >= until);
  }

  @Test
  void aConflictReachesTheCallerAsItIs() {
    first.onConfigure =
        configuration -> {
          throw new SerialConflict(configuration.groups().get(0));
        };
    assertThatThrownBy(() -> service.setConfiguration(ReplicatorFixture.item("line", 2)))
        .isInstanceOfSatisfying(
            SerialConflict.class, e -> assertThat(e.group.configurationItems).containsKey("line"));
  }

  @Test
  void whatOneRefusesThatStandsByConcernsNobodyElse() throws Exception {
    second.onConfigure = ConfigurationRefusedTest::refuse;
    service.setConfiguration(ReplicatorFixture.item("line", 2));
    service.setConfiguration(ReplicatorFixture.item("line", 3));
    assertThat(serial(service)).isEqualTo(3);
  }
}
