package dev.firn.systemtests;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a client. Arguments: strings, numbers, booleans, null, lists, and the tagged values of
 * {@link Json}.
 */
record Remote(IceClient client, String type, String proxy) {

  Json call(String operation, @Nullable Object... args) {
    return PythonClient.await(begin(operation, args));
  }

  CompletableFuture<Json> begin(String operation, @Nullable Object... args) {
    return client.begin("call", request(operation, args));
  }

  Json callWithContext(Map<String, String> context, String operation, @Nullable Object... args) {
    Map<String, @Nullable Object> request = request(operation, args);
    request.put("context", context);
    return client.ask("call", request);
  }

  /** Makes a call that must fail. */
  IceFailure failure(String operation, @Nullable Object... args) {
    Json result;
    try {
      result = call(operation, args);
    } catch (IceFailure failure) {
      return failure;
    }
    throw new AssertionError(
        operation + Arrays.toString(args) + " at " + proxy + " did not fail but gave " + result);
  }

  /** A changed proxy, for example {@code changed("ice_encodingVersion", ...)}. */
  Remote changed(String method, @Nullable Object... args) {
    Map<String, @Nullable Object> request = new LinkedHashMap<>();
    request.put("target", target());
    List<@Nullable Object> link = new java.util.ArrayList<>(List.of(method));
    link.addAll(Arrays.asList(args));
    request.put("chain", List.of(link));
    return new Remote(client, type, client.ask("proxy", request).proxy());
  }

  /** Does something to the connection that this proxy uses: close, abort, info. */
  Json connection(String what) {
    return client.ask("connection", Map.of("target", target(), "what", what));
  }

  /** Heartbeats on this proxy's connection, twice in each time-out. */
  void heartbeat(int timeoutSeconds) {
    client.ask(
        "connection", Map.of("target", target(), "what", "heartbeat", "timeout", timeoutSeconds));
  }

  Map<String, Object> target() {
    return Map.of("$proxy", proxy, "$type", type);
  }

  private Map<String, @Nullable Object> request(String operation, @Nullable Object... args) {
    Map<String, @Nullable Object> request = new LinkedHashMap<>();
    request.put("target", target());
    request.put("op", operation);
    request.put("args", Arrays.asList(args));
    return request;
  }
}
