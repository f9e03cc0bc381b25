package dev.firn.component;

import com.zeroc.Ice.Properties;
import dev.firn.component.ServerProgram.StartException;
import dev.firn.election.ElectionTiming;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The replicas of a server, by the properties {@code PREFIX.Nodes.ID}, {@code PREFIX.NodeId},
 * {@code PREFIX.HeartbeatTimeout} and {@code PREFIX.Trace.Election}.
 *
 * @param prefix of the properties, without the dot at its end
 * @param kind what one of them is called, for messages
 * @param proxies of the peer objects of all of them by id, with endpoints, this one included; empty
 *     if there is only one
 * @param self the id of this one
 * @param heartbeatTimeoutMillis who is silent for longer is lost to the others
 * @param traced whether elections are logged
 */
record ReplicaNodes(
    String prefix,
    String kind,
    SortedMap<Integer, String> proxies,
    int self,
    int heartbeatTimeoutMillis,
    boolean traced) {
  private static final String NODE_ID = "NodeId";
  private static final List<String> KNOWN = List.of(NODE_ID, "HeartbeatTimeout", "Trace.Election");
  private static final String NODES = "Nodes.";
  private static final int NODES_MIN = 3;
  private static final int HEARTBEAT_TIMEOUT_MILLIS = 750;

  /**
   * @throws StartException a property makes no sense
   */
  static ReplicaNodes of(Properties properties, String prefix, String kind) {
    String dotted = prefix + ".";
    String nodes = dotted + NODES;
    SortedMap<Integer, String> proxies = new TreeMap<>();
    properties
        .getPropertiesForPrefix(nodes)
        .forEach((name, proxy) -> proxies.put(id(name, nodes), proxy));
    if (!proxies.isEmpty() && proxies.size() < NODES_MIN) {
      throw new StartException(
          "there are "
              + proxies.size()
              + " properties "
              + nodes
              + "*: it takes at least "
              + NODES_MIN
              + ", or none");
    }
    if (proxies.isEmpty() && !properties.getProperty(dotted + NODE_ID).isEmpty()) {
      throw new StartException(
          dotted
              + NODE_ID
              + " is set, and there is no "
              + nodes
              + "* that says who the others are");
    }
    int self = proxies.isEmpty() ? 0 : number(properties, dotted + NODE_ID);
    if (!proxies.isEmpty() && !proxies.containsKey(self)) {
      throw new StartException("there is no " + nodes + self + ", which is this " + kind);
    }
    return new ReplicaNodes(
        prefix,
        kind,
        proxies,
        self,
        properties.getPropertyAsIntWithDefault(
            dotted + "HeartbeatTimeout", HEARTBEAT_TIMEOUT_MILLIS),
        properties.getPropertyAsInt(dotted + "Trace.Election") > 0);
  }

  /** Whether a name below the prefix has a meaning here. */
  static boolean isKnown(String suffix) {
    return KNOWN.contains(suffix) || suffix.startsWith(NODES);
  }

  boolean isAlone() {
    return proxies.isEmpty();
  }

  ElectionTiming timing() {
    return ElectionTiming.DEFAULTS.withHeartbeatTimeout(heartbeatTimeoutMillis);
  }

  private static Integer id(String name, String prefix) {
    try {
      return Integer.valueOf(name.substring(prefix.length()));
    } catch (NumberFormatException e) {
      throw new StartException(name + ": what follows " + prefix + " is no number", e);
    }
  }

  private static int number(Properties properties, String name) {
    String value = properties.getProperty(name);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new StartException(name + " is no number: \"" + value + "\"", e);
    }
  }
}
