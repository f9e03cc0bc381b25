package dev.firn.model;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ids of servers of an application that is not expanded as a whole. */
final class DefinitionIds {
  private final Scope scope;
  private final ServerExpansion servers;

  DefinitionIds(ApplicationDescriptor application) throws DescriptorException {
    scope =
        Expansion.scope(
            application, new ExpansionBudget(ExpansionLimits.DEFAULT), new ExpansionWarnings());
    servers = new ServerExpansion(application.serverTemplates(), application.serviceTemplates());
  }

  SortedMap<String, ServerInstanceDescriptor> instances(
      String node, SortedMap<String, String> variables, List<ServerInstanceDescriptor> instances)
      throws DescriptorException {
    Scope here = scope.node(node, variables);
    SortedMap<String, ServerInstanceDescriptor> byId = new TreeMap<>(SortedNames.ORDER);
    for (ServerInstanceDescriptor instance : instances) {
      String id = servers.id(instance, here);
      if (byId.put(id, instance) != null) {
        throw duplicate(id, node, here);
      }
    }
    return byId;
  }

  SortedMap<String, ServerDescriptor> servers(
      String node, SortedMap<String, String> variables, List<ServerDescriptor> descriptors)
      throws DescriptorException {
    Scope here = scope.node(node, variables);
    SortedMap<String, ServerDescriptor> byId = new TreeMap<>(SortedNames.ORDER);
    for (ServerDescriptor server : descriptors) {
      String id = servers.id(server, here);
      if (byId.put(id, server) != null) {
        throw duplicate(id, node, here);
      }
    }
    return byId;
  }

  private static DescriptorException duplicate(String id, String node, Scope here) {
    return here.error("duplicate server `" + id + "' in node `" + node + "'");
  }
}
