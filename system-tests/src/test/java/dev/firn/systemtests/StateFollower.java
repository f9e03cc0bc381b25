package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A listener of a stream that a Python client hosts: it keeps the state that it was sent. */
record StateFollower(
    IceClient client, Remote stream, String instance, Map<String, Object> options) {

  /** Hosts a listener, on a communicator of its own; options of listeners.py. */
  static StateFollower of(Lab lab, Remote stream, String instance, Map<String, Object> options) {
    IceClient client = lab.client().with("Streams.ice");
    client.adapter(instance, "Endpoints=tcp -h 127.0.0.1");
    client.activate(instance);
    Map<String, Object> all = new LinkedHashMap<>(options);
    all.put("instance", instance);
    return new StateFollower(client, stream, instance, all);
  }

  /** Adds it to the stream, also again. */
  StateFollower listen() {
    client.ask(
        "follow", Map.of("target", stream.target(), "adapter", instance, "options", options));
    return this;
  }

  Json followed() {
    return client.ask("followed", Map.of("instance", instance));
  }

  long seq() {
    return followed().get("seq").number();
  }

  /** Keys and values, as hexadecimal digits. */
  Map<String, String> items() {
    Map<String, String> items = new TreeMap<>();
    followed().get("items").fields().forEach((key, value) -> items.put(key, value.text()));
    return items;
  }

  void awaitSeq(long seq) {
    Await.until(
        () -> instance + " has not seen " + seq + ": " + seq(), Await.LIMIT, () -> seq() >= seq);
    assertThat(followed().get("faults").items()).isEmpty();
  }

  /** It answers what it was asked while it held its tongue, and goes on. */
  void release() {
    client.ask("release", Map.of());
  }
}
