package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Multicast discovery, on the loopback interface, with the reference's plug-in on the other side.
 */
@EachImplementation
class DiscoveryTest {
  private Lab lab;
  private RegistryProcess registry;
  private int port;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    port = Ports.free();
    registry =
        lab.registry(implementation)
            .with("IceGrid.Registry.Discovery.Enabled", "1")
            .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
            .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1")
            .with("IceGrid.Registry.Trace.Discovery", "2")
            .start();
    registry.awaitConsole("IceGrid.Registry.Discovery ready");
  }

  private IceClient seeker(String... more) {
    List<String> properties =
        new ArrayList<>(
            List.of(
                "Ice.Plugin.IceLocatorDiscovery=IceLocatorDiscovery:createIceLocatorDiscovery",
                "IceLocatorDiscovery.Interface=127.0.0.1",
                "IceLocatorDiscovery.Timeout=2000",
                "IceLocatorDiscovery.Port=" + port));
    properties.addAll(List.of(more));
    return lab.client(properties.toArray(String[]::new));
  }

  @Test
  void clientsFindTheRegistryWithoutConfiguration() {
    IceClient client = seeker();
    assertThat(client.object("IceGrid/Query").call("ice_id").text()).isEqualTo("::IceGrid::Query");
    registry.awaitConsole("Discovery: replying to discovery lookup");
    client.close();
  }

  @Test
  void clientsFindTheInstanceTheyName() {
    IceClient client = seeker("IceLocatorDiscovery.InstanceName=IceGrid");
    client.object("IceGrid/Query").call("ice_ping");
    client.close();
  }

  @Test
  void otherInstancesAreNotAnswered() {
    IceClient client =
        seeker(
            "IceLocatorDiscovery.InstanceName=Elsewhere",
            "IceLocatorDiscovery.Timeout=50",
            "IceLocatorDiscovery.RetryCount=0");
    assertThat(client.object("Elsewhere/Query").failure("ice_ping").type()).startsWith("Ice.No");
    registry.awaitConsole("Discovery: ignored discovery lookup for instance name `Elsewhere'");
    client.close();
  }

  @Test
  void adminToolsFindTheRegistry() {
    for (Implementation tool : Implementation.tested().toList()) {
      AdminTool.Result result =
          lab.admin(tool)
              .bare(
                  "--IceGridAdmin.Discovery.Interface=127.0.0.1",
                  "--IceGridAdmin.Discovery.Port=" + port,
                  "-u",
                  "tester",
                  "-p",
                  "secret",
                  "-e",
                  "registry list");
      assertThat(result.exit()).as(result.all()).isZero();
      assertThat(result.out()).contains("using discovered locator:").contains("Master");
    }
  }
}
