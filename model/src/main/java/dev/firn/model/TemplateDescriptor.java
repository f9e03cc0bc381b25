package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/**
 * A template of servers or of services.
 *
 * @param <D> {@link ServerDescriptor} or {@link ServiceDescriptor}
 * @param parameters in the order of their declaration
 * @param parameterDefaults of those that may be left out
 */
public record TemplateDescriptor<D>(
    D descriptor, List<String> parameters, SortedMap<String, String> parameterDefaults) {
  public TemplateDescriptor {
    requireNonNull(descriptor, "descriptor");
    parameters = List.copyOf(parameters);
    parameterDefaults = SortedNames.copyOf(parameterDefaults);
  }
}
