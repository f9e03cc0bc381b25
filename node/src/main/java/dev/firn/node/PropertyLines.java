package dev.firn.node;

import dev.firn.model.PropertyDescriptor;
import dev.firn.model.ServerConfiguration;
import java.util.List;

/** The lines of a configuration file. Pure. */
final class PropertyLines {
  private PropertyLines() {}

  /** A line that means exactly this property. */
  static PropertyDescriptor escaped(String name, String value) {
    return new PropertyDescriptor(
        ServerConfiguration.escape(name, true), ServerConfiguration.escape(value, false));
  }

  /** Whether a line is a comment. */
  static boolean isComment(PropertyDescriptor line) {
    return line.name().startsWith("#") && line.value().isEmpty();
  }

  /** The value that a file gives a property: the last line counts. Empty if there is none. */
  static String value(List<PropertyDescriptor> lines, String name) {
    String value = "";
    for (PropertyDescriptor line : lines) {
      if (!isComment(line) && unescape(line.name()).equals(name)) {
        value = unescape(line.value());
      }
    }
    return value;
  }

  /** What Ice reads where a file says this. */
  static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length() && "\\#= ".indexOf(text.charAt(i + 1)) >= 0) {
        i++;
        c = text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  /** The file, after a first line that says when it was written. */
  static String file(String time, List<PropertyDescriptor> lines) {
    StringBuilder file = new StringBuilder("# Configuration file (").append(time).append(")\n\n");
    for (PropertyDescriptor line : lines) {
      file.append(line.name());
      if (!isComment(line)) {
        file.append('=').append(line.value());
      }
      file.append('\n');
    }
    return file.toString();
  }
}
