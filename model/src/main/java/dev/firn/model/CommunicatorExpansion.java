package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Expands what servers and services have in common. */
final class CommunicatorExpansion {
  private final Scope scope;
  private final IceVersion version;

  CommunicatorExpansion(Scope scope, IceVersion version) {
    this.scope = scope;
    this.version = version;
  }

  CommunicatorDescriptor expand(CommunicatorDescriptor communicator) throws DescriptorException {
    String description = scope.value("description", communicator.description());
    List<PropertyDescriptor> properties = resolve(communicator.propertySet(), scope);
    List<AdapterDescriptor> adapters = new ArrayList<>(communicator.adapters().size());
    TreeSet<String> names = new TreeSet<>();
    for (AdapterDescriptor adapter : communicator.adapters()) {
      AdapterDescriptor expanded = adapter(adapter, properties);
      if (!names.add(expanded.name())) {
        throw scope.error("duplicate adapter name `" + expanded.name() + "'");
      }
      adapters.add(expanded);
    }
    List<DbEnvDescriptor> dbEnvs = new ArrayList<>(communicator.dbEnvs().size());
    for (DbEnvDescriptor dbEnv : communicator.dbEnvs()) {
      dbEnvs.add(dbEnv(dbEnv));
    }
    List<String> logs = new ArrayList<>(communicator.logs().size());
    for (String log : communicator.logs()) {
      logs.add(scope.notEmpty("log path", log));
    }
    return new CommunicatorDescriptor(
        adapters, PropertySetDescriptor.of(properties), dbEnvs, logs, description);
  }

  /** The properties of the sets referred to, then the set's own. */
  static List<PropertyDescriptor> resolve(PropertySetDescriptor set, Scope scope)
      throws DescriptorException {
    List<PropertyDescriptor> resolved;
    try {
      resolved = new ArrayList<>(scope.propertySets().flatten(set.references()));
    } catch (DescriptorException e) {
      throw scope.error(e.reason());
    }
    for (PropertyDescriptor property : set.properties()) {
      resolved.add(property(property, "", scope));
    }
    scope.budget().checkProperties(resolved.size());
    return resolved;
  }

  /** A set with a name, resolved where it stands; its references stay. */
  static PropertySetDescriptor named(String id, PropertySetDescriptor set, Scope scope)
      throws DescriptorException {
    List<PropertyDescriptor> resolved = new ArrayList<>(set.properties().size());
    for (PropertyDescriptor property : set.properties()) {
      resolved.add(property(property, "property set `" + id + "' ", scope));
    }
    return new PropertySetDescriptor(
        scope.values("property set `" + id + "' reference", set.references()), resolved);
  }

  private static PropertyDescriptor property(PropertyDescriptor property, String of, Scope scope)
      throws DescriptorException {
    return new PropertyDescriptor(
        scope.value(of + "property name", property.name()),
        scope.value(of + "property value", property.value()));
  }

  private AdapterDescriptor adapter(AdapterDescriptor adapter, List<PropertyDescriptor> properties)
      throws DescriptorException {
    String name = scope.notEmpty("object adapter name", adapter.name());
    String description = scope.value("object adapter description", adapter.description());
    String id = scope.idNotEmpty("object adapter id", adapter.id());
    String replicaGroup =
        scope.identifier("object adapter replica group id", adapter.replicaGroupId());
    String priority = scope.integer("object adapter priority", adapter.priority());
    String options = defaultOptions(name, properties);
    List<ObjectDescriptor> objects =
        objects("well-known object", adapter.objects(), options, scope);
    List<ObjectDescriptor> allocatables =
        objects("allocatable object", adapter.allocatables(), options, scope);
    if (value(properties, name + ".Endpoints").isEmpty()) {
      throw scope.error("invalid endpoints for adapter `" + name + "': empty string");
    }
    return new AdapterDescriptor(
        name,
        description,
        id,
        replicaGroup,
        priority,
        adapter.registerProcess(),
        adapter.serverLifetime(),
        objects,
        allocatables);
  }

  /** The options of objects that have none of their own. */
  private String defaultOptions(String adapter, List<PropertyDescriptor> properties) {
    String options = value(properties, adapter + ".ProxyOptions");
    if (!options.isEmpty()) {
      return options;
    }
    String encoding = value(properties, "Ice.Default.EncodingVersion");
    if (encoding.isEmpty()) {
      encoding = version.isBefore(3, 5) ? "1.0" : "1.1";
    }
    return "-e " + encoding;
  }

  private static String value(List<PropertyDescriptor> properties, String name) {
    return PropertySetDescriptor.value(properties, name).orElse("");
  }

  /**
   * Expands objects of an adapter or a replica group.
   *
   * @param kind for messages
   */
  static List<ObjectDescriptor> objects(
      String kind, List<ObjectDescriptor> objects, String defaultOptions, Scope scope)
      throws DescriptorException {
    List<ObjectDescriptor> expanded = new ArrayList<>(objects.size());
    for (ObjectDescriptor object : objects) {
      ObjectId id = identity(kind, object.id(), scope);
      String type = scope.value(kind + " type", object.type());
      String options = scope.value(kind + " proxy options", object.proxyOptions()).strip();
      if (options.isEmpty()) {
        options = defaultOptions.strip();
      }
      checkOptions(options, scope);
      expanded.add(new ObjectDescriptor(id, type, options));
    }
    return expanded;
  }

  static void checkOptions(String options, Scope scope) throws DescriptorException {
    try {
      ProxyOptions.check(options);
    } catch (DescriptorException e) {
      throw scope.error(e.reason());
    }
  }

  private static ObjectId identity(String kind, ObjectId id, Scope scope)
      throws DescriptorException {
    String text = IdentityText.format(id);
    if (text.indexOf("${") < 0 && !id.name().isEmpty()) {
      return id;
    }
    String replaced = scope.idNotEmpty(kind + " identity", text);
    Optional<ObjectId> parsed = IdentityText.parse(replaced);
    if (parsed.isEmpty()) {
      throw scope.error(
          "invalid object identity `"
              + text
              + "': `"
              + replaced
              + "' is not NAME or CATEGORY/NAME");
    }
    if (parsed.get().name().isEmpty()) {
      throw scope.error("invalid object identity `" + text + "': name empty");
    }
    return parsed.get();
  }

  private DbEnvDescriptor dbEnv(DbEnvDescriptor dbEnv) throws DescriptorException {
    String name = scope.notEmpty("database environment name", dbEnv.name());
    String home = scope.value("database environment home directory", dbEnv.dbHome());
    if (home.isEmpty() && (name.equals(".") || name.equals("..") || name.contains("/"))) {
      throw scope.error(
          "invalid database environment name `"
              + name
              + "': it names a directory of the node, and must not contain slashes");
    }
    List<PropertyDescriptor> properties = new ArrayList<>(dbEnv.properties().size());
    for (PropertyDescriptor property : dbEnv.properties()) {
      properties.add(property(property, "database environment ", scope));
    }
    return new DbEnvDescriptor(
        name,
        scope.value("database environment description", dbEnv.description()),
        home,
        properties);
  }
}
