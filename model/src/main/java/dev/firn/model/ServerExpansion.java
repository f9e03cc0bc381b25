package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Expands servers and their services. */
final class ServerExpansion {
  /** Of this registry; descriptors of a later one may mean something else. */
  private static final int VERSION_MAX = 30799;

  private static final TreeSet<String> ACTIVATIONS =
      new TreeSet<>(List.of("", "manual", "on-demand", "always", "session"));

  private final SortedMap<String, TemplateDescriptor<ServerDescriptor>> serverTemplates;
  private final SortedMap<String, TemplateDescriptor<ServiceDescriptor>> serviceTemplates;

  ServerExpansion(
      SortedMap<String, TemplateDescriptor<ServerDescriptor>> serverTemplates,
      SortedMap<String, TemplateDescriptor<ServiceDescriptor>> serviceTemplates) {
    this.serverTemplates = serverTemplates;
    this.serviceTemplates = serviceTemplates;
  }

  /** Expands a server written within a node. */
  ServerDescriptor server(ServerDescriptor server, Scope node) throws DescriptorException {
    return build(server, serverScope(server, node), Instance.NONE);
  }

  /** Expands a server made from a template. */
  ServerDescriptor instance(ServerInstanceDescriptor instance, Scope node)
      throws DescriptorException {
    ServerDescriptor server = template(instance, node).descriptor();
    Scope scope = serverScope(server, parametersOf(instance, node));
    List<PropertyDescriptor> properties = resolve(instance.propertySet(), scope);
    SortedMap<String, List<PropertyDescriptor>> ofServices = new TreeMap<>(SortedNames.ORDER);
    for (var entry : instance.servicePropertySets().entrySet()) {
      ofServices.put(scope.value("service name", entry.getKey()), resolve(entry.getValue(), scope));
    }
    if (!server.icebox() && !ofServices.isEmpty()) {
      throw scope.error("service property sets are only allowed in IceBox server instances");
    }
    return build(server, scope, new Instance(properties, ofServices));
  }

  /** The id of a server written within a node, and nothing else of it. */
  String id(ServerDescriptor server, Scope node) throws DescriptorException {
    return node.idNotEmpty("server id", server.id());
  }

  /** The id of a server made from a template, and nothing else of it. */
  String id(ServerInstanceDescriptor instance, Scope node) throws DescriptorException {
    ServerDescriptor server = template(instance, node).descriptor();
    return parametersOf(instance, node).idNotEmpty("server id", server.id());
  }

  private TemplateDescriptor<ServerDescriptor> template(
      ServerInstanceDescriptor instance, Scope node) throws DescriptorException {
    if (instance.template().isEmpty()) {
      throw node.error("invalid server instance: template is not defined");
    }
    TemplateDescriptor<ServerDescriptor> template = serverTemplates.get(instance.template());
    if (template == null) {
      throw new DescriptorException("unknown server template `" + instance.template() + "'");
    }
    return template;
  }

  private Scope parametersOf(ServerInstanceDescriptor instance, Scope node)
      throws DescriptorException {
    return node.withParameters(
        parameters(
            template(instance, node), instance.template(), instance.parameterValues(), node));
  }

  /** The values of a template's parameters, resolved outside of it. */
  private static SortedMap<String, String> parameters(
      TemplateDescriptor<?> template, String id, SortedMap<String, String> given, Scope outside)
      throws DescriptorException {
    SortedMap<String, String> values = new TreeMap<>(SortedNames.ORDER);
    TreeSet<String> unknown = new TreeSet<>(SortedNames.ORDER);
    for (var entry : given.entrySet()) {
      String name = entry.getKey();
      values.put(name, outside.value("parameter `" + name + "'", entry.getValue()));
      unknown.add(name);
    }
    template.parameters().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw outside.error(
          "unknown parameters when instantiating `"
              + id
              + "' template: "
              + String.join(" ", unknown));
    }
    List<String> missing = new ArrayList<>();
    for (String name : template.parameters()) {
      String value = template.parameterDefaults().get(name);
      if (values.containsKey(name)) {
        continue;
      }
      if (value == null) {
        missing.add(name);
      } else {
        values.put(name, outside.value("default parameter `" + name + "'", value));
      }
    }
    if (!missing.isEmpty()) {
      throw outside.error(
          "undefined parameters when instantiating `"
              + id
              + "' template: "
              + String.join(" ", missing));
    }
    return values;
  }

  private static Scope serverScope(ServerDescriptor server, Scope outside)
      throws DescriptorException {
    String id = outside.idNotEmpty("server id", server.id());
    FileNames.check(id, "server id", outside);
    Scope scope = outside.server(id);
    // Whether a session is needed has to be known before anything that may name it.
    return scope.value("server activation", server.activation()).equals("session")
            && !scope.isLoading()
        ? scope.withDeferredSession()
        : scope;
  }

  private ServerDescriptor build(ServerDescriptor server, Scope scope, Instance instance)
      throws DescriptorException {
    String iceVersion = scope.value("ice version", server.iceVersion());
    IceVersion version =
        IceVersion.parse(iceVersion)
            .orElseThrow(
                () ->
                    scope.error(
                        "invalid ice version: " + iceVersion + ", expected MAJOR.MINOR[.PATCH]"));
    if (version.number() > VERSION_MAX) {
      scope
          .warnings()
          .add(scope.error("ice version " + iceVersion + " is later than the registry's").reason());
    }
    CommunicatorDescriptor communicator =
        new CommunicatorExpansion(scope, version).expand(server.communicator());
    String activation = scope.value("server activation", server.activation());
    if (!ACTIVATIONS.contains(activation)) {
      throw scope.error(
          "unknown activation `" + activation + "', expected manual, on-demand, always or session");
    }
    var expanded =
        ServerDescriptor.builder(
                scope.idNotEmpty("server id", server.id()),
                scope.notEmpty("executable", server.exe()))
            .communicator(appended(communicator, instance.properties(), scope))
            .iceVersion(iceVersion)
            .pwd(scope.value("working directory path", server.pwd()))
            .options(scope.values("option", server.options()))
            .envs(scope.values("environment variable", server.envs()))
            .activation(activation)
            .activationTimeout(scope.integer("activation timeout", server.activationTimeout()))
            .deactivationTimeout(
                scope.integer("deactivation timeout", server.deactivationTimeout()))
            .applicationDistrib(server.applicationDistrib())
            .distrib(distribution(server.distrib(), scope))
            .allocatable(server.allocatable())
            .user(scope.value("user", server.user()));
    return server.icebox()
        ? expanded.services(services(server, scope, version, instance)).build()
        : expanded.build();
  }

  private List<ServiceInstanceDescriptor> services(
      ServerDescriptor server, Scope scope, IceVersion version, Instance instance)
      throws DescriptorException {
    List<ServiceInstanceDescriptor> services = new ArrayList<>(server.services().size());
    TreeSet<String> names = new TreeSet<>();
    for (ServiceInstanceDescriptor service : server.services()) {
      ServiceDescriptor expanded = service(service, scope, version, instance);
      if (!names.add(expanded.name())) {
        throw scope.error("duplicate service `" + expanded.name() + "'");
      }
      services.add(ServiceInstanceDescriptor.of(expanded));
    }
    for (String name : instance.ofServices().keySet()) {
      if (!names.contains(name)) {
        throw scope.error("invalid service property set: service `" + name + "' doesn't exist");
      }
    }
    return services;
  }

  private ServiceDescriptor service(
      ServiceInstanceDescriptor instance, Scope server, IceVersion version, Instance serverInstance)
      throws DescriptorException {
    ServiceDescriptor service;
    Scope outside = server;
    if (instance.template().isEmpty()) {
      service =
          instance
              .descriptor()
              .orElseThrow(
                  () -> new DescriptorException("invalid service instance: no template defined"));
    } else {
      TemplateDescriptor<ServiceDescriptor> template = serviceTemplates.get(instance.template());
      if (template == null) {
        throw new DescriptorException("unknown service template `" + instance.template() + "'");
      }
      service = template.descriptor();
      outside =
          server.withParameters(
              parameters(template, instance.template(), instance.parameterValues(), server));
    }
    String name = outside.notEmpty("service name", service.name());
    FileNames.check(name, "service name", outside);
    Scope scope = outside.service(name);
    List<PropertyDescriptor> more = new ArrayList<>(resolve(instance.propertySet(), scope));
    more.addAll(serverInstance.ofServices().getOrDefault(name, List.of()));
    CommunicatorDescriptor communicator =
        new CommunicatorExpansion(scope, version).expand(service.communicator());
    return new ServiceDescriptor(
        appended(communicator, more, scope), name, scope.notEmpty("entry", service.entry()));
  }

  private static CommunicatorDescriptor appended(
      CommunicatorDescriptor communicator, List<PropertyDescriptor> more, Scope scope)
      throws DescriptorException {
    if (more.isEmpty()) {
      return communicator;
    }
    List<PropertyDescriptor> all = new ArrayList<>(communicator.propertySet().properties());
    all.addAll(more);
    scope.budget().checkProperties(all.size());
    return communicator.withPropertySet(PropertySetDescriptor.of(all));
  }

  static DistributionDescriptor distribution(DistributionDescriptor distrib, Scope scope)
      throws DescriptorException {
    return new DistributionDescriptor(
        scope.value("IcePatch2 server proxy", distrib.icepatch()),
        scope.values("distribution source directory", distrib.directories()));
  }

  private static List<PropertyDescriptor> resolve(PropertySetDescriptor set, Scope scope)
      throws DescriptorException {
    return CommunicatorExpansion.resolve(set, scope);
  }

  /**
   * What the instance of a template adds to it.
   *
   * @param ofServices by the names of services
   */
  private record Instance(
      List<PropertyDescriptor> properties, SortedMap<String, List<PropertyDescriptor>> ofServices) {
    static final Instance NONE = new Instance(List.of(), new TreeMap<>());
  }

  /** The ids of node's directories and files. */
  private static final class FileNames {
    static void check(String name, String kind, Scope scope) throws DescriptorException {
      Optional<String> problem = problem(name);
      if (problem.isPresent()) {
        throw scope.error(
            "invalid "
                + kind
                + " `"
                + name
                + "': "
                + problem.get()
                + ", as it names files of the node");
      }
    }

    private static Optional<String> problem(String name) {
      if (name.equals(".") || name.equals("..")) {
        return Optional.of("it must not be `.' or `..'");
      }
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (c == '/' || c == '\\' || c < ' ') {
          return Optional.of("it must not contain slashes, backslashes or control characters");
        }
      }
      return Optional.empty();
    }
  }
}
