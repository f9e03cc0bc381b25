package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A service in an IceBox: written there, or made from a template.
 *
 * @param template empty if {@code descriptor} is there
 */
public record ServiceInstanceDescriptor(
    String template,
    SortedMap<String, String> parameterValues,
    Optional<ServiceDescriptor> descriptor,
    PropertySetDescriptor propertySet) {
  public ServiceInstanceDescriptor {
    requireNonNull(template, "template");
    parameterValues = SortedNames.copyOf(parameterValues);
    requireNonNull(descriptor, "descriptor");
    requireNonNull(propertySet, "propertySet");
  }

  public static ServiceInstanceDescriptor of(ServiceDescriptor service) {
    return new ServiceInstanceDescriptor(
        "", SortedNames.empty(), Optional.of(service), PropertySetDescriptor.EMPTY);
  }

  public static ServiceInstanceDescriptor ofTemplate(
      String template, Map<String, String> parameterValues, PropertySetDescriptor propertySet) {
    return new ServiceInstanceDescriptor(
        template, SortedNames.copyOf(parameterValues), Optional.empty(), propertySet);
  }
}
