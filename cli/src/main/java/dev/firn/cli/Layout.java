package dev.firn.cli;

import java.util.List;
import java.util.Map;

/** Text in nested blocks, as the describe and diff commands print it; for one thread. */
final class Layout {

  private static final String INDENT = "    ";

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** A line; if it has several, only the first is indented. */
  void line(String line) {
    text.append(INDENT.repeat(depth)).append(line).append('\n');
  }

  void block(String label, Runnable content) {
    line(label);
    line("{");
    depth++;
    content.run();
    depth--;
    line("}");
  }

  void value(String label, String value) {
    line(label + " = `" + value + "'");
  }

  /** The value, unless it is empty. */
  void valueIfSet(String label, String value) {
    if (!value.isEmpty()) {
      value(label, value);
    }
  }

  /** A block with a line for each entry, none if there is no entry. */
  void valuesIfAny(String label, Map<String, String> values) {
    if (!values.isEmpty()) {
      block(label, () -> values.forEach(this::value));
    }
  }

  /** A block of lines, none if there is no line. */
  void linesIfAny(String label, List<String> lines) {
    if (!lines.isEmpty()) {
      block(label, () -> lines.forEach(this::line));
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
