package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads servers, IceBoxes and services. */
final class CommunicatorParser {
  private final ElementWalk walk;

  CommunicatorParser(ElementWalk walk) {
    this.walk = walk;
  }

  /** Reads {@code server} or {@code icebox}. */
  ServerDescriptor server(XmlElement element) throws DescriptorFileException {
    boolean icebox = element.name().equals("icebox");
    var attributes = (icebox ? ElementForm.ICEBOX : ElementForm.SERVER).read(element);
    String id = attributes.text("id");
    var parts = new ServerParts();
    walk.within(id, element, here -> walk.children(here, child -> inServer(parts, child)));
    var server =
        ServerDescriptor.builder(id, attributes.text("exe"))
            .communicator(parts.communicator.toDescriptor())
            .iceVersion(attributes.text("ice-version", ""))
            .pwd(attributes.text("pwd", ""))
            .options(parts.options)
            .envs(parts.envs)
            .activation(attributes.text("activation", "manual"))
            .activationTimeout(attributes.text("activation-timeout", ""))
            .deactivationTimeout(attributes.text("deactivation-timeout", ""))
            .applicationDistrib(attributes.flag("application-distrib", true))
            .distrib(parts.distrib)
            .allocatable(attributes.flag("allocatable", false))
            .user(attributes.text("user", ""));
    return icebox ? server.services(parts.services).build() : server.build();
  }

  /** Reads {@code service}. */
  ServiceDescriptor service(XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.SERVICE.read(element);
    String name = attributes.text("name");
    var parts = new CommunicatorParts("${server}.${service}.");
    walk.within(name, element, here -> walk.children(here, child -> inCommunicator(parts, child)));
    return new ServiceDescriptor(parts.toDescriptor(), name, attributes.text("entry"));
  }

  DistributionDescriptor distribution(XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.DISTRIB.read(element);
    List<String> directories = new ArrayList<>();
    walk.children(element, child -> directories.add(walk.text(child)));
    return new DistributionDescriptor(
        attributes.text("icepatch", "${application}.IcePatch2/server"), directories);
  }

  /** The attributes of a template's instance but {@code template}, which has to be there. */
  static SortedMap<String, String> parameterValues(XmlElement element)
      throws DescriptorFileException {
    SortedMap<String, String> values = new TreeMap<>(SortedNames.ORDER);
    values.putAll(element.attributes());
    String template = values.remove("template");
    if (template == null || template.isEmpty()) {
      throw element.error(
          (template == null ? "missing attribute 'template'" : "attribute 'template' is empty")
              + " in <"
              + element.name()
              + ">; expected <"
              + element.name()
              + " template=\"...\" PARAMETER=\"...\" ...>");
    }
    return values;
  }

  private void inServer(ServerParts parts, XmlElement element) throws DescriptorFileException {
    switch (element.name()) {
      case "option" -> parts.options.add(walk.text(element));
      case "env" -> parts.envs.add(walk.text(element));
      case "distrib" -> parts.distrib = distribution(element);
      case "service" -> parts.services.add(ServiceInstanceDescriptor.of(service(element)));
      case "service-instance" -> parts.services.add(serviceInstance(element));
      default -> inCommunicator(parts.communicator, element);
    }
  }

  private ServiceInstanceDescriptor serviceInstance(XmlElement element)
      throws DescriptorFileException {
    SortedMap<String, String> parameters = parameterValues(element);
    PropertySetParts parts = new PropertySetParts();
    walk.children(
        element,
        child -> {
          ElementForm.PROPERTIES_UNNAMED.read(child);
          parts.read(walk, child);
        });
    return ServiceInstanceDescriptor.ofTemplate(
        element.attributes().getOrDefault("template", ""), parameters, parts.toDescriptor());
  }

  private void inCommunicator(CommunicatorParts parts, XmlElement element)
      throws DescriptorFileException {
    switch (element.name()) {
      case "description" -> parts.description = walk.text(element);
      case "property" -> parts.properties.property(walk, element);
      case "properties" -> {
        ElementForm.PROPERTIES_UNNAMED.read(element);
        parts.properties.read(walk, element);
      }
      case "log" -> log(parts, element);
      case "dbenv" -> dbEnv(parts, element);
      case "adapter" -> adapter(parts, element);
      default -> throw new IllegalStateException("no rule for " + element.name());
    }
  }

  private void log(CommunicatorParts parts, XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.LOG.read(element);
    walk.nothingIn(element);
    String path = attributes.text("path");
    parts.logs.add(path);
    attributes.givenNotEmpty("property").ifPresent(property -> parts.hide(property, path));
  }

  private void adapter(CommunicatorParts parts, XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.ADAPTER.read(element);
    String name = attributes.text("name");
    Optional<String> id = attributes.givenNotEmpty("id");
    parts.hide(name + ".Endpoints", attributes.text("endpoints", "default"));
    attributes
        .given("proxy-options")
        .ifPresent(options -> parts.hide(name + ".ProxyOptions", options));
    var adapter = new AdapterParts();
    walk.children(element, child -> inAdapter(parts, adapter, child));
    parts.adapters.add(
        new AdapterDescriptor(
            name,
            adapter.description,
            id.orElse(parts.adapterIdPrefix + name),
            attributes.text("replica-group", ""),
            attributes.text("priority", ""),
            attributes.flag("register-process", false),
            attributes.flag("server-lifetime", true),
            adapter.objects,
            adapter.allocatables));
  }

  private void inAdapter(CommunicatorParts parts, AdapterParts adapter, XmlElement element)
      throws DescriptorFileException {
    if (element.name().equals("description")) {
      adapter.description = walk.text(element);
      return;
    }
    boolean allocatable = element.name().equals("allocatable");
    var attributes = (allocatable ? ElementForm.ALLOCATABLE : ElementForm.OBJECT).read(element);
    walk.nothingIn(element);
    (allocatable ? adapter.allocatables : adapter.objects).add(ReplicaGroupParser.object(element));
    attributes
        .givenNotEmpty("property")
        .ifPresent(property -> parts.hide(property, attributes.text("identity")));
  }

  private void dbEnv(CommunicatorParts parts, XmlElement element) throws DescriptorFileException {
    var attributes = ElementForm.DBENV.read(element);
    String name = attributes.text("name");
    var dbEnv = new DbEnvParts(parts.takeDbEnv(name), attributes.text("home", ""), element);
    walk.children(
        element,
        child -> {
          if (child.name().equals("description")) {
            dbEnv.description = walk.text(child);
          } else {
            dbEnv.property(walk, child);
          }
        });
    parts.dbEnvs.add(dbEnv.toDescriptor(name));
  }

  /** What only servers have. */
  private static final class ServerParts {
    private final CommunicatorParts communicator = new CommunicatorParts("${server}.");
    private final List<String> options = new ArrayList<>();
    private final List<String> envs = new ArrayList<>();
    private final List<ServiceInstanceDescriptor> services = new ArrayList<>();
    private DistributionDescriptor distrib = DistributionDescriptor.NONE;
  }

  /** What servers and services have. */
  private static final class CommunicatorParts {
    private final String adapterIdPrefix;
    private final List<AdapterDescriptor> adapters = new ArrayList<>();
    private final List<PropertyDescriptor> hidden = new ArrayList<>();
    private final PropertySetParts properties = new PropertySetParts();
    private final List<DbEnvDescriptor> dbEnvs = new ArrayList<>();
    private final List<String> logs = new ArrayList<>();
    private String description = "";

    CommunicatorParts(String adapterIdPrefix) {
      this.adapterIdPrefix = adapterIdPrefix;
    }

    /** Adds a property that an attribute means; explicit ones come after and override it. */
    void hide(String name, String value) {
      hidden.add(new PropertyDescriptor(name, value));
    }

    /** What was said of the environment so far. */
    Optional<DbEnvDescriptor> takeDbEnv(String name) {
      for (DbEnvDescriptor dbEnv : dbEnvs) {
        if (dbEnv.name().equals(name)) {
          dbEnvs.remove(dbEnv);
          return Optional.of(dbEnv);
        }
      }
      return Optional.empty();
    }

    CommunicatorDescriptor toDescriptor() {
      return new CommunicatorDescriptor(
          adapters, properties.toDescriptor(hidden), dbEnvs, logs, description);
    }
  }

  /** An adapter being read. */
  private static final class AdapterParts {
    private final List<ObjectDescriptor> objects = new ArrayList<>();
    private final List<ObjectDescriptor> allocatables = new ArrayList<>();
    private String description = "";
  }

  /** A database environment being read, perhaps not for the first time. */
  private static final class DbEnvParts {
    private final String home;
    private final List<PropertyDescriptor> properties = new ArrayList<>();
    private String description = "";

    DbEnvParts(Optional<DbEnvDescriptor> before, String home, XmlElement element)
        throws DescriptorFileException {
      String homeBefore = before.map(DbEnvDescriptor::dbHome).orElse("");
      if (!homeBefore.isEmpty() && !home.isEmpty()) {
        throw element.error(
            "the home directory of the database environment is given already: `"
                + homeBefore
                + "'");
      }
      this.home = home.isEmpty() ? homeBefore : home;
      before.ifPresent(
          dbEnv -> {
            properties.addAll(dbEnv.properties());
            description = dbEnv.description();
          });
    }

    void property(ElementWalk walk, XmlElement element) throws DescriptorFileException {
      var attributes = ElementForm.DBPROPERTY.read(element);
      walk.nothingIn(element);
      if (!home.isEmpty()) {
        throw element.error(
            "can't add property to the database environment: properties are only allowed if the"
                + " database environment home directory is managed by the node");
      }
      properties.add(new PropertyDescriptor(attributes.text("name"), attributes.text("value", "")));
    }

    DbEnvDescriptor toDescriptor(String name) {
      return new DbEnvDescriptor(name, description, home, properties);
    }
  }
}
