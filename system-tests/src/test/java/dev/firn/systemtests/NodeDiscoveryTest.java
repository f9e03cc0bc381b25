package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that has the reference's discovery plug-in in its configuration, and no locator. */
@FirnOnly
class NodeDiscoveryTest {
  private static final String NOBODY = "no IceGrid registry has been discovered yet";

  private final Lab lab = new Lab();
  private final int port = Ports.free();

  @AfterEach
  void close() {
    lab.close();
  }

  private NodeProcess node(String plugin) {
    return lab.node(Implementation.FIRN, "node")
        .with("Ice.Plugin." + plugin, "IceLocatorDiscovery:createIceLocatorDiscovery")
        .with(plugin + ".Interface", "127.0.0.1")
        .with(plugin + ".Port", Integer.toString(port));
  }

  private RegistryProcess registry() {
    return lab.registry(Implementation.FIRN)
        .with("IceGrid.InstanceName", "Found")
        .with("IceGrid.Registry.Discovery.Enabled", "1")
        .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
        .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1")
        .with("IceGrid.Registry.Trace.Node", "1");
  }

  @Test
  void aNodeFindsItsRegistryByMulticastAlsoIfThatStartsLater() {
    NodeProcess node = node("IceLocatorDiscovery").begin();
    node.awaitConsole(NOBODY);
    RegistryProcess registry = registry().start();
    node.awaitReady();
    registry.awaitConsole("node `node' up");
    node.terminate();
  }

  @Test
  void aNodeGoesToTheRegistryThatMoved() {
    RegistryProcess first = registry().start();
    NodeProcess node = node("Seek").start();
    first.terminate();
    RegistryProcess second = registry().start();
    assertThat(second.clientPort()).isNotEqualTo(first.clientPort());
    second.awaitConsole("node `node' up");
    node.terminate();
  }

  @Test
  void aNodeWithARegistryOfItsOwnLooksForNoOther() {
    NodeProcess node = node("IceLocatorDiscovery").with("IceGrid.Node.CollocateRegistry", "1");
    for (String adapter : List.of("Client", "Server", "Internal")) {
      node.with("IceGrid.Registry." + adapter + ".Endpoints", "tcp -h 127.0.0.1");
    }
    node.with("IceGrid.Registry.LMDB.Path", lab.subdirectory("db").toString())
        .with("IceGrid.Registry.Discovery.Enabled", "0")
        .start();
    node.terminate();
  }

  @Test
  void aNodeThatWaitsForARegistryCanBeEnded() {
    NodeProcess node = node("IceLocatorDiscovery").begin();
    node.awaitConsole(NOBODY);
    node.terminate();
  }
}
