package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;

/** A server made from a template. */
public record ServerInstanceDescriptor(
    String template,
    SortedMap<String, String> parameterValues,
    PropertySetDescriptor propertySet,
    SortedMap<String, PropertySetDescriptor> servicePropertySets) {
  public ServerInstanceDescriptor {
    requireNonNull(template, "template");
    parameterValues = SortedNames.copyOf(parameterValues);
    requireNonNull(propertySet, "propertySet");
    servicePropertySets = SortedNames.copyOf(servicePropertySets);
  }
}
