package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocatorDiscoveryPluginFactoryTest {
  private static final String KEY = "Ice.Plugin.IceLocatorDiscovery";
  private static final String OURS = LocatorDiscoveryPluginFactory.class.getName();

  private final Properties properties = Util.createProperties();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IceLocatorDiscovery:createIceLocatorDiscovery",
        "IceLocatorDiscovery,37:createIceLocatorDiscovery",
        "/usr/lib/libIceLocatorDiscovery:createIceLocatorDiscovery",
        "IceLocatorDiscovery++11:createIceLocatorDiscovery",
        "com.zeroc.IceLocatorDiscovery.PluginFactory",
        "/opt/icelocatordiscovery.jar:com.zeroc.IceLocatorDiscovery.PluginFactory"
      })
  void referencesPluginBecomesOurs(String entryPoint) {
    properties.setProperty(KEY, entryPoint);
    LocatorDiscoveryPluginFactory.prepare(properties);
    assertThat(properties.getProperty(KEY)).isEqualTo(OURS);
  }

  @Test
  void optionsAndOtherNamesStay() {
    properties.setProperty(
        "Ice.Plugin.Seek", "IceLocatorDiscovery:createIceLocatorDiscovery --Seek.Port=4999");
    LocatorDiscoveryPluginFactory.prepare(properties);
    assertThat(properties.getProperty("Ice.Plugin.Seek")).isEqualTo(OURS + " --Seek.Port=4999");
  }

  @Test
  void whatIsMeantForCppIsForUsUnlessThereIsOneForJava() {
    properties.setProperty(KEY + ".cpp", "IceLocatorDiscovery:createIceLocatorDiscovery");
    LocatorDiscoveryPluginFactory.prepare(properties);
    assertThat(properties.getProperty(KEY)).isEqualTo(OURS);
    assertThat(properties.getProperty(KEY + ".cpp")).isEmpty();

    properties.setProperty(KEY, "");
    properties.setProperty(KEY + ".cpp", "IceLocatorDiscovery:createIceLocatorDiscovery");
    properties.setProperty(KEY + ".java", "com.zeroc.IceLocatorDiscovery.PluginFactory");
    LocatorDiscoveryPluginFactory.prepare(properties);
    assertThat(properties.getProperty(KEY)).isEmpty();
    assertThat(properties.getProperty(KEY + ".java")).isEqualTo(OURS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"IceSSL:createIceSSL", "my.IceLocatorDiscovery.Factory", ""})
  void othersAreLeftAlone(String entryPoint) {
    properties.setProperty("Ice.Plugin.Other", entryPoint);
    LocatorDiscoveryPluginFactory.prepare(properties);
    assertThat(properties.getProperty("Ice.Plugin.Other")).isEqualTo(entryPoint);
  }
}
