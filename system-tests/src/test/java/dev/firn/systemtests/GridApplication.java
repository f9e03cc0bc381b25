package dev.firn.systemtests;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An application's descriptor in the making; as argument of calls it is a tagged value. */
final class GridApplication {
  private final String name;
  private final Map<String, List<Object>> servers = new LinkedHashMap<>();
  private final Map<String, Object> variables = new LinkedHashMap<>();
  private final Map<String, Object> templates = new LinkedHashMap<>();
  private final List<Object> groups = new ArrayList<>();
  private Object distribution = GridServer.distribution("");

  GridApplication(String name) {
    this.name = name;
  }

  /** With servers on a node named "node". */
  static GridApplication of(String name, GridServer... servers) {
    GridApplication application = new GridApplication(name);
    for (GridServer server : servers) {
      application.server("node", server);
    }
    return application;
  }

  String name() {
    return name;
  }

  GridApplication server(String node, GridServer server) {
    servers.computeIfAbsent(node, unused -> new ArrayList<>()).add(server.value());
    return this;
  }

  GridApplication node(String node) {
    servers.computeIfAbsent(node, unused -> new ArrayList<>());
    return this;
  }

  GridApplication variable(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  /** What nodes fetch for the application: all of a file server, or some directories. */
  GridApplication distribution(String fileServer, String... directories) {
    distribution = GridServer.distribution(fileServer, directories);
    return this;
  }

  /** A server template; its server's texts name the parameters. */
  GridApplication template(String id, GridServer server, String... parameters) {
    templates.put(
        id,
        Map.of(
            "$struct",
            "IceGrid.TemplateDescriptor",
            "descriptor",
            server.value(),
            "parameters",
            List.of(parameters)));
    return this;
  }

  /**
   * A replica group.
   *
   * @param policy Random, Ordered, RoundRobin or Adaptive
   * @param replicas how many are told to a client; 0 for all
   */
  GridApplication group(String id, String policy, int replicas, String... objects) {
    Map<String, Object> balancing = new LinkedHashMap<>();
    balancing.put("$struct", "IceGrid." + policy + "LoadBalancingPolicy");
    balancing.put("nReplicas", Integer.toString(replicas));
    if (policy.equals("Adaptive")) {
      balancing.put("loadSample", "1");
    }
    groups.add(
        Map.of(
            "$struct",
            "IceGrid.ReplicaGroupDescriptor",
            "id",
            id,
            "loadBalancing",
            balancing,
            "objects",
            GridServer.objects(objects)));
    return this;
  }

  Map<String, Object> value() {
    Map<String, Object> nodes = new LinkedHashMap<>();
    servers.forEach(
        (node, list) ->
            nodes.put(
                node, Map.of("$struct", "IceGrid.NodeDescriptor", "servers", List.copyOf(list))));
    return Map.of(
        "$struct",
        "IceGrid.ApplicationDescriptor",
        "name",
        name,
        "variables",
        variables,
        "serverTemplates",
        templates,
        "replicaGroups",
        groups,
        "distrib",
        distribution,
        "nodes",
        nodes);
  }
}
