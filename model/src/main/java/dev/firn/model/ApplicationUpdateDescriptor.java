package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What changes in an application; what is absent stays as it is. */
public record ApplicationUpdateDescriptor(
    String name,
    Optional<String> description,
    Optional<DistributionDescriptor> distrib,
    SortedMap<String, String> variables,
    List<String> removeVariables,
    SortedMap<String, PropertySetDescriptor> propertySets,
    List<String> removePropertySets,
    List<ReplicaGroupDescriptor> replicaGroups,
    List<String> removeReplicaGroups,
    SortedMap<String, TemplateDescriptor<ServerDescriptor>> serverTemplates,
    List<String> removeServerTemplates,
    SortedMap<String, TemplateDescriptor<ServiceDescriptor>> serviceTemplates,
    List<String> removeServiceTemplates,
    List<NodeUpdateDescriptor> nodes,
    List<String> removeNodes) {
  public ApplicationUpdateDescriptor {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(distrib, "distrib");
    variables = SortedNames.copyOf(variables);
    removeVariables = List.copyOf(removeVariables);
    propertySets = SortedNames.copyOf(propertySets);
    removePropertySets = List.copyOf(removePropertySets);
    replicaGroups = List.copyOf(replicaGroups);
    removeReplicaGroups = List.copyOf(removeReplicaGroups);
    serverTemplates = SortedNames.copyOf(serverTemplates);
    removeServerTemplates = List.copyOf(removeServerTemplates);
    serviceTemplates = SortedNames.copyOf(serviceTemplates);
    removeServiceTemplates = List.copyOf(removeServiceTemplates);
    nodes = List.copyOf(nodes);
    removeNodes = List.copyOf(removeNodes);
  }
}
