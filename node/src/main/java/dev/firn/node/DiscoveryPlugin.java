package dev.firn.node;

import com.zeroc.Ice.Properties;
import dev.firn.model.PropertyDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plug-in by which servers find a locator, if this node finds its own with it. */
final class DiscoveryPlugin {
  private static final String KEY = "Ice.Plugin.IceLocatorDiscovery";
  private static final String JAVA = "com.zeroc.IceLocatorDiscovery.PluginFactory";
  private static final String CPP = "IceLocatorDiscovery:createIceLocatorDiscovery";
  private static final String CLR = "IceLocatorDiscovery:IceLocatorDiscovery.PluginFactory";

  private DiscoveryPlugin() {}

  /**
   * The properties for a server, in whatever language it is written: each runtime reads its own
   * suffix, and what the node's configuration says itself counts.
   */
  static List<PropertyDescriptor> forServers(Properties properties, String instance) {
    Map<String, String> configured = new TreeMap<>(properties.getPropertiesForPrefix(KEY));
    configured.values().removeIf(String::isEmpty);
    if (configured.isEmpty()) {
      return List.of();
    }
    configured.remove(KEY, JAVA);
    configured.remove(KEY, CPP);
    if (!configured.containsKey(KEY)) {
      configured.putIfAbsent(KEY + ".cpp", CPP);
      configured.putIfAbsent(KEY + ".java", JAVA);
      configured.putIfAbsent(KEY + ".clr", CLR);
    }
    List<PropertyDescriptor> entries = new ArrayList<>();
    configured.forEach((name, value) -> entries.add(new PropertyDescriptor(name, value)));
    entries.add(new PropertyDescriptor("IceLocatorDiscovery.InstanceName", instance));
    return entries;
  }
}
