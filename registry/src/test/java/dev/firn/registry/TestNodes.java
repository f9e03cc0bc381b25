package dev.firn.registry;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** Nodes on which servers are loaded when the test says so; only what allocation needs of them. */
final class TestNodes {
  /** A server that is to be loaded for a session, or for none. */
  record Assignment(String server, String sessionId, CompletableFuture<Void> done) {}

  private final List<Assignment> assignments = new CopyOnWriteArrayList<>();
  private final List<BiConsumer<String, Boolean>> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> disabled = ConcurrentHashMap.newKeySet();

  List<Assignment> assignments() {
    return assignments;
  }

  Assignment awaitAssignment(int number) {
    Eventually.await("assignment " + number, () -> assignments.size() > number);
    return assignments.get(number);
  }

  void enable(String server, boolean enabled) {
    if (enabled) {
      disabled.remove(server);
    } else {
      disabled.add(server);
    }
    listeners.forEach(listener -> listener.accept(server, enabled));
  }

  /** The server is deployed no more: nothing is known of it, and nobody is told. */
  void forget(String server) {
    disabled.remove(server);
  }

  @SuppressWarnings("unchecked") // Of onEnabled's parameter, which is declared so.
  private Object handle(String method, Object[] arguments) {
    switch (method) {
      case "assign" -> {
        CompletableFuture<Void> done = new CompletableFuture<>();
        assignments.add(new Assignment((String) arguments[0], (String) arguments[1], done));
        return done;
      }
      case "serverEnabled" -> {
        return !disabled.contains((String) arguments[0]);
      }
      case "onEnabled" -> {
        listeners.add((BiConsumer<String, Boolean>) arguments[0]);
        return Void.TYPE;
      }
      default -> throw new UnsupportedOperationException(method);
    }
  }

  DeployedServers servers() {
    return proxy(DeployedServers.class);
  }

  NodeViews views() {
    return proxy(NodeViews.class);
  }

  private <T> T proxy(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            TestNodes.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result = handle(method.getName(), arguments);
              return method.getReturnType() == void.class ? null : result;
            }));
  }
}
