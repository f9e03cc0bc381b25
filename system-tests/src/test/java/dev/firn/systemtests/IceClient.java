package dev.firn.systemtests;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One communicator of a Python client, with connections, adapters and servants of its own. */
final class IceClient implements AutoCloseable {
  private final PythonClient python;
  private final String side;

  IceClient(PythonClient python, String side) {
    this.python = python;
    this.side = side;
  }

  Json ask(String what, Map<String, ? extends @Nullable Object> fields) {
    return PythonClient.await(begin(what, fields));
  }

  CompletableFuture<Json> begin(String what, Map<String, ? extends @Nullable Object> fields) {
    Map<String, @Nullable Object> request = new LinkedHashMap<>(fields);
    request.put("do", what);
    request.put("side", side);
    return python.ask(request);
  }

  /** Has the client read a file of src/test/slice. */
  IceClient with(String slice) {
    ask(
        "slice",
        Map.of(
            "file",
            Implementation.HOME.resolve("system-tests/src/test/slice").resolve(slice).toString()));
    return this;
  }

  /** A proxy used unchecked; type like {@code IceGrid.Query}. */
  Remote at(String type, String proxy) {
    return new Remote(this, type, proxy);
  }

  Remote at(String type, Json proxy) {
    return at(type, proxy.proxy());
  }

  Remote object(String proxy) {
    return at("Ice.Object", proxy);
  }

  Remote locator(RegistryProcess registry) {
    return at("IceGrid.Locator", registry.locatorProxy());
  }

  Remote query(RegistryProcess registry) {
    return at("IceGrid.Query", registry.proxy("Query"));
  }

  Remote registry(RegistryProcess registry) {
    return at("IceGrid.Registry", registry.proxy(registry.registryName()));
  }

  /** The LocatorRegistry of exactly this replica. */
  Remote locatorRegistry(RegistryProcess registry) {
    return at(
        "Ice.LocatorRegistry",
        "IceGrid/LocatorRegistry:tcp -h 127.0.0.1 -p " + registry.serverPort());
  }

  AdminSession adminSession(RegistryProcess registry) {
    return adminSession(registry, "tester");
  }

  AdminSession adminSession(RegistryProcess registry, String user) {
    return AdminSession.of(this, registry(registry).call("createAdminSession", user, "secret"));
  }

  /** Creates an object adapter; properties as NAME=VALUE without the adapter's name. */
  void adapter(String name, String... properties) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String property : properties) {
      int equals = property.indexOf('=');
      settings.put(property.substring(0, equals), property.substring(equals + 1));
    }
    ask("adapter", Map.of("adapter", name, "properties", settings));
  }

  void activate(String adapter) {
    ask("activate", Map.of("adapter", adapter));
  }

  void deactivate(String adapter) {
    ask("deactivate", Map.of("adapter", adapter));
  }

  /** An adapter whose servants are called back over the connection of the proxy. */
  void callbackAdapter(String name, Remote over) {
    ask("adapter", Map.of("adapter", name, "bidirectional", true));
    activate(name);
    ask("bind", Map.of("adapter", name, "target", over.target()));
  }

  /** Adds a servant of servants.py; the result is its proxy. */
  Json servant(String adapter, String identity, String kind, Map<String, Object> options) {
    return ask(
        "servant",
        Map.of("adapter", adapter, "identity", identity, "kind", kind, "options", options));
  }

  /** What the servant of this identity was asked. */
  List<Json> events(String identity) {
    return ask("events", Map.of("identity", identity)).items();
  }

  Json awaitEvent(String identity, String operation) {
    return Await.present(
        operation + " at " + identity,
        () ->
            events(identity).stream()
                .filter(event -> event.get("op").text().equals(operation))
                .findFirst());
  }

  /** Adds a subscriber of storms.py to an adapter; options as there. */
  EventSubscriber subscriber(String adapter, String identity, Map<String, ?> options) {
    Json proxy =
        ask("subscriber", Map.of("adapter", adapter, "identity", identity, "options", options));
    return new EventSubscriber(this, identity, proxy.proxy());
  }

  /** An active adapter on a port of its own with one subscriber. */
  EventSubscriber subscriber(String identity) {
    adapter(identity, "Endpoints=tcp -h 127.0.0.1:udp -h 127.0.0.1");
    activate(identity);
    return subscriber(identity, identity, Map.of());
  }

  /** Publishes events with ascending numbers, each {@code op}, in the mode of the proxy. */
  void publish(Remote publisher, String op, int first, int count) {
    publish(publisher, op, first, count, Map.of());
  }

  /** With options of storms.py: mode, context, padding, encoding, everyMillis. */
  void publish(Remote publisher, String op, int first, int count, Map<String, ?> options) {
    PythonClient.await(beginPublish(publisher, op, first, count, options));
  }

  CompletableFuture<Json> beginPublish(
      Remote publisher, String op, int first, int count, Map<String, ?> options) {
    Map<String, @Nullable Object> request = new LinkedHashMap<>(options);
    request.put("target", publisher.target());
    request.put("op", op);
    request.put("first", first);
    request.put("count", count);
    return begin("publish", request);
  }

  void startLoop(String name, Remote target, String operation, @Nullable Object... args) {
    startLoop(name, target, operation, false, args);
  }

  /** A loop that also keeps the answers, in order. */
  void startKeepingLoop(String name, Remote target, String operation, @Nullable Object... args) {
    startLoop(name, target, operation, true, args);
  }

  private void startLoop(
      String name, Remote target, String operation, boolean keeps, @Nullable Object... args) {
    ask(
        "loop",
        Map.of(
            "loop",
            name,
            "target",
            target.target(),
            "op",
            operation,
            "args",
            Arrays.asList(args),
            "keeps",
            keeps));
  }

  Json loopState(String name) {
    return ask("loop_state", Map.of("loop", name));
  }

  Json stopLoop(String name) {
    return ask("loop_stop", Map.of("loop", name));
  }

  @Override
  public void close() {
    ask("close", Map.of());
  }
}
