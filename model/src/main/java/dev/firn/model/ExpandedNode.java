package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/**
 * What an application deploys on a node, expanded.
 *
 * @param variables as declared
 * @param propertySets the named ones, their values resolved
 * @param serverInstances the servers made from templates, in the order of their declaration
 * @param servers the others, in the order of their declaration
 */
public record ExpandedNode(
    String name,
    SortedMap<String, String> variables,
    String loadFactor,
    String description,
    SortedMap<String, PropertySetDescriptor> propertySets,
    List<ExpandedServer> serverInstances,
    List<ExpandedServer> servers) {
  public ExpandedNode {
    requireNonNull(name, "name");
    variables = SortedNames.copyOf(variables);
    requireNonNull(loadFactor, "loadFactor");
    requireNonNull(description, "description");
    propertySets = SortedNames.copyOf(propertySets);
    serverInstances = List.copyOf(serverInstances);
    servers = List.copyOf(servers);
  }
}
