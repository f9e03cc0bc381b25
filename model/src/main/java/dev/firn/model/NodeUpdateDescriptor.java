package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What changes on a node; what is absent stays as it is. */
public record NodeUpdateDescriptor(
    String name,
    Optional<String> description,
    SortedMap<String, String> variables,
    List<String> removeVariables,
    SortedMap<String, PropertySetDescriptor> propertySets,
    List<String> removePropertySets,
    List<ServerInstanceDescriptor> serverInstances,
    List<ServerDescriptor> servers,
    List<String> removeServers,
    Optional<String> loadFactor) {
  public NodeUpdateDescriptor {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    variables = SortedNames.copyOf(variables);
    removeVariables = List.copyOf(removeVariables);
    propertySets = SortedNames.copyOf(propertySets);
    removePropertySets = List.copyOf(removePropertySets);
    serverInstances = List.copyOf(serverInstances);
    servers = List.copyOf(servers);
    removeServers = List.copyOf(removeServers);
    requireNonNull(loadFactor, "loadFactor");
  }
}
