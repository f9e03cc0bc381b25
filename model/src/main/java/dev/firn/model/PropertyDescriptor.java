package dev.firn.model;

import static java.util.Objects.requireNonNull;

/** A property of a server or service; the last of several with one name counts. */
public record PropertyDescriptor(String name, String value) {
  public PropertyDescriptor {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
  }
}
