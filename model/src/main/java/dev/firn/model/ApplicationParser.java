package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the one application of a descriptor: templates, nodes, groups, variables. */
final class ApplicationParser {
  private final ElementWalk walk;
  private final DefaultTemplates defaults;
  private final SortedMap<String, String> overrides;
  private final CommunicatorParser communicators;

  private final SortedMap<String, String> variables = new TreeMap<>(SortedNames.ORDER);
  private final List<ReplicaGroupDescriptor> replicaGroups = new ArrayList<>();
  private final SortedMap<String, TemplateDescriptor<ServerDescriptor>> serverTemplates =
      new TreeMap<>(SortedNames.ORDER);
  private final SortedMap<String, TemplateDescriptor<ServiceDescriptor>> serviceTemplates =
      new TreeMap<>(SortedNames.ORDER);
  private final SortedMap<String, NodeParts> nodes = new TreeMap<>(SortedNames.ORDER);
  private final SortedMap<String, PropertySetDescriptor> propertySets =
      new TreeMap<>(SortedNames.ORDER);
  private DistributionDescriptor distrib = DistributionDescriptor.NONE;
  private String description = "";
  private Optional<String> name = Optional.empty();

  ApplicationParser(
      ElementWalk walk, DefaultTemplates defaults, SortedMap<String, String> overrides) {
    this.walk = walk;
    this.defaults = defaults;
    this.overrides = overrides;
    this.communicators = new CommunicatorParser(walk);
  }

  /** Empty if no application was read. */
  Optional<ApplicationDescriptor> result() {
    return name.map(
        application -> {
          SortedMap<String, NodeDescriptor> read = new TreeMap<>(SortedNames.ORDER);
          nodes.forEach((node, parts) -> read.put(node, parts.toDescriptor()));
          return new ApplicationDescriptor(
              application,
              variables,
              replicaGroups,
              serverTemplates,
              serviceTemplates,
              read,
              distrib,
              description,
              propertySets);
        });
  }

  void application(XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.APPLICATION.read(element);
    if (name.isPresent()) {
      throw element.error(
          "only one <application> element is allowed, and `" + name.get() + "' is there already");
    }
    if (attributes.flag("import-default-templates", false)) {
      importDefaults(element);
    }
    name = Optional.of(attributes.text("name"));
    variables.putAll(overrides);
    walk.within(attributes.text("name"), element, here -> walk.children(here, this::inApplication));
  }

  private void importDefaults(XmlElement element) throws DescriptorFileException {
    Optional<ApplicationDescriptor> imported;
    try {
      imported = defaults.get();
    } catch (DescriptorException e) {
      throw element.error("cannot import default templates:\n" + e.reason());
    }
    if (imported.isPresent()) {
      serverTemplates.putAll(imported.get().serverTemplates());
      serviceTemplates.putAll(imported.get().serviceTemplates());
      propertySets.putAll(imported.get().propertySets());
    }
  }

  private void inApplication(XmlElement element) throws DescriptorFileException {
    switch (element.name()) {
      case "description" -> description = walk.text(element);
      case "distrib" -> distrib = communicators.distribution(element);
      case "node" -> node(element);
      case "properties" -> named(propertySets, element);
      case "replica-group" -> replicaGroups.add(ReplicaGroupParser.read(walk, element));
      case "server-template" -> serverTemplate(element);
      case "service-template" -> serviceTemplate(element);
      case "variable" -> variable(variables, element);
      default -> throw new IllegalStateException("no rule for " + element.name());
    }
  }

  private void variable(SortedMap<String, String> scope, XmlElement element)
      throws DescriptorFileException {
    var attributes = ElementForm.VARIABLE.read(element);
    walk.nothingIn(element);
    if (!overrides.containsKey(attributes.text("name"))) {
      scope.put(attributes.text("name"), attributes.text("value", ""));
    }
  }

  private void named(SortedMap<String, PropertySetDescriptor> sets, XmlElement element)
      throws DescriptorFileException {
    var attributes = ElementForm.PROPERTIES_NAMED.read(element);
    PropertySetParts parts = new PropertySetParts();
    parts.read(walk, element);
    if (sets.putIfAbsent(attributes.text("id"), parts.toDescriptor()) != null) {
      throw element.error("duplicate property set `" + attributes.text("id") + "'");
    }
  }

  private void node(XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.NODE.read(element);
    NodeParts node = nodes.computeIfAbsent(attributes.text("name"), any -> new NodeParts());
    node.loadFactor = attributes.text("load-factor", "");
    walk.within(
        attributes.text("name"),
        element,
        here -> walk.children(here, child -> inNode(node, child)));
  }

  private void inNode(NodeParts node, XmlElement element) throws DescriptorFileException {
    switch (element.name()) {
      case "description" -> node.description = walk.text(element);
      case "properties" -> named(node.propertySets, element);
      case "server", "icebox" -> node.servers.add(communicators.server(element));
      case "server-instance" -> node.serverInstances.add(serverInstance(element));
      case "variable" -> variable(node.variables, element);
      default -> throw new IllegalStateException("no rule for " + element.name());
    }
  }

  private ServerInstanceDescriptor serverInstance(XmlElement element)
      throws DescriptorFileException {
    SortedMap<String, String> parameters = CommunicatorParser.parameterValues(element);
    PropertySetParts own = new PropertySetParts();
    SortedMap<String, PropertySetParts> ofServices = new TreeMap<>(SortedNames.ORDER);
    walk.children(
        element,
        child -> {
          Optional<String> service =
              ElementForm.PROPERTIES_OF_INSTANCE.read(child).givenNotEmpty("service");
          PropertySetParts parts = own;
          if (service.isPresent()) {
            parts = ofServices.computeIfAbsent(service.get(), any -> new PropertySetParts());
          }
          parts.read(walk, child);
        });
    SortedMap<String, PropertySetDescriptor> sets = new TreeMap<>(SortedNames.ORDER);
    ofServices.forEach((service, parts) -> sets.put(service, parts.toDescriptor()));
    return new ServerInstanceDescriptor(
        element.attributes().getOrDefault("template", ""), parameters, own.toDescriptor(), sets);
  }

  private void serverTemplate(XmlElement element) throws DescriptorFileException {
    String id = ElementForm.SERVER_TEMPLATE.read(element).text("id");
    TemplateParts<ServerDescriptor> parts = new TemplateParts<>();
    walk.children(
        element,
        child -> {
          if (child.name().equals("parameter")) {
            parts.parameter(walk, child);
          } else {
            parts.define(child, communicators.server(child));
          }
        });
    parts.addTo(serverTemplates, "server", id, element);
  }

  private void serviceTemplate(XmlElement element) throws DescriptorFileException {
    String id = ElementForm.SERVICE_TEMPLATE.read(element).text("id");
    TemplateParts<ServiceDescriptor> parts = new TemplateParts<>();
    walk.children(
        element,
        child -> {
          if (child.name().equals("parameter")) {
            parts.parameter(walk, child);
          } else {
            parts.define(child, communicators.service(child));
          }
        });
    parts.addTo(serviceTemplates, "service", id, element);
  }

  /** A node, which may be opened several times. */
  private static final class NodeParts {
    private final SortedMap<String, String> variables = new TreeMap<>(SortedNames.ORDER);
    private final List<ServerInstanceDescriptor> serverInstances = new ArrayList<>();
    private final List<ServerDescriptor> servers = new ArrayList<>();
    private final SortedMap<String, PropertySetDescriptor> propertySets =
        new TreeMap<>(SortedNames.ORDER);
    private String loadFactor = "";
    private String description = "";

    NodeDescriptor toDescriptor() {
      return new NodeDescriptor(
          variables, serverInstances, servers, loadFactor, description, propertySets);
    }
  }

  /** A template being read. */
  private static final class TemplateParts<D> {
    private final List<String> parameters = new ArrayList<>();
    private final SortedMap<String, String> parameterDefaults = new TreeMap<>(SortedNames.ORDER);
    private Optional<D> definition = Optional.empty();

    void parameter(ElementWalk walk, XmlElement element) throws DescriptorFileException {
      var attributes = ElementForm.PARAMETER.read(element);
      walk.nothingIn(element);
      String name = attributes.text("name");
      if (parameters.contains(name)) {
        throw element.error("duplicate parameter `" + name + "'");
      }
      parameters.add(name);
      attributes.given("default").ifPresent(value -> parameterDefaults.put(name, value));
    }

    void define(XmlElement element, D descriptor) throws DescriptorFileException {
      if (definition.isPresent()) {
        throw element.error(
            "a second <" + element.name() + "> in one template; a template defines exactly one");
      }
      definition = Optional.of(descriptor);
    }

    void addTo(
        SortedMap<String, TemplateDescriptor<D>> templates,
        String kind,
        String id,
        XmlElement element)
        throws DescriptorFileException {
      if (templates.containsKey(id)) {
        throw element.error("duplicate " + kind + " template `" + id + "'");
      }
      if (definition.isEmpty()) {
        throw element.error(
            "invalid " + kind + " template `" + id + "': " + kind + " definition is missing");
      }
      templates.put(id, new TemplateDescriptor<>(definition.get(), parameters, parameterDefaults));
    }
  }
}
