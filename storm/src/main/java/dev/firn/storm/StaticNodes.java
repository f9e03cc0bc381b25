package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import dev.firn.wire.Exceptions;
import dev.firn.wire.IceStormElection.NodePrx;
import java.util.SortedMap;
import java.util.TreeMap;

/** The nodes of {@code <service>.Nodes.<id>}. */
final class StaticNodes {
  private StaticNodes() {}

  /**
   * @return ascending by id; empty if no node is configured
   * @throws ReplicationStartException which property is wrong and why
   */
  static SortedMap<Integer, NodePrx> read(StormSettings settings, Communicator communicator) {
    String prefix = settings.service() + ".Nodes.";
    SortedMap<Integer, NodePrx> nodes = new TreeMap<>();
    communicator
        .getProperties()
        .getPropertiesForPrefix(prefix)
        .forEach(
            (name, value) -> {
              String suffix = name.substring(prefix.length());
              // With a further dot it is a setting of that proxy, not a node.
              if (suffix.indexOf('.') < 0) {
                int id = id(name, suffix);
                if (nodes.put(id, proxy(settings, communicator, name, id, value)) != null) {
                  throw new ReplicationStartException("node " + id + " is configured twice");
                }
              }
            });
    return nodes;
  }

  /** The number that the suffix begins with. */
  private static int id(String name, String suffix) {
    int end = 0;
    while (end < suffix.length() && suffix.charAt(end) >= '0' && suffix.charAt(end) <= '9') {
      end++;
    }
    try {
      return Integer.parseInt(suffix.substring(0, end));
    } catch (NumberFormatException e) {
      throw new ReplicationStartException(
          "`" + name + "': `" + suffix + "' is not the id of a node (0 or more)", e);
    }
  }

  private static NodePrx proxy(
      StormSettings settings, Communicator communicator, String name, int id, String value) {
    ObjectPrx proxy;
    try {
      proxy = communicator.stringToProxy(value);
    } catch (LocalException e) {
      throw new ReplicationStartException(
          "`" + name + "': `" + value + "' is not a proxy: " + Exceptions.text(e), e);
    }
    if (proxy == null) {
      throw new ReplicationStartException("`" + name + "' is empty: it must be a proxy");
    }
    Identity expected = ReplicaNodes.identity(settings.instanceName(), id);
    if (!proxy.ice_getIdentity().equals(expected)) {
      throw new ReplicationStartException(
          "`"
              + name
              + "' has the identity `"
              + Util.identityToString(proxy.ice_getIdentity())
              + "', expected `"
              + Util.identityToString(expected)
              + "': all replicas need the same instance name");
    }
    return NodePrx.uncheckedCast(proxy);
  }
}
