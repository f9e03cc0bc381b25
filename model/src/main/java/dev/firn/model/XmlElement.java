package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/**
 * An element of a descriptor file.
 *
 * @param file as it was named where it was read from
 * @param line of its start tag, from 1
 * @param column of its start tag, from 1
 * @param text all character data directly within it, as written
 */
public record XmlElement(
    String file,
    int line,
    int column,
    String name,
    SortedMap<String, String> attributes,
    List<XmlElement> children,
    String text) {
  public XmlElement {
    requireNonNull(file, "file");
    requireNonNull(name, "name");
    attributes = SortedNames.copyOf(attributes);
    children = List.copyOf(children);
    requireNonNull(text, "text");
  }

  DescriptorFileException error(String problem) {
    return new DescriptorFileException(file, line, column, problem);
  }
}
