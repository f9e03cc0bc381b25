package dev.firn.node;

import dev.firn.model.InternalServerDescriptor;
import dev.firn.model.PropertyDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Nodes and servers for tests. */
final class Nodes {
  private Nodes() {}

  static NodeSettings settings(Path data, String output, List<PropertyDescriptor> overrides) {
    return new NodeSettings(
        "node",
        "Grid",
        data.toString(),
        60,
        0,
        output,
        false,
        List.of(new PropertyDescriptor("Ice.Default.Locator", "Grid/Locator:tcp -p 1")),
        overrides,
        false,
        false,
        0);
  }

  static InternalServerDescriptor server(
      String id, int revision, List<String> services, List<String> dbEnvs, String... properties) {
    return server(id, revision, "", true, services, dbEnvs, properties);
  }

  /** Active as soon as its process runs; nothing but a signal ends it. */
  static InternalServerDescriptor foreign(String id) {
    return server(id, 1, "", false, List.of(), List.of());
  }

  static InternalServerDescriptor in(String pwd) {
    return server("s", 1, pwd, true, List.of(), List.of());
  }

  private static InternalServerDescriptor server(
      String id,
      int revision,
      String pwd,
      boolean processRegistered,
      List<String> services,
      List<String> dbEnvs,
      String... properties) {
    SortedMap<String, List<PropertyDescriptor>> files = new TreeMap<>();
    List<PropertyDescriptor> lines = new java.util.ArrayList<>();
    lines.add(new PropertyDescriptor("# Server configuration", ""));
    for (String property : properties) {
      int equals = property.indexOf('=');
      lines.add(
          new PropertyDescriptor(property.substring(0, equals), property.substring(equals + 1)));
    }
    files.put("config", lines);
    services.forEach(
        service -> files.put("config_" + service, List.of(new PropertyDescriptor("p", "v"))));
    return new InternalServerDescriptor(
        id,
        "App",
        "uuid-1",
        revision,
        "",
        "exe",
        pwd,
        "",
        "manual",
        "",
        "",
        false,
        Optional.empty(),
        processRegistered,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        dbEnvs.stream()
            .map(
                name ->
                    new InternalServerDescriptor.DbEnv(
                        name, List.of(new PropertyDescriptor("set", "1 2"))))
            .toList(),
        files,
        services);
  }
}
