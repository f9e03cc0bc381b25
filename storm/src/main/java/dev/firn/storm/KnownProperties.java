package dev.firn.storm;

import com.zeroc.Ice.Properties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which properties below a service's name have a meaning. */
final class KnownProperties {
  private static final List<String> ADAPTERS = List.of("TopicManager", "Publish", "Node");

  /** Those of ZeroC's list that this service does not read itself; a star stands for anything. */
  private static final List<String> OTHERS =
      List.of(
          "Nodes.*",
          "TopicManager.Proxy",
          "TopicManager.Proxy.*",
          "Trace.TopicManager",
          "Trace.Topic",
          "Trace.Subscriber",
          "Trace.Election",
          "Trace.Replication");

  /** Of an object adapter. ZeroC's service warns of some that Ice honours all the same. */
  private static final List<String> OF_ADAPTERS =
      List.of(
          "ACM",
          "ACM.*",
          "AdapterId",
          "Endpoints",
          "Locator",
          "Locator.*",
          "MessageSizeMax",
          "ProxyOptions",
          "PublishedEndpoints",
          "ReplicaGroupId",
          "Router",
          "Router.*",
          "ThreadPool.Serialize",
          "ThreadPool.Size",
          "ThreadPool.SizeMax",
          "ThreadPool.SizeWarn",
          "ThreadPool.StackSize",
          "ThreadPool.ThreadIdleTime",
          "ThreadPool.ThreadPriority");

  private KnownProperties() {}

  /** The names below the service's that have no meaning, in order. */
  static Collection<String> unknown(Properties properties, String service) {
    String prefix = service + ".";
    List<String> known = known();
    Collection<String> unknown = new TreeSet<>();
    for (String name : properties.getPropertiesForPrefix(prefix).keySet()) {
      String suffix = name.substring(prefix.length());
      if (known.stream().noneMatch(pattern -> matches(suffix, pattern))) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private static List<String> known() {
    List<String> known = new ArrayList<>(OTHERS);
    for (StormProperty property : StormProperty.values()) {
      if (!property.isFirns()) {
        known.add(property.suffix());
      }
    }
    known.addAll(
        ADAPTERS.stream()
            .flatMap(adapter -> OF_ADAPTERS.stream().map(suffix -> adapter + "." + suffix))
            .collect(Collectors.toList()));
    return known;
  }

  private static boolean matches(String suffix, String pattern) {
    return pattern.endsWith("*")
        ? suffix.startsWith(pattern.substring(0, pattern.length() - 1))
        : suffix.equals(pattern);
  }
}
