package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Small applications for tests. */
final class Applications {
  private Applications() {}

  static ServerDescriptor server(String id, String... namesAndValues) {
    return ServerDescriptor.builder(id, "exe")
        .communicator(
            CommunicatorDescriptor.EMPTY.withPropertySet(
                PropertySetDescriptor.of(properties(namesAndValues))))
        .build();
  }

  static List<PropertyDescriptor> properties(String... namesAndValues) {
    List<PropertyDescriptor> properties = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      properties.add(new PropertyDescriptor(namesAndValues[i], namesAndValues[i + 1]));
    }
    return properties;
  }

  /** A server with an adapter of its own. */
  static ServerDescriptor withAdapter(String id, String replicaGroup, ObjectId... objects) {
    return withAdapter(id, replicaGroup, described(objects), List.of());
  }

  /** A server with an adapter whose objects are to be allocated. */
  static ServerDescriptor withAllocatables(String id, ObjectId... objects) {
    return withAdapter(id, "", List.of(), described(objects));
  }

  private static List<ObjectDescriptor> described(ObjectId... objects) {
    return Stream.of(objects).map(object -> new ObjectDescriptor(object, "", "")).toList();
  }

  private static ServerDescriptor withAdapter(
      String id,
      String replicaGroup,
      List<ObjectDescriptor> objects,
      List<ObjectDescriptor> allocatables) {
    AdapterDescriptor adapter =
        new AdapterDescriptor(
            "A", "", id + ".A", replicaGroup, "", false, true, objects, allocatables);
    return ServerDescriptor.builder(id, "exe")
        .communicator(
            new CommunicatorDescriptor(
                List.of(adapter),
                PropertySetDescriptor.of(properties("A.Endpoints", "default")),
                List.of(),
                List.of(),
                ""))
        .build();
  }

  static ReplicaGroupDescriptor group(String id) {
    return new ReplicaGroupDescriptor(id, LoadBalancingPolicy.DEFAULT, "", List.of(), "", "");
  }

  static NodeDescriptor node(ServerDescriptor... servers) {
    return new NodeDescriptor(
        SortedNames.empty(), List.of(), List.of(servers), "", "", SortedNames.empty());
  }

  static ServerInstanceDescriptor instance(String template, Map<String, String> parameters) {
    return new ServerInstanceDescriptor(
        template, SortedNames.copyOf(parameters), PropertySetDescriptor.EMPTY, SortedNames.empty());
  }

  /** An application with variables and one node, n. */
  static ApplicationDescriptor of(Map<String, String> variables, ServerDescriptor... servers) {
    return of(variables, List.of(), Map.of("n", node(servers)), SortedNames.empty());
  }

  static ApplicationDescriptor of(
      Map<String, String> variables,
      List<ReplicaGroupDescriptor> groups,
      Map<String, NodeDescriptor> nodes,
      SortedMap<String, PropertySetDescriptor> sets) {
    return new ApplicationDescriptor(
        "App",
        SortedNames.copyOf(variables),
        groups,
        templates(),
        SortedNames.empty(),
        SortedNames.copyOf(nodes),
        DistributionDescriptor.NONE,
        "",
        sets);
  }

  /** An application that is in the tables. */
  static ApplicationEntry entry(String name, int revision, ServerDescriptor... servers) {
    return entry(of(Map.of("v", ""), servers).withName(name), revision);
  }

  static ApplicationEntry entry(ApplicationDescriptor application, int revision) {
    return ApplicationEntry.of(
        new ApplicationInfo("uuid-" + application.name(), 1, "a", 2, "b", revision, application));
  }

  /** An update that changes nothing. */
  static ApplicationUpdateDescriptor unchanged(String name) {
    ApplicationDescriptor application = ApplicationDescriptor.named(name);
    try {
      return ApplicationDiff.between(application, application);
    } catch (DescriptorException e) {
      throw new AssertionError(e);
    }
  }

  /** T, with parameters id and p (by default the variable v). */
  private static SortedMap<String, TemplateDescriptor<ServerDescriptor>> templates() {
    SortedMap<String, TemplateDescriptor<ServerDescriptor>> templates = new TreeMap<>();
    templates.put(
        "T",
        new TemplateDescriptor<>(
            server("${id}", "p", "${p}"),
            List.of("id", "p"),
            SortedNames.copyOf(Map.of("p", "${v}"))));
    return templates;
  }
}
