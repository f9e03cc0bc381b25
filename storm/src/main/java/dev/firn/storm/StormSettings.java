package dev.firn.storm;

import com.zeroc.Ice.Properties;
import java.nio.file.Path;
import java.time.Duration;

/** The properties of one service, read through its prefix. Any thread. */
final class StormSettings {
  private static final int NOT_REPLICATED = -1;

  private final Properties properties;
  private final String service;

  /**
   * @param service the name of the service: the prefix of its properties
   */
  StormSettings(Properties properties, String service) {
    this.properties = properties;
    this.service = service;
  }

  String service() {
    return service;
  }

  String text(StormProperty property) {
    return properties.getPropertyWithDefault(property.nameFor(service), property.fallback());
  }

  /** Ice's rule: what is not a number is warned of and counts as the default. */
  int integer(StormProperty property) {
    return properties.getPropertyAsIntWithDefault(
        property.nameFor(service), property.integerFallback());
  }

  /**
   * A property below the service's name that is not in the table, such as an adapter's; or empty.
   */
  String own(String suffix) {
    return properties.getProperty(service + "." + suffix);
  }

  String instanceName() {
    return text(StormProperty.INSTANCE_NAME);
  }

  boolean isTransient() {
    return integer(StormProperty.TRANSIENT) > 0;
  }

  /** Whether there are other replicas; nothing is replicated in transient mode. */
  boolean replicated() {
    return !isTransient() && nodeId() != NOT_REPLICATED;
  }

  int nodeId() {
    return integer(StormProperty.NODE_ID);
  }

  Path directory() {
    String path = text(StormProperty.LMDB_PATH);
    return Path.of(path.isEmpty() ? service : path);
  }

  /** How long a request waits for a group of replicas; zero for as long as it takes. */
  Duration waitingLimit() {
    return Duration.ofSeconds(Math.max(0, integer(StormProperty.FIRN_WAITING_LIMIT)));
  }

  Duration drainLimit() {
    return Duration.ofSeconds(Math.max(0, integer(StormProperty.FIRN_DRAIN_LIMIT)));
  }
}
