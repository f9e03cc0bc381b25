package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceBoxPropertiesTest {
  private static final String SERVICE = "IceBox.Service.IceStorm";
  private static final String FIRN = "dev.firn.storm.StormService";
  private static final String CLOSE = " --Ice.Override.CloseTimeout=1000";

  private final Properties properties = Util.createProperties();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IceStormService,37:createIceStorm",
        "IceStormService,36:createIceStorm",
        "IceStormService:createIceStorm",
        "  IceStormService,37:createIceStorm",
        "IceStormService++11,37:createIceStorm",
        "/usr/lib/IceStormService,37:createIceStorm",
        "/usr/lib/x86_64-linux-gnu/libIceStormService.so.37:createIceStorm",
        "\"/opt/Ice-3.7/lib64/IceStormService,37:createIceStorm\"",
        "\"/opt/Ice 3.7/lib64/IceStormService,37:createIceStorm\"",
        "C:\\Ice\\bin\\IceStormService,37:createIceStorm"
      })
  void theServiceOfTheReferenceBecomesFirns(String entryPoint) {
    assertThat(translated(entryPoint)).isEqualTo(FIRN + CLOSE);
    assertThat(translated(entryPoint + " --Ice.Config=none --A=\"b c\""))
        .startsWith(FIRN + " --Ice.Config=none --A=\"b c\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.Clock",
        "clock.jar:com.example.Clock --Ice.Config=none",
        "IceStormServiceX,37:createIceStorm",
        "Other:createIceStorm",
        "dev.firn.storm.StormService"
      })
  void otherServicesAreLeftAlone(String entryPoint) {
    assertThat(translated(entryPoint)).startsWith(entryPoint);
  }

  @Test
  void theTlsPluginOfAServicesOwnConfigurationIsOurs(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(directory.resolve("service"), "Ice.Plugin.IceSSL=IceSSL:createIceSSL\n");

    assertThat(translated("IceStormService,37:createIceStorm --Ice.Config=" + file))
        .contains(" --Ice.Plugin.IceSSL=dev.firn.tls.TlsPluginFactory");
  }

  @Test
  void firnsOwnPropertiesReachTheServices() {
    properties.setProperty("Firn.Storm.DrainLimit", "3");

    assertThat(translated("IceStormService,37:createIceStorm"))
        .contains(" --Firn.Storm.DrainLimit=3");
  }

  private String translated(String entryPoint) {
    properties.setProperty(SERVICE, entryPoint);
    IceBoxProperties.prepare(properties);
    return properties.getProperty(SERVICE);
  }
}
