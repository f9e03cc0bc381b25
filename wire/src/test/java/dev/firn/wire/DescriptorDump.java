package dev.firn.wire;

import com.zeroc.Ice.Value;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes generated classes as lines, in the form of {@code expected.py}. */
final class DescriptorDump {
  private DescriptorDump() {}

  static void dump(List<String> lines, String path, @Nullable Object value)
      throws IllegalAccessException {
    if (value == null || value instanceof Boolean || value instanceof Integer) {
      lines.add(path + " = " + value);
    } else if (value instanceof String string) {
      lines.add(path + " = " + quoted(string));
    } else if (value instanceof Object[] array) {
      dump(lines, path, Arrays.asList(array));
    } else if (value instanceof List<?> list) {
      if (list.isEmpty()) {
        lines.add(path + " = []");
      }
      for (int i = 0; i < list.size(); i++) {
        dump(lines, path + "[" + i + "]", list.get(i));
      }
    } else if (value instanceof Map<?, ?> map) {
      if (map.isEmpty()) {
        lines.add(path + " = {}");
      }
      for (var entry : new TreeMap<>(map).entrySet()) {
        dump(lines, path + "{" + entry.getKey() + "}", entry.getValue());
      }
    } else {
      dumpFields(lines, path, value);
    }
  }

  private static void dumpFields(List<String> lines, String path, Object value)
      throws IllegalAccessException {
    if (value instanceof Value instance) {
      lines.add(path + " : " + instance.ice_id());
    }
    Field[] fields = value.getClass().getFields();
    Arrays.sort(fields, Comparator.comparing(Field::getName));
    for (Field field : fields) {
      if (!Modifier.isStatic(field.getModifiers())) {
        dump(lines, path + "." + field.getName(), field.get(value));
      }
    }
  }

  private static String quoted(String string) {
    return "\""
        + string
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
        + "\"";
  }
}
