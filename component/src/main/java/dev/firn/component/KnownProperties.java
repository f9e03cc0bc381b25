package dev.firn.component;

import com.zeroc.Ice.Properties;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Which properties below an instance's name have a meaning. */
final class KnownProperties {
  /** Of an object adapter; a star stands for anything. */
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
          "ThreadPool.*");

  private KnownProperties() {}

  /** The names below the instance's that have no meaning, in order. */
  static Collection<String> unknown(Properties properties, String instance) {
    String prefix = instance + ".";
    List<String> known = new ArrayList<>();
    for (ComponentProperty property : ComponentProperty.values()) {
      known.add(property.suffix());
    }
    for (String suffix : OF_ADAPTERS) {
      known.add(suffix);
      known.add("Backplane." + suffix);
    }
    // What a component reads for itself.
    known.add("Component.*");
    Collection<String> unknown = new TreeSet<>();
    for (String name : properties.getPropertiesForPrefix(prefix).keySet()) {
      String suffix = name.substring(prefix.length());
      if (known.stream().noneMatch(pattern -> matches(suffix, pattern))) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private static boolean matches(String suffix, String pattern) {
    return pattern.endsWith("*")
        ? suffix.startsWith(pattern.substring(0, pattern.length() - 1))
        : suffix.equals(pattern);
  }
}
