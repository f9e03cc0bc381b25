package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Firn's programs with the reference's discovery plug-in in their configuration, and no locator.
 */
@FirnOnly
class LocatorPluginTest {
  private final Lab lab = new Lab();
  private final int port = Ports.free();

  @AfterEach
  void close() {
    lab.close();
  }

  private RegistryProcess registry() {
    return lab.registry(Implementation.FIRN)
        .with("IceGrid.Registry.Discovery.Enabled", "1")
        .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
        .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1");
  }

  private String configuration(String... more) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "Ice.Plugin.IceLocatorDiscovery=IceLocatorDiscovery,37:createIceLocatorDiscovery",
                "IceLocatorDiscovery.Interface=127.0.0.1",
                "IceLocatorDiscovery.RetryDelay=10",
                "IceLocatorDiscovery.Port=" + port));
    lines.addAll(List.of(more));
    return lab.write("discovery.cfg", String.join("\n", lines) + "\n").toString();
  }

  private ChildProcess admin(String configuration) {
    return lab.process(
        "admin",
        List.of(
            Implementation.FIRN.admin(),
            "--Ice.Config=" + configuration,
            "-u",
            "tester",
            "-p",
            "x",
            "-e",
            "registry list"));
  }

  @Test
  void theAdminToolFindsTheRegistry() {
    registry().start();
    ChildProcess admin = admin(configuration("IceLocatorDiscovery.RetryCount=100"));
    assertThat(admin.awaitExit(Await.LIMIT)).as(admin.err()).isZero();
    assertThat(admin.out()).isEqualTo("Master\n");
  }

  @Test
  void withoutARegistryTheAdminToolSaysSo() {
    ChildProcess admin = admin(configuration("IceLocatorDiscovery.Timeout=50"));
    assertThat(admin.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(admin.err()).contains("configured locator is not an IceGrid locator");
  }

  @Test
  void aStormRegistersItsAdaptersWithTheRegistryThatItFinds() {
    RegistryProcess first = registry().with("IceGrid.Registry.DynamicRegistration", "1").start();
    String configuration =
        configuration(
            "IceStorm.TopicManager.Endpoints=tcp -h 127.0.0.1",
            "IceStorm.TopicManager.AdapterId=Storm.TopicManager",
            "IceStorm.Publish.Endpoints=tcp -h 127.0.0.1",
            "IceStorm.LMDB.Path=" + lab.subdirectory("storm"));
    ChildProcess storm = storm(configuration);
    Await.until("the storm is ready", () -> storm.out().contains("IceStorm ready"));
    assertThat(adapters(first)).contains("Storm.TopicManager");
    storm.signal("TERM");
    assertThat(storm.awaitExit(Await.LIMIT)).as(storm.err()).isZero();
  }

  @Test
  void aReplicaOfAStormThatFindsNoRegistrySaysSo() {
    ChildProcess storm =
        storm(
            configuration(
                "IceLocatorDiscovery.Timeout=50",
                "IceStorm.TopicManager.Endpoints=tcp -h 127.0.0.1",
                "IceStorm.TopicManager.AdapterId=IceStorm0.TopicManager",
                "IceStorm.Node.Endpoints=tcp -h 127.0.0.1",
                "IceStorm.Node.AdapterId=IceStorm0.Node",
                "IceStorm.NodeId=0",
                "IceStorm.Publish.Endpoints=tcp -h 127.0.0.1",
                "IceStorm.LMDB.Path=" + lab.subdirectory("storm")));
    assertThat(storm.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(storm.err()).contains("no IceGrid registry has been discovered");
  }

  private ChildProcess storm(String configuration) {
    return lab.process(
        "storm",
        List.of(
            Implementation.HOME.resolve("bin/firn").toString(),
            "storm",
            "--Ice.Config=" + configuration));
  }

  private List<String> adapters(RegistryProcess registry) {
    return lab.client().adminSession(registry).admin().call("getAllAdapterIds").texts();
  }
}
