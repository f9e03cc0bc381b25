package dev.firn.systemtests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as the Python clients speak it: null, Boolean, Double, String, List or Map. Numbers
 * are doubles, exact up to 2^53.
 */
record Json(@Nullable Object value) {

  static Json parse(String text) {
    return new Json(new JsonParser(text).parse());
  }

  boolean isNull() {
    return value == null;
  }

  boolean has(String key) {
    return value instanceof Map<?, ?> map && map.containsKey(key);
  }

  Json get(String key) {
    if (value instanceof Map<?, ?> map && map.containsKey(key)) {
      return new Json(map.get(key));
    }
    throw new AssertionError("no \"" + key + "\" in " + this);
  }

  List<Json> items() {
    if (value instanceof List<?> list) {
      List<Json> items = new ArrayList<>();
      list.forEach(item -> items.add(new Json(item)));
      return items;
    }
    throw new AssertionError("not a list: " + this);
  }

  Json item(int index) {
    return items().get(index);
  }

  /** The members of an object. */
  Map<String, Json> fields() {
    if (value instanceof Map<?, ?> map) {
      Map<String, Json> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), new Json(field)));
      return fields;
    }
    throw new AssertionError("not an object: " + this);
  }

  List<String> texts() {
    return items().stream().map(Json::text).toList();
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw new AssertionError("not a string: " + this);
  }

  long number() {
    if (value instanceof Double number) {
      return number.longValue();
    }
    throw new AssertionError("not a number: " + this);
  }

  boolean bool() {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw new AssertionError("not a boolean: " + this);
  }

  /** The text of a proxy. */
  String proxy() {
    return get("$proxy").text();
  }

  /** The text of an identity, or of a proxy's identity. */
  String identity() {
    return get("$identity").text();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  /** Arguments of calls: tagged values as in values.py. */
  static Map<String, Object> proxyOf(String text) {
    return Map.of("$proxy", text);
  }

  /** For parameters of a proxy type other than Object. */
  static Map<String, Object> proxyOf(String text, String type) {
    return Map.of("$proxy", text, "$type", type);
  }

  static Map<String, Object> identityOf(String text) {
    return Map.of("$identity", text);
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    if (value instanceof Json json) {
      write(json.value, out);
    } else if (value instanceof Map<?, ?> map) {
      out.append('{');
      String comma = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(comma);
        quote(String.valueOf(entry.getKey()), out);
        out.append(':');
        write(entry.getValue(), out);
        comma = ",";
      }
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      String comma = "";
      for (Object item : list) {
        out.append(comma);
        write(item, out);
        comma = ",";
      }
      out.append(']');
    } else if (value instanceof Double number && number == Math.rint(number)) {
      out.append(number.longValue());
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else {
      quote(value.toString(), out);
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < ' ' || c > '~') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
