package dev.firn.node;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The lines of a server's configuration files: the registry's, then what this node adds. Pure. */
final class ConfigurationLines {
  static final String MAIN = "config";

  private final NodeSettings settings;

  ConfigurationLines(NodeSettings settings) {
    this.settings = settings;
  }

  SortedMap<String, List<PropertyDescriptor>> of(InternalServerDescriptor server) {
    SortedMap<String, List<PropertyDescriptor>> files = new TreeMap<>();
    server
        .properties()
        .forEach(
            (file, lines) -> files.put(file, completed(server.id(), file.equals(MAIN), lines)));
    return Collections.unmodifiableSortedMap(files);
  }

  private List<PropertyDescriptor> completed(
      String server, boolean main, List<PropertyDescriptor> lines) {
    List<PropertyDescriptor> all = new ArrayList<>(lines);
    if (main && !settings.output().isEmpty()) {
      String path = settings.output() + "/" + server;
      String err = settings.redirectErrToOut() ? ".out" : ".err";
      addUnlessSet(all, NodeProperty.STDERR.key(), path + err);
      addUnlessSet(all, NodeProperty.STDOUT.key(), path + ".out");
    }
    if (PropertyLines.value(all, NodeProperty.LOCATOR.key()).isEmpty()) {
      add(all, settings.appended());
    }
    if (!settings.overrides().isEmpty()) {
      all.add(new PropertyDescriptor("# Node properties override", ""));
      add(all, settings.overrides());
    }
    return Collections.unmodifiableList(all);
  }

  private static void addUnlessSet(List<PropertyDescriptor> lines, String name, String value) {
    if (PropertyLines.value(lines, name).isEmpty()) {
      lines.add(PropertyLines.escaped(name, value));
    }
  }

  private static void add(List<PropertyDescriptor> lines, List<PropertyDescriptor> properties) {
    for (PropertyDescriptor property : properties) {
      lines.add(PropertyLines.escaped(property.name(), property.value()));
    }
  }
}
