package dev.firn.node;

import com.zeroc.Ice.Properties;
import dev.firn.model.PropertyDescriptor;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The plug-in by which servers find a locator, if this node finds its own with it. */
final class DiscoveryPlugin {
  private static final String PREFIX = "Ice.Plugin.";
  private static final String NAME = "IceLocatorDiscovery";
  private static final String JAVA = "com.zeroc.IceLocatorDiscovery.PluginFactory";
  private static final String CPP = "IceLocatorDiscovery:createIceLocatorDiscovery";
  private static final String CLR = "IceLocatorDiscovery:IceLocatorDiscovery.PluginFactory";
  private static final Pattern LANGUAGE = Pattern.compile("\\.(cpp|java|clr)$");

  private DiscoveryPlugin() {}

  /**
   * The properties for a server, in whatever language it is written: each runtime reads its own
   * suffix, and what the node's configuration says itself counts.
   */
  static List<PropertyDescriptor> forServers(Properties properties, String instance) {
    Map<String, String> plugins = new TreeMap<>(properties.getPropertiesForPrefix(PREFIX));
    plugins.values().removeIf(String::isEmpty);
    TreeSet<String> names = new TreeSet<>();
    plugins.forEach(
        (key, value) -> {
          String name = LANGUAGE.matcher(key.substring(PREFIX.length())).replaceFirst("");
          if (name.equals(NAME) || LocatorDiscoveryPluginFactory.isDiscovery(value)) {
            names.add(name);
          }
        });
    List<PropertyDescriptor> entries = new ArrayList<>();
    for (String name : names) {
      String key = PREFIX + name;
      Map<String, String> configured = new TreeMap<>(plugins);
      configured.keySet().removeIf(each -> !each.equals(key) && !each.startsWith(key + "."));
      complete(key, configured);
      configured.forEach((each, value) -> entries.add(new PropertyDescriptor(each, value)));
      entries.add(new PropertyDescriptor(name + ".InstanceName", instance));
    }
    return entries;
  }

  /** An entry point of one language is for servers of that one; the others get theirs. */
  private static void complete(String key, Map<String, String> configured) {
    String any = configured.getOrDefault(key, "");
    if (!any.isEmpty() && !LocatorDiscoveryPluginFactory.isDiscovery(any)) {
      return;
    }
    configured.remove(key);
    if (any.contains(JAVA)) {
      configured.putIfAbsent(key + ".java", any);
    } else if (any.contains(CPP.substring(CPP.indexOf(':')))) {
      configured.putIfAbsent(key + ".cpp", any);
    }
    String options = any.replaceFirst("^\\S*", "");
    configured.putIfAbsent(key + ".cpp", CPP + options);
    configured.putIfAbsent(key + ".java", JAVA + options);
    configured.putIfAbsent(key + ".clr", CLR + options);
  }
}
