package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server's descriptor in the making; as argument of calls it is a tagged value, see values.py.
 * Runs under the account of the tests, also where that is root's.
 */
final class GridServer {
  private final String id;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<Object> adapters = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<String> environment = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final List<Object> services = new ArrayList<>();

  private GridServer(String id, String exe) {
    this.id = id;
    set("id", id);
    set("exe", exe);
    set("user", System.getProperty("user.name"));
  }

  static GridServer exe(String id, String exe) {
    return new GridServer(id, exe);
  }

  /** deployed.py without adapters. */
  static GridServer pythonWithoutAdapters(String id) {
    String script =
        Implementation.HOME.resolve("system-tests/src/test/python/deployed.py").toString();
    return exe(id, Peers.PYTHON.toString()).option("-s").option("-B").option(script);
  }

  /**
   * deployed.py, on demand: with adapter Server, id ID.Server, and in it the well-known object ID.
   */
  static GridServer python(String id) {
    return pythonWithoutAdapters(id).activation("on-demand").adapter("Server", id);
  }

  /** DeployedJavaServer, otherwise like {@link #python}. */
  static GridServer java(String id) {
    GridServer server =
        exe(id, ProcessHandle.current().info().command().orElseThrow()).activation("on-demand");
    DeployedJavaServer.arguments().forEach(server::option);
    return server.adapter("Server", id);
  }

  /** A process that knows nothing of Ice. */
  static GridServer shell(String id, String script) {
    return exe(id, "/bin/sh").option("-c").option(script).with("Ice.Admin.Enabled", "0");
  }

  /** An IceBox for services in C++, which is ZeroC's. */
  static GridServer iceBox(String id) {
    return exe(id, Implementation.ZEROC.iceBox());
  }

  String id() {
    return id;
  }

  /** A storm as a service with properties of its own, given without the service's name. */
  GridServer storm(String service, Map<String, String> own) {
    Map<String, String> given = new LinkedHashMap<>();
    given.put(service + ".TopicManager.Endpoints", "tcp -h 127.0.0.1");
    given.put(service + ".Publish.Endpoints", "tcp -h 127.0.0.1");
    given.put(service + ".Transient", "1");
    own.forEach((name, value) -> given.put(service + "." + name, value));
    services.add(
        Map.of(
            "$struct",
            "IceGrid.ServiceInstanceDescriptor",
            "descriptor",
            Map.of(
                "$struct",
                "IceGrid.ServiceDescriptor",
                "name",
                service,
                "entry",
                "IceStormService,37:createIceStorm",
                "propertySet",
                propertySet(given))));
    return this;
  }

  GridServer set(String field, Object value) {
    fields.put(field, value);
    return this;
  }

  GridServer activation(String mode) {
    return set("activation", mode);
  }

  /** In seconds. */
  GridServer timeouts(int activation, int deactivation) {
    return set("activationTimeout", Integer.toString(activation))
        .set("deactivationTimeout", Integer.toString(deactivation));
  }

  GridServer option(String option) {
    options.add(option);
    return this;
  }

  GridServer env(String entry) {
    environment.add(entry);
    return this;
  }

  GridServer log(String path) {
    logs.add(path);
    return this;
  }

  GridServer with(String property, String value) {
    properties.put(property, value);
    return this;
  }

  GridServer adapter(String name, String... objects) {
    return member(name, "", "", objects);
  }

  /** An adapter ID.NAME in a replica group; objects are identities of type ::Deployed::Server. */
  GridServer member(String name, String group, String priority, String... objects) {
    properties.put(name + ".Endpoints", "tcp -h 127.0.0.1");
    adapters.add(
        Map.of(
            "$struct",
            "IceGrid.AdapterDescriptor",
            "name",
            name,
            "id",
            id + "." + name,
            "replicaGroupId",
            group,
            "priority",
            priority,
            "serverLifetime",
            true,
            "objects",
            objects(objects)));
    return this;
  }

  /** An adapter ID.NAME with allocatable objects of type ::Deployed::Server. */
  GridServer allocatable(String name, String... identities) {
    return allocatables(name, "::Deployed::Server", identities);
  }

  /** An adapter ID.NAME with allocatable objects of a type. */
  GridServer allocatables(String name, String type, String... identities) {
    properties.put(name + ".Endpoints", "tcp -h 127.0.0.1");
    List<Object> descriptors = new ArrayList<>();
    for (String identity : identities) {
      descriptors.add(
          Map.of("$struct", "IceGrid.ObjectDescriptor", "id", identityOf(identity), "type", type));
    }
    adapters.add(
        Map.of(
            "$struct",
            "IceGrid.AdapterDescriptor",
            "name",
            name,
            "id",
            id + "." + name,
            "serverLifetime",
            true,
            "allocatables",
            descriptors));
    return this;
  }

  static List<Object> objects(String... identities) {
    List<Object> descriptors = new ArrayList<>();
    for (String identity : identities) {
      descriptors.add(
          Map.of(
              "$struct",
              "IceGrid.ObjectDescriptor",
              "id",
              identityOf(identity),
              "type",
              "::Deployed::Server"));
    }
    return descriptors;
  }

  static Object distribution(String fileServer, String... directories) {
    return Map.of(
        "$struct",
        "IceGrid.DistributionDescriptor",
        "icepatch",
        fileServer,
        "directories",
        List.of(directories));
  }

  Map<String, Object> value() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put(
        "$struct", services.isEmpty() ? "IceGrid.ServerDescriptor" : "IceGrid.IceBoxDescriptor");
    if (!services.isEmpty()) {
      value.put("services", List.copyOf(services));
    }
    value.putAll(fields);
    value.put("adapters", List.copyOf(adapters));
    value.put("options", List.copyOf(options));
    value.put("envs", List.copyOf(environment));
    value.put("logs", List.copyOf(logs));
    value.put("propertySet", propertySet(properties));
    return value;
  }

  private static Map<String, Object> propertySet(Map<String, String> properties) {
    List<Object> list = new ArrayList<>();
    properties.forEach(
        (name, text) ->
            list.add(Map.of("$struct", "IceGrid.PropertyDescriptor", "name", name, "value", text)));
    return Map.of("$struct", "IceGrid.PropertySetDescriptor", "properties", list);
  }
}
