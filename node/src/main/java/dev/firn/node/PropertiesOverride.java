package dev.firn.node;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.model.PropertyDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code IceGrid.Node.PropertiesOverride}. */
final class PropertiesOverride {
  private static final String PREFIX = "";

  private PropertiesOverride() {}

  /**
   * @param list of {@code name=value}, separated by white space or commas, with quotes where a
   *     value has those; a name alone stands for the value 1
   * @return by name, values as they are, without escapes
   */
  static List<PropertyDescriptor> parse(String list) {
    if (list.isBlank()) {
      return List.of();
    }
    Properties properties = Util.createProperties();
    properties.setProperty("IceGrid.Node.PropertiesOverride", list);
    String[] options = properties.getPropertyAsList("IceGrid.Node.PropertiesOverride");
    for (int i = 0; i < options.length; i++) {
      if (!options[i].startsWith("--")) {
        options[i] = "--" + options[i];
      }
    }
    Properties parsed = Util.createProperties();
    parsed.parseCommandLineOptions(PREFIX, options);
    Map<String, String> sorted = new TreeMap<>(parsed.getPropertiesForPrefix(PREFIX));
    List<PropertyDescriptor> entries = new ArrayList<>();
    sorted.forEach((name, value) -> entries.add(new PropertyDescriptor(name, value)));
    return entries;
  }
}
