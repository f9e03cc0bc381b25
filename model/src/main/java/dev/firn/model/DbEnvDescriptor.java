package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A database environment; the node manages its directory if {@code dbHome} is empty. */
public record DbEnvDescriptor(
    String name, String description, String dbHome, List<PropertyDescriptor> properties) {
  public DbEnvDescriptor {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(dbHome, "dbHome");
    properties = List.copyOf(properties);
  }
}
