package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.SortedMap;

/** An application as declared: variables unresolved, templates not expanded. */
public record ApplicationDescriptor(
    String name,
    SortedMap<String, String> variables,
    List<ReplicaGroupDescriptor> replicaGroups,
    SortedMap<String, TemplateDescriptor<ServerDescriptor>> serverTemplates,
    SortedMap<String, TemplateDescriptor<ServiceDescriptor>> serviceTemplates,
    SortedMap<String, NodeDescriptor> nodes,
    DistributionDescriptor distrib,
    String description,
    SortedMap<String, PropertySetDescriptor> propertySets) {
  public ApplicationDescriptor {
    requireNonNull(name, "name");
    variables = SortedNames.copyOf(variables);
    replicaGroups = List.copyOf(replicaGroups);
    serverTemplates = SortedNames.copyOf(serverTemplates);
    serviceTemplates = SortedNames.copyOf(serviceTemplates);
    nodes = SortedNames.copyOf(nodes);
    requireNonNull(distrib, "distrib");
    requireNonNull(description, "description");
    propertySets = SortedNames.copyOf(propertySets);
  }

  /** An application with nothing but a name. */
  public static ApplicationDescriptor named(String name) {
    return new ApplicationDescriptor(
        name,
        SortedNames.empty(),
        List.of(),
        SortedNames.empty(),
        SortedNames.empty(),
        SortedNames.empty(),
        DistributionDescriptor.NONE,
        "",
        SortedNames.empty());
  }

  public ApplicationDescriptor withName(String newName) {
    return new ApplicationDescriptor(
        newName,
        variables,
        replicaGroups,
        serverTemplates,
        serviceTemplates,
        nodes,
        distrib,
        description,
        propertySets);
  }

  public ApplicationDescriptor withNodes(SortedMap<String, NodeDescriptor> newNodes) {
    return new ApplicationDescriptor(
        name,
        variables,
        replicaGroups,
        serverTemplates,
        serviceTemplates,
        newNodes,
        distrib,
        description,
        propertySets);
  }
}
