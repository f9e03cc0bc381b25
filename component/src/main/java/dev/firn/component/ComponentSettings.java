package dev.firn.component;

import com.zeroc.Ice.Properties;
import dev.firn.failover.Fencing;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties of one instance, checked. Immutable.
 *
 * @param group the replica group; names epochs and leases
 * @param stream name of the state's stream; empty: the group has no state
 * @param replicatorProxy of the state replicator, where it is not looked for with the locator
 * @param preferred instance of the group that gets the role back; empty: none
 * @param fallbackAfterSeconds how long that one has to be ready before; empty: as the registry says
 */
record ComponentSettings(
    String name,
    String group,
    boolean standalone,
    String stream,
    String replicatorProxy,
    Duration activateTimeout,
    Duration standbyTimeout,
    Duration catchUpTimeout,
    boolean allowUnsyncedActivate,
    boolean stopWhenUnprotected,
    boolean requireLocator,
    boolean lateBind,
    Fencing fencing,
    Manager manager,
    String preferred,
    OptionalLong fallbackAfterSeconds,
    String replicaTopic,
    Optional<InetSocketAddress> health,
    Duration lagMax,
    long trace,
    String data) {

  /** Who decides which instance is the active one. */
  enum Manager {
    EXTERNAL,
    FIRN
  }

  private static final Pattern NUMBERED = Pattern.compile("(.+)-\\d+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final String STANDALONE_BACKPLANE = "tcp -h 127.0.0.1";

  /**
   * Reads the properties below the instance's name, and completes those of the Backplane adapter.
   *
   * @throws SettingsException one is missing, or its value has no meaning
   */
  static ComponentSettings read(Properties properties, String name) {
    if (name.isEmpty()) {
      throw new SettingsException("an instance must have a name");
    }
    return new Reader(properties, name).read();
  }

  /** What a user should know of these settings, though they are not wrong; for the log. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (standalone && !stream.isEmpty()) {
      warnings.add(
          name + ".Standalone wins over " + name + ".StateReplicatorName; the state is published");
    }
    if (standalone && manager == Manager.FIRN) {
      warnings.add(name + ".Manager=firn has no effect on a standalone instance");
    }
    return warnings;
  }

  /** What may surprise a user; for the log. */
  Optional<String> notice() {
    return !standalone && !publishes()
        ? Optional.of(
            "component "
                + name
                + ": group "
                + group
                + " has no state replicator, each instance begins anew")
        : Optional.empty();
  }

  /** Whether there is a stream for the state of this instance. */
  boolean publishes() {
    return !stream.isEmpty() || !replicatorProxy.isEmpty();
  }

  boolean managed() {
    return manager == Manager.FIRN && !standalone;
  }

  private static final class Reader {
    private final Properties properties;
    private final String name;

    Reader(Properties properties, String name) {
      this.properties = properties;
      this.name = name;
    }

    ComponentSettings read() {
      boolean standalone = flag(ComponentProperty.STANDALONE, false);
      require(ComponentProperty.ENDPOINTS);
      if (text(ComponentProperty.BACKPLANE_ENDPOINTS).isEmpty() && standalone) {
        properties.setProperty(
            ComponentProperty.BACKPLANE_ENDPOINTS.nameFor(name), STANDALONE_BACKPLANE);
      }
      require(ComponentProperty.BACKPLANE_ENDPOINTS);
      String group = text(ComponentProperty.GROUP_NAME);
      if (group.isEmpty()) {
        Matcher numbered = NUMBERED.matcher(name);
        group = numbered.matches() ? numbered.group(1) : name;
      }
      return new ComponentSettings(
          name,
          group,
          standalone,
          stream(group),
          replicatorProxy(),
          seconds(ComponentProperty.ACTIVATE_TIMEOUT),
          seconds(ComponentProperty.STANDBY_TIMEOUT),
          seconds(ComponentProperty.CATCH_UP_TIMEOUT),
          flag(ComponentProperty.ALLOW_UNSYNCED_ACTIVATE, false),
          flag(ComponentProperty.STOP_WHEN_UNPROTECTED, false),
          flag(ComponentProperty.REQUIRE_LOCATOR, true),
          flag(ComponentProperty.LATE_BIND, !standalone),
          choice(ComponentProperty.FENCING, text(ComponentProperty.FENCING), Fencing.values()),
          choice(
              ComponentProperty.MANAGER,
              groupText(ComponentProperty.MANAGER, group),
              Manager.values()),
          groupText(ComponentProperty.PREFERRED, group),
          fallbackAfter(group),
          text(ComponentProperty.REPLICA_TOPIC),
          health(),
          Duration.ofMillis(number(ComponentProperty.HEALTH_LAG_MAX)),
          number(ComponentProperty.TRACE),
          text(ComponentProperty.DATA));
    }

    /** A name that is a proxy names the replicator; the stream has the group's name then. */
    private String stream(String group) {
      String stream = text(ComponentProperty.STATE_REPLICATOR_NAME);
      if (isProxy(stream)) {
        return group;
      }
      return stream.isEmpty() && !text(ComponentProperty.STATE_REPLICATOR_PROXY).isEmpty()
          ? group
          : stream;
    }

    private String replicatorProxy() {
      String name = text(ComponentProperty.STATE_REPLICATOR_NAME);
      return isProxy(name) ? name : text(ComponentProperty.STATE_REPLICATOR_PROXY);
    }

    private static boolean isProxy(String text) {
      return text.indexOf('@') >= 0 || text.indexOf(':') >= 0;
    }

    private Optional<InetSocketAddress> health() {
      String value = text(ComponentProperty.HEALTH_ENDPOINT);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      int colon = value.lastIndexOf(':');
      String port = value.substring(colon + 1);
      if (colon < 1 || !NUMBER.matcher(port).matches() || Integer.parseInt(port) > 65_535) {
        throw bad(ComponentProperty.HEALTH_ENDPOINT, value, "HOST:PORT");
      }
      return Optional.of(new InetSocketAddress(value.substring(0, colon), Integer.parseInt(port)));
    }

    /** What holds for a whole group may be said once for the group. */
    private String groupText(ComponentProperty property, String group) {
      String own = properties.getProperty(property.nameFor(name)).strip();
      return own.isEmpty()
          ? properties.getPropertyWithDefault(property.nameFor(group), property.fallback()).strip()
          : own;
    }

    private OptionalLong fallbackAfter(String group) {
      String value = groupText(ComponentProperty.FALLBACK_AFTER, group);
      if (value.isEmpty()) {
        return OptionalLong.empty();
      } else if (!NUMBER.matcher(value).matches()) {
        throw bad(ComponentProperty.FALLBACK_AFTER, value, "a whole number of seconds");
      }
      return OptionalLong.of(Long.parseLong(value));
    }

    private Duration seconds(ComponentProperty property) {
      return Duration.ofSeconds(number(property));
    }

    private long number(ComponentProperty property) {
      String value = text(property);
      if (!NUMBER.matcher(value).matches()) {
        throw bad(property, value, "a whole number, " + property.meaning());
      }
      long number = Long.parseLong(value);
      if (number < property.least()) {
        throw bad(property, value, "a whole number, " + property.meaning());
      }
      return number;
    }

    private boolean flag(ComponentProperty property, boolean fallback) {
      String value = text(property).toLowerCase(Locale.ROOT);
      return value.isEmpty() ? fallback : List.of("true", "1", "yes").contains(value);
    }

    private <E extends Enum<E>> E choice(ComponentProperty property, String value, E[] choices) {
      for (E choice : choices) {
        if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
          return choice;
        }
      }
      throw bad(property, value, property.meaning());
    }

    private String text(ComponentProperty property) {
      return properties.getPropertyWithDefault(property.nameFor(name), property.fallback()).strip();
    }

    private void require(ComponentProperty property) {
      if (text(property).isEmpty()) {
        throw new SettingsException(
            "property " + property.nameFor(name) + " is missing: " + property.meaning());
      }
    }

    private SettingsException bad(ComponentProperty property, String value, String expected) {
      return new SettingsException(
          "property " + property.nameFor(name) + "=" + value + " has no meaning; set " + expected);
    }
  }
}
