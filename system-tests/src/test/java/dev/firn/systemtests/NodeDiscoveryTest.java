package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that has the reference's discovery plug-in in its configuration, and no locator. */
@FirnOnly
class NodeDiscoveryTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aNodeFindsItsRegistryByMulticastAlsoIfThatStartsLater() {
    int port = Ports.free();
    Path data = lab.subdirectory("node-data");
    ChildProcess node =
        lab.process(
            "node",
            List.of(
                Implementation.FIRN.node(),
                "--IceGrid.Node.Name=node",
                "--IceGrid.Node.Data=" + data,
                "--IceGrid.Node.Endpoints=tcp -h 127.0.0.1",
                "--Ice.Plugin.IceLocatorDiscovery=IceLocatorDiscovery:createIceLocatorDiscovery",
                "--IceLocatorDiscovery.Interface=127.0.0.1",
                "--IceLocatorDiscovery.Port=" + port,
                "--IceGrid.Node.PrintServersReady=node"));
    Await.until("the node waits", () -> node.err().contains("no IceGrid registry has been"));
    RegistryProcess registry =
        lab.registry(Implementation.FIRN)
            .with("IceGrid.Registry.Discovery.Enabled", "1")
            .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
            .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1")
            .start();
    Await.until("the node is ready", () -> node.err().contains("node ready"));
    assertThat(registry.isRunning()).isTrue();
    node.signal("TERM");
    assertThat(node.awaitExit(Await.LIMIT)).as(node.err()).isZero();
  }
}
