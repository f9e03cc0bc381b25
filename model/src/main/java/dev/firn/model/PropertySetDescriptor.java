package dev.firn.model;

import java.util.List;
import java.util.Optional;

/** Properties, after those of the named sets that it refers to. */
public record PropertySetDescriptor(List<String> references, List<PropertyDescriptor> properties) {
  public static final PropertySetDescriptor EMPTY = new PropertySetDescriptor(List.of(), List.of());

  public PropertySetDescriptor {
    references = List.copyOf(references);
    properties = List.copyOf(properties);
  }

  public static PropertySetDescriptor of(List<PropertyDescriptor> properties) {
    return new PropertySetDescriptor(List.of(), properties);
  }

  public boolean isEmpty() {
    return references.isEmpty() && properties.isEmpty();
  }

  /** The value of the last property of that name among this set's own. */
  public Optional<String> value(String name) {
    return value(properties, name);
  }

  static Optional<String> value(List<PropertyDescriptor> properties, String name) {
    for (int i = properties.size() - 1; i >= 0; i--) {
      if (properties.get(i).name().equals(name)) {
        return Optional.of(properties.get(i).value());
      }
    }
    return Optional.empty();
  }
}
