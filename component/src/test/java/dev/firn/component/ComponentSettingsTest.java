package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.component.ComponentSettings.Manager;
import dev.firn.failover.Fencing;
import dev.firn.failover.RoleConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each property means: absent, set, and set to nonsense. */
class ComponentSettingsTest {
  private static Properties member(String... more) {
    Properties properties = Util.createProperties();
    properties.setProperty("a-1.Endpoints", "tcp -p 10040");
    properties.setProperty("a-1.Backplane.Endpoints", "tcp -p 10041");
    for (String property : more) {
      int equals = property.indexOf('=');
      properties.setProperty(property.substring(0, equals), property.substring(equals + 1));
    }
    return properties;
  }

  private static ComponentSettings read(String... more) {
    return ComponentSettings.read(member(more), "a-1");
  }

  @Test
  void aMemberWithNothingElseHasTheDefaults() {
    ComponentSettings settings = read();
    assertThat(settings.group()).isEqualTo("a");
    assertThat(settings.standalone()).isFalse();
    assertThat(settings.publishes()).isFalse();
    assertThat(settings.activateTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.standbyTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.catchUpTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.allowUnsyncedActivate()).isFalse();
    assertThat(settings.stopWhenUnprotected()).isFalse();
    assertThat(settings.requireLocator()).isTrue();
    assertThat(settings.lateBind()).isTrue();
    assertThat(settings.fencing()).isEqualTo(Fencing.EPOCH);
    assertThat(settings.manager()).isEqualTo(Manager.EXTERNAL);
    assertThat(settings.preferred()).isEmpty();
    assertThat(settings.health()).isEmpty();
    assertThat(settings.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "true,true",
    "1,true",
    "yes,true",
    "YES,true",
    "True,true",
    "false,false",
    "0,false",
    "no,false",
    "2,false",
    "garbage,false",
    "on,false"
  })
  void aFlagIsTrueForThreeWords(String text, boolean expected) {
    assertThat(read("a-1.Standalone=" + text).standalone()).isEqualTo(expected);
    assertThat(read("a-1.AllowUnsyncedActivate=" + text).allowUnsyncedActivate())
        .isEqualTo(expected);
    assertThat(read("a-1.StopWhenUnprotected=" + text).stopWhenUnprotected()).isEqualTo(expected);
    assertThat(read("a-1.LateBind=" + text).lateBind()).isEqualTo(expected);
    assertThat(read("a-1.Standalone.RequireLocator=" + text).requireLocator()).isEqualTo(expected);
  }

  @Test
  void theServiceEndpointsAreRequired() {
    Properties properties = member();
    properties.setProperty("a-1.Endpoints", "");
    assertThatThrownBy(() -> ComponentSettings.read(properties, "a-1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a-1.Endpoints is missing");
  }

  @Test
  void theBackplaneEndpointsAreRequiredUnlessStandalone() {
    Properties properties = member();
    properties.setProperty("a-1.Backplane.Endpoints", "");
    assertThatThrownBy(() -> ComponentSettings.read(properties, "a-1"))
        .hasMessageContaining("a-1.Backplane.Endpoints is missing");
    properties.setProperty("a-1.Standalone", "1");
    ComponentSettings settings = ComponentSettings.read(properties, "a-1");
    assertThat(settings.lateBind()).isFalse();
    assertThat(properties.getProperty("a-1.Backplane.Endpoints")).isEqualTo("tcp -h 127.0.0.1");
  }

  @Test
  void theGroupIsTheNameWithoutItsNumber() {
    Properties properties = Util.createProperties();
    properties.setProperty("radio.Endpoints", "tcp");
    properties.setProperty("radio.Backplane.Endpoints", "tcp");
    assertThat(ComponentSettings.read(properties, "radio").group()).isEqualTo("radio");
    assertThat(read("a-1.GroupName=b").group()).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ActivateTimeout", "StandbyTimeout", "CatchUpTimeout"})
  void aTimeIsAWholeNumberOfSeconds(String suffix) {
    for (String bad : new String[] {"soon", "-1", "1.5", "99999999999999999999"}) {
      assertThatThrownBy(() -> read("a-1." + suffix + "=" + bad))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("a-1." + suffix + "=" + bad);
    }
    assertThat(read("a-1.ActivateTimeout=3").activateTimeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ActivateTimeout", "StandbyTimeout"})
  void aRoleNeedsSomeTimeToChange(String suffix) {
    assertThatThrownBy(() -> read("a-1." + suffix + "=0"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a-1." + suffix + "=0")
        .hasMessageContaining("at least 1");
    assertThat(read("a-1." + suffix + "=1").group()).isEqualTo("a");
  }

  @Test
  void theLeastValuesAreGoodForAnInstance() {
    // Whatever a property allows must not be refused later, by what it is handed to.
    List<String> least = new ArrayList<>();
    for (ComponentProperty property : ComponentProperty.values()) {
      switch (property.type()) {
        case SECONDS, MILLIS, NUMBER -> least.add(property.nameFor("a-1") + "=" + property.least());
        case TEXT, FLAG, CHOICE -> {}
      }
    }
    ComponentSettings settings = read(least.toArray(String[]::new));
    assertThat(
            RoleConfig.member()
                .withTimeouts(
                    settings.activateTimeout().toMillis(),
                    settings.standbyTimeout().toMillis(),
                    settings.catchUpTimeout().toMillis()))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"Fencing,perhaps", "Manager,me", "Fencing,EPOCH"})
  void aChoiceIsOneOfItsWords(String suffix, String bad) {
    assertThatThrownBy(() -> read("a-1." + suffix + "=" + bad))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("a-1." + suffix + "=" + bad);
    assertThat(read("a-1.Fencing=lease").fencing()).isEqualTo(Fencing.LEASE);
    assertThat(read("a-1.Manager=firn").managed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", ":80", "host:", "host:port", "host:99999"})
  void theProbeHasAHostAndAPort(String bad) {
    assertThatThrownBy(() -> read("a-1.Health.Endpoint=" + bad))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("Health.Endpoint");
  }

  @Test
  void aReplicatorsNameMayBeAProxy() {
    ComponentSettings named = read("a-1.StateReplicatorName=counter");
    assertThat(named.stream()).isEqualTo("counter");
    assertThat(named.replicatorProxy()).isEmpty();
    ComponentSettings direct = read("a-1.StateReplicatorName=StateReplicator:tcp -p 4433");
    assertThat(direct.stream()).isEqualTo("a");
    assertThat(direct.replicatorProxy()).isEqualTo("StateReplicator:tcp -p 4433");
    ComponentSettings both =
        read("a-1.StateReplicatorName=c", "a-1.StateReplicator.Proxy=StateReplicator:tcp -p 4433");
    assertThat(both.stream()).isEqualTo("c");
    assertThat(both.replicatorProxy()).isEqualTo("StateReplicator:tcp -p 4433");
  }

  @Test
  void standaloneWinsOverTheReplicatorAndSaysSo() {
    ComponentSettings settings = read("a-1.Standalone=true", "a-1.StateReplicatorName=counter");
    assertThat(settings.publishes()).isTrue();
    assertThat(settings.warnings()).singleElement().asString().contains("StateReplicatorName");
  }

  @Test
  void whatHoldsForTheGroupMayBeSaidOnce() {
    assertThat(read("a.Preferred=a-2").preferred()).isEqualTo("a-2");
    assertThat(read("a.Preferred=a-2", "a-1.Preferred=a-3").preferred()).isEqualTo("a-3");
    assertThat(read("a.Manager=firn").managed()).isTrue();
    assertThat(read("a.Manager=firn", "a-1.Manager=external").managed()).isFalse();
    assertThat(read("a.FallbackAfter=300").fallbackAfterSeconds()).hasValue(300);
    assertThat(read("a.FallbackAfter=300", "a-1.FallbackAfter=0").fallbackAfterSeconds())
        .hasValue(0);
    assertThat(read().fallbackAfterSeconds()).isEmpty();
    assertThat(read().notice()).isPresent();
    assertThat(read("a-1.StateReplicatorName=state").notice()).isEmpty();
  }

  @Test
  void unknownNamesAreFoundAndThoseOfAdaptersAreNot() {
    Properties properties =
        member(
            "a-1.Standalon=1",
            "a-1.Backplane.Endpoint=tcp",
            "a-1.Backplane.ThreadPool.Size=3",
            "a-1.PublishedEndpoints=tcp",
            "a-1.Component.Anything=1",
            "a-11.Nonsense=1");
    assertThat(KnownProperties.unknown(properties, "a-1"))
        .containsExactly("a-1.Backplane.Endpoint", "a-1.Standalon");
  }
}
