package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ProxyParseException;
import com.zeroc.Ice.Util;
import org.junit.jupiter.api.Test;

/** Where the service locator is: absent, set, under its other name, and nonsense. */
class LocatorProxiesTest {
  private static Communicator with(String... properties) {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    for (String property : properties) {
      int equals = property.indexOf('=');
      data.properties.setProperty(property.substring(0, equals), property.substring(equals + 1));
    }
    return Util.initialize(data);
  }

  private static String locator(String... properties) {
    try (Communicator communicator = with(properties)) {
      return LocatorProxies.locator(communicator).toString();
    }
  }

  private static String management(String... properties) {
    try (Communicator communicator = with(properties)) {
      return LocatorProxies.management(communicator).toString();
    }
  }

  @Test
  void absentItIsAtTheWellKnownPorts() {
    assertThat(locator()).startsWith("LocatorService ").contains(":tcp -p 4411");
    assertThat(management()).startsWith("LocatorServiceManagement ").contains(":tcp -p 4422");
  }

  @Test
  void eachHasTwoNamesOfWhichTheFirstCounts() {
    assertThat(locator("ServiceLocatorProxy=a:tcp -p 1")).startsWith("a ").contains("-p 1");
    assertThat(locator("LocatorService.Proxy=b:tcp -p 2")).startsWith("b ").contains("-p 2");
    assertThat(locator("LocatorService.Proxy=b:tcp -p 2", "ServiceLocatorProxy=a:tcp -p 1"))
        .startsWith("a ");
    assertThat(management("ServiceLocatorManagementProxy=a:tcp -p 1")).startsWith("a ");
    assertThat(management("LocatorServiceManagement.Proxy=b:tcp -p 2")).startsWith("b ");
  }

  @Test
  void whatIsNoProxyIsRefused() {
    assertThatThrownBy(() -> locator("ServiceLocatorProxy=::"))
        .isInstanceOf(ProxyParseException.class);
    assertThatThrownBy(() -> management("LocatorServiceManagement.Proxy=a b"))
        .isInstanceOf(ProxyParseException.class);
  }
}
