package dev.firn.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes results with every single measurement, for machines. */
final class JsonReport {
  private JsonReport() {}

  static String of(Results results) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("servers", results.servers().stream().map(ServerKind::label).toList());
    root.put("processors", Runtime.getRuntime().availableProcessors());
    root.put("java", System.getProperty("java.version"));
    Map<String, Object> flags = new LinkedHashMap<>();
    for (var kind : results.servers()) {
      flags.put(kind.label(), results.jvmFlags().getOrDefault(kind, ""));
    }
    root.put("jvmFlags", flags);
    root.put("lookups", results.lookups().stream().map(cell -> cell(results, cell)).toList());
    root.put(
        "memory",
        results.memory().stream()
            .map(
                memory ->
                    object(
                        "server", memory.kind().label(),
                        "entries", memory.entries(),
                        "idleKilobytes", memory.idle(),
                        "idleLargeKilobytes", memory.idleLarge(),
                        "loadedKilobytes", memory.loaded(),
                        "loadedLargeKilobytes", memory.loadedLarge()))
            .toList());
    root.put(
        "updates",
        results.updates().stream()
            .map(
                update ->
                    object(
                        "server", update.kind().label(),
                        "objectsPerSecond", update.objects(),
                        "adaptersPerSecond", update.adapters()))
            .toList());
    root.put(
        "syncs",
        results.syncs().stream()
            .map(
                sync ->
                    object(
                        "server", sync.kind().label(),
                        "emptySeconds", sync.emptySeconds(),
                        "fullSeconds", sync.fullSeconds()))
            .toList());
    return write(root) + "\n";
  }

  private static Map<String, Object> cell(Results results, LookupBench.Cell cell) {
    Map<String, Object> servers = new LinkedHashMap<>();
    for (var kind : results.servers()) {
      servers.put(
          kind.label(),
          object("perSecond", cell.perSecond(kind), "cpuMicros", cell.cpuMicros(kind)));
    }
    return object(
        "entries", cell.entries(),
        "operation", cell.operation().sliceName(),
        "load", cell.shape().label(),
        "servers", servers);
  }

  private static Map<String, Object> object(Object... keysAndValues) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  /** Maps, lists, numbers and strings. */
  static String write(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> quote(entry.getKey().toString()) + ": " + write(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      List<String> parts = new ArrayList<>();
      list.forEach(element -> parts.add(write(element)));
      return "[" + String.join(", ", parts) + "]";
    }
    if (value instanceof Number) {
      return value.toString();
    }
    if (value instanceof String text) {
      return quote(text);
    }
    throw new IllegalArgumentException("cannot write " + value.getClass());
  }

  private static String quote(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
