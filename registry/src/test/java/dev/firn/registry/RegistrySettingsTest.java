package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrySettingsTest {
  @TempDir Path directory;

  private static final Identity APP = new Identity("Locator", "App");

  private final Properties properties = Util.createProperties();

  @BeforeEach
  void configure() {
    properties.setProperty("IceGrid.Registry.Client.Endpoints", "tcp");
    properties.setProperty("IceGrid.Registry.Server.Endpoints", "tcp");
    properties.setProperty("IceGrid.Registry.Internal.Endpoints", "tcp");
    properties.setProperty("IceGrid.Registry.LMDB.Path", directory.toString());
  }

  @Test
  void defaultsAreTheReferences() throws Exception {
    RegistrySettings settings = RegistrySettings.of(properties, new Identity());
    assertThat(settings.names()).isEqualTo(new RegistryNames("IceGrid", "Master"));
    assertThat(settings.sessionTimeoutSeconds()).isEqualTo(30);
    assertThat(settings.replicaSessionTimeoutSeconds()).isEqualTo(30);
    assertThat(settings.dynamicRegistration()).isFalse();
  }

  @Test
  void instanceNameOfASlaveIsThatOfItsLocator() throws Exception {
    properties.setProperty("IceGrid.Registry.ReplicaName", "R");
    properties.setProperty("Ice.Default.Locator", "App/Locator:tcp -p 1");
    assertThat(RegistrySettings.of(properties, APP).names().instance()).isEqualTo("App");
    properties.setProperty("IceGrid.InstanceName", "Other");
    assertThat(RegistrySettings.of(properties, APP).names().instance()).isEqualTo("Other");
  }

  @Test
  void instanceNameOfTheMasterDoesNotComeFromItsLocator() throws Exception {
    properties.setProperty("Ice.Default.Locator", "App/Locator:tcp -p 1");
    assertThat(RegistrySettings.of(properties, APP).names().instance()).isEqualTo("IceGrid");
  }

  @Test
  void oldNameOfTheDirectoryIsAccepted() throws Exception {
    properties.setProperty("IceGrid.Registry.LMDB.Path", "");
    properties.setProperty("IceGrid.Registry.Data", directory.toString());
    assertThat(RegistrySettings.of(properties, new Identity()).directory()).isEqualTo(directory);
  }

  @Test
  void whatIsMissingIsNamed() {
    properties.setProperty("IceGrid.Registry.Server.Endpoints", "");
    refused("property `IceGrid.Registry.Server.Endpoints' is not set");
  }

  @Test
  void slaveNeedsALocator() {
    properties.setProperty("IceGrid.Registry.ReplicaName", "R");
    refused("property `Ice.Default.Locator' is not set");
  }

  @Test
  void slaveThatLooksForItsMasterHasToKnowTheInstance() throws Exception {
    properties.setProperty("IceGrid.Registry.ReplicaName", "R");
    Identity discovering = new Identity("Locator", "");
    assertThatThrownBy(() -> RegistrySettings.of(properties, discovering))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("property `IceGrid.InstanceName' is not set: a slave");
    properties.setProperty("IceLocatorDiscovery.InstanceName", "App");
    assertThat(RegistrySettings.of(properties, discovering).names().instance()).isEqualTo("App");
    properties.setProperty("IceLocatorDiscovery.InstanceName", "");
    assertThat(RegistrySettings.of(properties, APP).names().instance()).isEqualTo("App");
  }

  @Test
  void directoryMustExist() {
    properties.setProperty("IceGrid.Registry.LMDB.Path", directory + "/missing");
    refused("property `IceGrid.Registry.LMDB.Path' is set to an invalid path:\nNo such file");
  }

  @Test
  void replicaNameMustNotHaveBlanks() {
    properties.setProperty("IceGrid.Registry.ReplicaName", "a b");
    refused("`a b' has a blank or control character at position 1");
  }

  @Test
  void timeoutsMustNotBeNegative() {
    properties.setProperty("IceGrid.Registry.ReplicaSessionTimeout", "-1");
    refused("expected a number of seconds, 0 or more");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> RegistrySettings.of(properties, new Identity()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
