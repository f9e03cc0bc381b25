package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/**
 * An application with its variables resolved and its templates expanded; valid in itself.
 *
 * @param variables as declared
 * @param propertySets the named ones, their values resolved
 * @param servers of all nodes, by id
 * @param warnings for the log of the registry that deploys it
 */
public record ExpandedApplication(
    String name,
    String description,
    DistributionDescriptor distrib,
    SortedMap<String, String> variables,
    SortedMap<String, PropertySetDescriptor> propertySets,
    List<ReplicaGroupDescriptor> replicaGroups,
    SortedMap<String, ExpandedNode> nodes,
    SortedMap<String, ExpandedServer> servers,
    List<String> warnings) {
  public ExpandedApplication {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(distrib, "distrib");
    variables = SortedNames.copyOf(variables);
    propertySets = SortedNames.copyOf(propertySets);
    replicaGroups = List.copyOf(replicaGroups);
    nodes = SortedNames.copyOf(nodes);
    servers = SortedNames.copyOf(servers);
    warnings = List.copyOf(warnings);
  }
}
