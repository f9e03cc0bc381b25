package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationReplicatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Failover.V1.StateReplicatorPrx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** Params of a component's own class, as made from Slice. */
  private static final class OwnParams extends ServiceLocatorParams {
    private static final String ID = "::Test::OwnParams";

    OwnParams(String service) {
      super("Own", service, "");
    }

    @Override
    public String ice_id() {
      return ID;
    }

    @Override
    protected void _iceWriteImpl(OutputStream out) {
      out.startSlice(ID, -1, false);
      out.writeInt(1);
      out.endSlice();
      super._iceWriteImpl(out);
    }
  }

  private static TestComponent own() {
    TestComponent component = new TestComponent();
    component.services().configuration(new OwnParams("phones"));
    return component;
  }

  /** A configurator notices no difference between one instance and a group. */
  @Test
  void aConfigurationIsFoundByTheParamsOfTheComponent() throws Exception {
    ServiceLocatorParams request = new OwnParams("phones");
    assertThat(found(request)).isEmpty();
    group.instance("test-1", own());
    LocatorFixture.await("the group's", () -> found(request).equals(List.of("test.Configuration")));
    assertThat(found(new OwnParams("others"))).isEmpty();
    assertThat(found("Configuration", ReplicatorFixture.STREAM))
        .containsExactly("test.Configuration");

    // The replicator knows nothing of it any more, and is told anew.
    group.stop();
    assertThat(found(request)).isEmpty();
    group.start();
    LocatorFixture.await("anew", () -> found(request).equals(List.of("test.Configuration")));
  }

  @Test
  void paramsThatMeanNothingAreRefused() {
    ConfigurationReplicatorPrx members =
        ConfigurationReplicatorPrx.uncheckedCast(
            group
                .configuration()
                .ice_identity(
                    new Identity(
                        ReplicatorFixture.STREAM + Replicator.CONFIGURATION_REPLICATOR, "")));
    assertThatThrownBy(
            () ->
                members.registerConfigurationService(
                    group.configuration(), Map.of(MemberRegistration.PARAMS, "AAAA")))
        .isInstanceOf(UnknownException.class);
    assertThat(group.configuration().getConfigurationGroups()).isEmpty();
  }

  @Test
  void aStandaloneInstanceIsFoundByTheSameParams() throws Exception {
    group.instance("test-1", own(), "Standalone=1");
    ServiceLocatorParams request = new OwnParams("phones");
    LocatorFixture.await(
        "its own", () -> found(request).equals(List.of("test-1.ConfigurationService")));
    assertThat(found("Configuration", ReplicatorFixture.STREAM))
        .containsExactly("test-1.ConfigurationService");
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
