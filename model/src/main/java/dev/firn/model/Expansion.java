package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Expands applications: variables, templates and property sets become what they stand for, and
 * whatever cannot be deployed is found.
 *
 * <p>What depends on the node, as {@code ${node.os}}, is left, as are escapes: {@link
 * ServerLoading} replaces them.
 */
public final class Expansion {
  private static final TreeSet<String> LOAD_SAMPLES = new TreeSet<>(List.of("", "1", "5", "15"));

  private final ApplicationDescriptor application;
  private final ServerExpansion servers;
  private final ExpansionWarnings warnings = new ExpansionWarnings();
  private final SortedMap<String, ExpandedNode> nodes = new TreeMap<>(SortedNames.ORDER);

  private Expansion(ApplicationDescriptor application) {
    this.application = application;
    servers = new ServerExpansion(application.serverTemplates(), application.serviceTemplates());
  }

  public static ExpandedApplication expand(ApplicationDescriptor application)
      throws DescriptorException {
    return expand(application, ExpansionLimits.DEFAULT);
  }

  /**
   * Expands and checks an application by itself; see DeployedIds for several together.
   *
   * @throws DescriptorException naming the first thing that is wrong
   */
  public static ExpandedApplication expand(
      ApplicationDescriptor application, ExpansionLimits limits) throws DescriptorException {
    return new Expansion(application).run(new ExpansionBudget(limits));
  }

  private ExpandedApplication run(ExpansionBudget budget) throws DescriptorException {
    Scope own = scope(application, budget, warnings);
    checkTemplates("server", application.serverTemplates(), own);
    checkTemplates("service", application.serviceTemplates(), own);
    String description = own.value("description", application.description());
    DistributionDescriptor distrib = ServerExpansion.distribution(application.distrib(), own);
    SortedMap<String, PropertySetDescriptor> sets = named(application.propertySets(), own);
    List<ReplicaGroupDescriptor> groups = new ArrayList<>(application.replicaGroups().size());
    for (ReplicaGroupDescriptor group : application.replicaGroups()) {
      groups.add(replicaGroup(group, own));
    }
    Scope scope = register(sets, own);
    for (var node : application.nodes().entrySet()) {
      nodes.put(node.getKey(), node(node.getKey(), node.getValue(), scope));
    }
    return new ExpandedApplication(
        application.name(),
        description,
        distrib,
        application.variables(),
        sets,
        groups,
        nodes,
        ApplicationIds.check(groups, nodes.values(), own),
        warnings.toList());
  }

  static Scope scope(
      ApplicationDescriptor application, ExpansionBudget budget, ExpansionWarnings warnings)
      throws DescriptorException {
    if (application.name().isEmpty()) {
      throw new DescriptorException("invalid application: empty name");
    }
    return Scope.ofApplication(application, budget, warnings);
  }

  private static <D> void checkTemplates(
      String kind, SortedMap<String, TemplateDescriptor<D>> templates, Scope scope)
      throws DescriptorException {
    for (var template : templates.entrySet()) {
      if (template.getKey().isEmpty()) {
        throw scope.error("empty " + kind + " template id");
      }
      TreeSet<String> names = new TreeSet<>(SortedNames.ORDER);
      TreeSet<String> twice = new TreeSet<>(SortedNames.ORDER);
      for (String parameter : template.getValue().parameters()) {
        if (!names.add(parameter)) {
          twice.add(parameter);
        }
      }
      if (!twice.isEmpty()) {
        throw scope.error(
            "invalid "
                + kind
                + " template `"
                + template.getKey()
                + "': duplicate parameters "
                + String.join(" ", twice));
      }
    }
  }

  private static SortedMap<String, PropertySetDescriptor> named(
      SortedMap<String, PropertySetDescriptor> sets, Scope scope) throws DescriptorException {
    SortedMap<String, PropertySetDescriptor> resolved = new TreeMap<>(SortedNames.ORDER);
    for (var set : sets.entrySet()) {
      resolved.put(set.getKey(), CommunicatorExpansion.named(set.getKey(), set.getValue(), scope));
    }
    return SortedNames.copyOf(resolved);
  }

  /** Makes the sets visible, and follows the references of each once. */
  private static Scope register(SortedMap<String, PropertySetDescriptor> sets, Scope scope)
      throws DescriptorException {
    if (sets.isEmpty()) {
      return scope;
    }
    PropertySetTable table = scope.propertySets().with(sets);
    try {
      for (String id : sets.keySet()) {
        table.flatten(List.of(id));
      }
    } catch (DescriptorException e) {
      throw scope.error(e.reason());
    }
    return scope.withPropertySets(table);
  }

  private static ReplicaGroupDescriptor replicaGroup(ReplicaGroupDescriptor group, Scope scope)
      throws DescriptorException {
    String id = scope.idNotEmpty("replica group id", group.id());
    String description = scope.value("replica group description", group.description());
    String options = scope.value("replica group proxy options", group.proxyOptions());
    CommunicatorExpansion.checkOptions(options, scope);
    String filter = scope.value("replica group filter", group.filter());
    List<ObjectDescriptor> objects =
        CommunicatorExpansion.objects(
            "replica group well-known object", group.objects(), options, scope);
    return new ReplicaGroupDescriptor(
        id, policy(group.loadBalancing(), scope), options, objects, description, filter);
  }

  private static LoadBalancingPolicy policy(LoadBalancingPolicy policy, Scope scope)
      throws DescriptorException {
    String replicas = scope.integer("replica group number of replicas", policy.nReplicas());
    if (replicas.isEmpty()) {
      throw scope.error(
          "invalid replica group load balancing number of replicas value: empty value");
    }
    if (replicas.startsWith("-")) {
      throw scope.error(
          "invalid replica group load balancing number of replicas value: inferior to 0");
    }
    String sample = scope.value("replica group load sample", policy.loadSample());
    if (!LOAD_SAMPLES.contains(sample)) {
      throw scope.error("invalid load sample value (allowed values are 1, 5 or 15)");
    }
    return new LoadBalancingPolicy(policy.type(), replicas, sample);
  }

  private ExpandedNode node(String name, NodeDescriptor node, Scope outside)
      throws DescriptorException {
    if (name.isEmpty()) {
      throw outside.error("invalid node: empty name");
    }
    Scope own = outside.node(name, node.variables());
    String loadFactor = own.floating("load factor", node.loadFactor());
    String description = own.value("description", node.description());
    SortedMap<String, PropertySetDescriptor> sets = named(node.propertySets(), own);
    Scope scope = register(sets, own);
    List<ExpandedServer> fromTemplates = new ArrayList<>(node.serverInstances().size());
    for (ServerInstanceDescriptor instance : node.serverInstances()) {
      fromTemplates.add(
          new ExpandedServer(
              name, servers.instance(instance, scope), Optional.of(instance.template())));
    }
    ApplicationIds.checkNode(name, fromTemplates, scope);
    List<ExpandedServer> plain = new ArrayList<>(node.servers().size());
    for (ServerDescriptor server : node.servers()) {
      plain.add(new ExpandedServer(name, servers.server(server, scope), Optional.empty()));
    }
    ApplicationIds.checkNode(name, plain, scope);
    return new ExpandedNode(
        name, node.variables(), loadFactor, description, sets, fromTemplates, plain);
  }
}
