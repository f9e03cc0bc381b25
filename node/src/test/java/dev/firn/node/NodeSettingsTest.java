package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.model.PropertyDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSettingsTest {
  private static final Identity LOCATOR = new Identity("Locator", "Grid");

  @TempDir Path directory;

  @Test
  void whatIsRequiredIsAskedForInTheOrderOfTheReference() throws Exception {
    Properties properties = Util.createProperties();
    refused(properties, "property `IceGrid.Node.Name' is not set");
    properties.setProperty("IceGrid.Node.Name", "n");
    assertThatThrownBy(() -> NodeSettings.of(properties, new Identity(), Util.getProcessLogger()))
        .hasMessage("property `Ice.Default.Locator' is not set");
    refused(properties, "property `IceGrid.Node.Data' is not set");
    properties.setProperty("IceGrid.Node.Data", directory.resolve("none").toString());
    refused(
        properties,
        "property `IceGrid.Node.Data' is set to an invalid path:\nNo such file or directory: "
            + directory.resolve("none"));
    Path file = Files.createFile(directory.resolve("file"));
    properties.setProperty("IceGrid.Node.Data", file.toString());
    refused(
        properties,
        "property `IceGrid.Node.Data' is set to an invalid path:\nNot a directory: " + file);
    properties.setProperty("IceGrid.Node.Data", directory + "/");
    refused(properties, "property `IceGrid.Node.Endpoints' is not set");
    properties.setProperty("IceGrid.Node.Endpoints", "tcp");
    NodeSettings settings = NodeSettings.of(properties, LOCATOR, Util.getProcessLogger());
    assertThat(settings.dataText()).isEqualTo(directory.toString());
    assertThat(settings.instance()).isEqualTo("Grid");
    assertThat(settings.waitTimeSeconds()).isEqualTo(60);
  }

  @Test
  void overridesAreReadLikeOptionsAndSorted() {
    assertThat(PropertiesOverride.parse("Z.b=2, --A.a 'C.c=a b' \"D.d=x,y\""))
        .containsExactly(
            new PropertyDescriptor("A.a", "1"),
            new PropertyDescriptor("C.c", "a b"),
            new PropertyDescriptor("D.d", "x,y"),
            new PropertyDescriptor("Z.b", "2"));
    assertThat(PropertiesOverride.parse(" ")).isEmpty();
  }

  @Test
  void serversGetTheDiscoveryPluginOfTheirLanguage() {
    Properties properties = Util.createProperties();
    properties.setProperty(
        "Ice.Plugin.IceLocatorDiscovery", "com.zeroc.IceLocatorDiscovery.PluginFactory");
    assertThat(DiscoveryPlugin.forServers(properties, "Grid"))
        .extracting(PropertyDescriptor::name)
        .containsExactly(
            "Ice.Plugin.IceLocatorDiscovery.clr",
            "Ice.Plugin.IceLocatorDiscovery.cpp",
            "Ice.Plugin.IceLocatorDiscovery.java",
            "IceLocatorDiscovery.InstanceName");
  }

  @Test
  void entryPointsOfTheConfigurationCountForTheirLanguage() {
    Properties properties = Util.createProperties();
    properties.setProperty(
        "Ice.Plugin.Seek", "IceLocatorDiscovery,37:createIceLocatorDiscovery --Seek.Port=4999");
    properties.setProperty("Ice.Plugin.Other", "IceSSL:createIceSSL");
    assertThat(DiscoveryPlugin.forServers(properties, "Grid"))
        .containsExactly(
            new PropertyDescriptor(
                "Ice.Plugin.Seek.clr",
                "IceLocatorDiscovery:IceLocatorDiscovery.PluginFactory --Seek.Port=4999"),
            new PropertyDescriptor(
                "Ice.Plugin.Seek.cpp",
                "IceLocatorDiscovery,37:createIceLocatorDiscovery --Seek.Port=4999"),
            new PropertyDescriptor(
                "Ice.Plugin.Seek.java",
                "com.zeroc.IceLocatorDiscovery.PluginFactory --Seek.Port=4999"),
            new PropertyDescriptor("Seek.InstanceName", "Grid"));
  }

  private static void refused(Properties properties, String message) {
    assertThatThrownBy(() -> NodeSettings.of(properties, LOCATOR, Util.getProcessLogger()))
        .isInstanceOf(NodeConfigurationException.class)
        .hasMessage(message);
  }
}
