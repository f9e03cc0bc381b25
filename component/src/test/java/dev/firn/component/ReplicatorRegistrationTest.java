package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Failover.V1.StateReplicatorPrx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a state replicator has registered with a real service locator. */
class ReplicatorRegistrationTest {
  @TempDir Path directory;
  private ReplicatorFixture group;

  @BeforeEach
  void open() {
    group = new ReplicatorFixture(directory).start();
  }

  @AfterEach
  void close() {
    group.close();
  }

  private List<String> found(ServiceLocatorParams params) {
    List<String> names = new ArrayList<>();
    try {
      for (ObjectPrx proxy : group.locator.locator().locateAll(params)) {
        names.add(proxy.ice_getIdentity().name);
      }
    } catch (ServiceNotFound e) {
      // None.
    }
    return names;
  }

  private List<String> found(String category, String service) {
    return found(new ServiceLocatorParams(category, service, ""));
  }

  private void awaitFound(String category, String service, String... names) throws Exception {
    LocatorFixture.await(
        category + " " + service, () -> found(category, service).equals(List.of(names)));
  }

  @Test
  void whatIsConfiguredIsFoundThoughNobodyWasEverActive() throws Exception {
    group.configuration().setConfiguration(ReplicatorFixture.item("line", 1));
    awaitFound("Configuration", ReplicatorFixture.STREAM, "test.Configuration");
    awaitFound("StateReplicator", ReplicatorFixture.STREAM, "test");

    group.stop();
    assertThat(found("Configuration", "")).isEmpty();
    group.start();
    awaitFound("Configuration", ReplicatorFixture.STREAM, "test.Configuration");
    ConfigurationServicePrx service =
        ConfigurationServicePrx.checkedCast(
            group
                .locator
                .locator()
                .locate(new ServiceLocatorParams("Configuration", ReplicatorFixture.STREAM, "")));
    assertThat(service.getConfigurationGroups()).hasSize(1);
  }

  @Test
  void whoStandsByIsEnough() throws Exception {
    group.instance("test-1", new TestComponent());
    awaitFound("Configuration", "", "test.Configuration");
    awaitFound("StateReplicator", ReplicatorFixture.STREAM, "test");
  }

  @Test
  void aNameThatIsAskedForIsNotRegistered() throws Exception {
    StateReplicatorPrx all =
        StateReplicatorPrx.uncheckedCast(
            group.locator.client.stringToProxy("StateReplicator:" + group.endpoint()));
    assertThat(all.stream("asked").info().epoch).isZero();
    assertThat(group.configuration().getConfigurationGroups()).isEmpty();
    group.configuration().setConfiguration(ReplicatorFixture.item("line", 1));
    awaitFound("Configuration", "", "test.Configuration");
    awaitFound("StateReplicator", "", "StateReplicator", "test");
    assertThat(all.streams()).containsExactly("test");
  }
}
