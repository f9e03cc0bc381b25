package dev.firn.component;

import com.zeroc.Ice.Properties;
import dev.firn.component.ServerProgram.StartException;
import dev.firn.failover.AckLevel;
import dev.firn.failover.StreamLimits;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The properties of a replicator.
 *
 * @param nodes all replicators
 */
record ReplicatorSettings(
    String endpoints,
    Path data,
    AckLevel ack,
    StreamLimits limits,
    ReplicaNodes nodes,
    boolean register) {
  private static final String SERVER = "Firn.Replicator";
  private static final String PREFIX = SERVER + ".";
  static final String ADAPTER = "Firn.ReplicatorAdapter";
  private static final String ACK = "Replicator.Ack";
  private static final String STREAM_BYTES = "Replicator.MaxStreamBytes";
  private static final String CONFIG_TOPIC = "Replicator.ConfigTopic";
  private static final String ENDPOINTS_DEFAULT = "tcp -h 127.0.0.1 -p 4433";
  private static final List<String> KNOWN = List.of("Data", "Register");

  /** Of the object adapter. */
  private static final List<String> OF_ADAPTER =
      List.of(
          "ACM",
          "ACM.Close",
          "ACM.Heartbeat",
          "ACM.Timeout",
          "Endpoints",
          "MessageSizeMax",
          "PublishedEndpoints",
          "ProxyOptions",
          "ThreadPool.Size",
          "ThreadPool.SizeMax",
          "ThreadPool.SizeWarn",
          "ThreadPool.StackSize");

  /**
   * @throws StartException a property is missing or makes no sense
   */
  static ReplicatorSettings of(Properties properties) {
    String data = properties.getProperty(PREFIX + "Data");
    if (data.isEmpty()) {
      throw new StartException(
          PREFIX + "Data is not set: the directory in which epochs and configuration survive");
    }
    ReplicaNodes nodes = ReplicaNodes.of(properties, SERVER, "replicator");
    String level = nodes.isAlone() ? "memory" : "quorum";
    String ack = properties.getPropertyWithDefault(ACK, level);
    AckLevel parsed =
        AckLevel.parse(ack)
            .orElseThrow(
                () -> new StartException(ACK + " is memory, quorum or standby, not " + ack));
    if (!nodes.isAlone() && !parsed.isDurable()) {
      throw new StartException(ACK + "=memory is for one replicator, not for several");
    }
    if (properties.getPropertyAsInt(CONFIG_TOPIC) > 0) {
      throw new StartException(
          CONFIG_TOPIC
              + " is not supported: the replicator itself hands configurations on, and says what"
              + " became of them; leave it out");
    }
    StreamLimits d = StreamLimits.DEFAULTS;
    return new ReplicatorSettings(
        properties.getPropertyWithDefault(PREFIX + "Endpoints", ENDPOINTS_DEFAULT),
        Path.of(data),
        parsed,
        new StreamLimits(
            d.itemBytesMax(),
            d.updateBytesMax(),
            d.updateItemsMax(),
            size(properties, d.streamBytesMax())),
        nodes,
        properties.getPropertyAsIntWithDefault(PREFIX + "Register", 1) > 0);
  }

  /** Gives the object adapter its properties. Updates are large and keep their order. */
  void prepare(Properties properties) {
    for (String name : OF_ADAPTER) {
      String value = properties.getProperty(PREFIX + name);
      if (!value.isEmpty()) {
        properties.setProperty(ADAPTER + "." + name, value);
      }
    }
    properties.setProperty(ADAPTER + ".Endpoints", endpoints);
    properties.setProperty(ADAPTER + ".ThreadPool.Serialize", "1");
    setDefault(properties, ADAPTER + ".ThreadPool.Size", "4");
    setDefault(properties, ADAPTER + ".MessageSizeMax", "8192");
  }

  /** The names below the prefix that have no meaning. */
  static Collection<String> unknown(Properties properties) {
    Collection<String> unknown = new TreeSet<>();
    for (String name : properties.getPropertiesForPrefix(PREFIX).keySet()) {
      String suffix = name.substring(PREFIX.length());
      if (!KNOWN.contains(suffix)
          && !OF_ADAPTER.contains(suffix)
          && !ReplicaNodes.isKnown(suffix)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private static void setDefault(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }

  private static long size(Properties properties, long defaultValue) {
    String value = properties.getPropertyWithDefault(STREAM_BYTES, Long.toString(defaultValue));
    try {
      long size = Long.parseLong(value);
      if (size > 0) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new StartException(STREAM_BYTES + " is no positive number of bytes: \"" + value + "\"");
  }
}
