package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/** What an application deploys on a node. */
public record NodeDescriptor(
    SortedMap<String, String> variables,
    List<ServerInstanceDescriptor> serverInstances,
    List<ServerDescriptor> servers,
    String loadFactor,
    String description,
    SortedMap<String, PropertySetDescriptor> propertySets) {
  public static final NodeDescriptor EMPTY =
      new NodeDescriptor(SortedNames.empty(), List.of(), List.of(), "", "", SortedNames.empty());

  public NodeDescriptor {
    variables = SortedNames.copyOf(variables);
    serverInstances = List.copyOf(serverInstances);
    servers = List.copyOf(servers);
    requireNonNull(loadFactor, "loadFactor");
    requireNonNull(description, "description");
    propertySets = SortedNames.copyOf(propertySets);
  }
}
