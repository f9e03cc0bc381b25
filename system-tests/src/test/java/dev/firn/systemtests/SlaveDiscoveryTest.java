package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slave that has the reference's discovery plug-in in its configuration, and no locator. */
@FirnOnly
class SlaveDiscoveryTest {
  private static final String ESTABLISHED = "established session with master replica";

  private final Lab lab = new Lab();
  private final int port = Ports.free();

  @AfterEach
  void close() {
    lab.close();
  }

  private RegistryProcess registry(Implementation implementation, String replica) {
    return lab.registry(implementation, replica)
        .with("IceGrid.InstanceName", "Found")
        .with("IceGrid.Registry.Discovery.Enabled", "1")
        .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
        .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1");
  }

  private RegistryProcess slave() {
    return registry(Implementation.FIRN, "Slave")
        .with("Ice.Plugin.IceLocatorDiscovery", "IceLocatorDiscovery:createIceLocatorDiscovery")
        .with("IceLocatorDiscovery.Interface", "127.0.0.1")
        .with("IceLocatorDiscovery.Port", Integer.toString(port));
  }

  /** It answers itself, too: that must not keep it from the others. */
  @Test
  void aSlaveFindsAMasterThatStartsLater() {
    RegistryProcess slave = slave().start();
    RegistryProcess master = registry(Implementation.FIRN, "Master").start();
    slave.awaitConsole(ESTABLISHED);
    slave.terminate();
    master.awaitConsole("replica `Slave' down");
  }

  @Test
  void aSlaveFindsTheMasterOfTheReference() {
    registry(Implementation.ZEROC, "Master").start();
    slave().start().awaitConsole(ESTABLISHED);
  }

  @Test
  void aSlaveGoesToTheMasterThatMoved() {
    RegistryProcess first = registry(Implementation.FIRN, "Master").start();
    RegistryProcess slave = slave().start();
    slave.awaitConsole(ESTABLISHED);
    first.terminate();
    RegistryProcess second = registry(Implementation.FIRN, "Master").start();
    assertThat(second.clientPort()).isNotEqualTo(first.clientPort());
    second.awaitConsole("replica `Slave' up");
  }

  @Test
  void aSlaveThatDoesNotKnowItsInstanceRefusesToStart() {
    RegistryProcess slave = slave().without("IceGrid.InstanceName").begin();
    assertThat(slave.awaitExit()).isEqualTo(1);
    assertThat(slave.console()).contains("property `IceGrid.InstanceName' is not set");
  }
}
