package dev.firn.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsConfigurationTest {
  private static final String PLUGIN = "Ice.Plugin.IceSSL";
  private static final String OURS = "dev.firn.tls.TlsPluginFactory";

  private static Properties prepared(String... settings) {
    Properties properties = Util.createProperties();
    for (int index = 0; index < settings.length; index += 2) {
      properties.setProperty(settings[index], settings[index + 1]);
    }
    TlsConfiguration.prepare(properties);
    return properties;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IceSSL:createIceSSL",
        "IceSSL,37:createIceSSL",
        "/usr/lib/x86_64-linux-gnu/IceSSL,37:createIceSSL",
        "\"/opt/with space/IceSSL:createIceSSL\"",
        "./libIceSSL:createIceSSL",
        "IceSSL++11:createIceSSL",
        " IceSSL:createIceSSL ",
        "com.zeroc.IceSSL.PluginFactory",
        "/usr/share/java/icessl.jar:com.zeroc.IceSSL.PluginFactory",
        "1",
        "dev.firn.tls.TlsPluginFactory"
      })
  void thePluginOfOthersIsReplaced(String value) {
    assertThat(prepared(PLUGIN, value).getProperty(PLUGIN).strip()).isEqualTo(OURS);
  }

  @Test
  void thePluginForAnotherLanguageIsTakenForJava() {
    Properties properties = prepared(PLUGIN + ".cpp", "IceSSL:createIceSSL");
    assertThat(properties.getProperty(PLUGIN)).isEqualTo(OURS);
    properties = prepared(PLUGIN + ".java", "com.zeroc.IceSSL.PluginFactory");
    assertThat(properties.getProperty(PLUGIN + ".java")).isEqualTo(OURS);
    assertThat(properties.getProperty(PLUGIN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"IceDiscovery:createIceDiscovery", "org.example.Factory", "1x"})
  void otherPluginsStay(String value) {
    assertThat(prepared("Ice.Plugin.Other", value).getProperty("Ice.Plugin.Other"))
        .isEqualTo(value);
    assertThat(prepared("Ice.Plugin.Other", value).getProperty(PLUGIN)).isEmpty();
    assertThat(prepared(PLUGIN, value).getProperty(PLUGIN)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IceGrid.Registry.Client.Endpoints  | ssl -h 127.0.0.1 -p 4062",
        "IceGrid.Registry.Client.Endpoints  | tcp -p 4061 : ssl -p 4062",
        "Ice.Default.Locator                | IceGrid/Locator:wss -h 127.0.0.1 -p 4062",
        "Ice.Default.Router                 | Glacier2/router:tcp -p 1:ssl -p 2",
        "Ice.Default.Protocol               | ssl",
        "IceGrid.Registry.PermissionsVerifier | v:ssl -p 2"
      })
  void anEndpointAsksForThePlugin(String property, String value) {
    assertThat(prepared(property, value).getProperty(PLUGIN)).isEqualTo(OURS);
    assertThat(prepared(property, value, PLUGIN, "0").getProperty(PLUGIN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IceGrid.Registry.Client.Endpoints | tcp -h 127.0.0.1 -p 4061",
        "IceGrid.Registry.Client.Endpoints | tcp -h sslhost -p 4061",
        "IceGrid.Registry.Data             | /var/lib/ssl dir/wss",
        "IceSSL.DefaultDir                 | /etc/ssl"
      })
  void nothingElseDoes(String property, String value) {
    assertThat(prepared(property, value).getProperty(PLUGIN)).isEmpty();
  }

  @Test
  void aProgramMayRequireThePlugin() {
    Properties properties = prepared();
    TlsConfiguration.require(properties);
    assertThat(properties.getProperty(PLUGIN)).isEqualTo(OURS);
  }

  /** Start-up time matters to the many who have no TLS. */
  @Test
  void withoutTlsNoOtherClassIsLoaded() {
    String loaded =
        Peers.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-verbose:class",
                "-cp",
                System.getProperty("java.class.path"),
                WithoutTls.class.getName()));
    assertThat(loaded).contains("dev.firn.tls.TlsConfiguration ");
    assertThat(
            loaded
                .lines()
                .filter(line -> line.contains("] dev.firn.tls.") || line.contains("javax.net.ssl"))
                .filter(
                    line -> !line.contains("TlsConfiguration ") && !line.contains("WithoutTls")))
        .isEmpty();
  }
}
