package dev.firn.systemtests;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Three replicas of one instance. Who is master changes; the fields keep the names of the first
 * start.
 */
record Cluster(RegistryProcess master, RegistryProcess replica1, RegistryProcess replica2) {

  /** Not yet started. */
  static Cluster of(Lab lab, Mix mix) {
    Cluster cluster =
        new Cluster(
            lab.registry(mix.master(), "Master"),
            lab.registry(mix.replica1(), "Replica1"),
            lab.registry(mix.replica2(), "Replica2"));
    for (RegistryProcess registry : cluster.all()) {
      registry.with("Ice.Default.Locator", cluster.locator());
      // Sessions of tests outlive restarts of other replicas, however slow these are.
      registry.with("IceGrid.Registry.SessionTimeout", "3600");
    }
    return cluster;
  }

  Cluster start() {
    master.start();
    replica1.begin();
    replica2.begin();
    replica1.awaitReady();
    replica2.awaitReady();
    return this;
  }

  List<RegistryProcess> all() {
    return List.of(master, replica1, replica2);
  }

  List<RegistryProcess> running() {
    return all().stream().filter(RegistryProcess::isRunning).toList();
  }

  /** The Registry object's names of the slaves that are connected to this master, and its own. */
  static List<String> connected(IceClient client, RegistryProcess master) {
    AdminSession session = client.adminSession(master);
    List<String> names = session.admin().call("getAllRegistryNames").texts();
    session.destroy();
    return names;
  }

  /** Waits until exactly these replicas are connected to the master. */
  static void awaitConnected(IceClient client, RegistryProcess master, String... slaves) {
    Await.until(
        "connected to " + master + ": " + List.of(slaves),
        LONG,
        () -> {
          List<String> names = connected(client, master);
          return names.size() == slaves.length + 1 && names.containsAll(List.of(slaves));
        });
  }

  /** The ports in a proxy's text, in order. */
  static List<Integer> ports(String proxy) {
    return Pattern.compile("-p (\\d+)")
        .matcher(proxy)
        .results()
        .map(m -> Integer.valueOf(m.group(1)))
        .toList();
  }

  /** For what takes a session time-out of 10 seconds, twice, and a retry period. */
  static final Duration LONG = Duration.ofMinutes(2);

  /**
   * The content of a replica's tables with their serials, as it would give them to initialize
   * another one.
   */
  static Content content(IceClient client, RegistryProcess registry) {
    // A slave that synchronises does not know itself for a moment.
    Json found =
        Await.present(
            registry + " publishes itself",
            Await.LIMIT,
            () ->
                Optional.of(
                        client
                            .query(registry)
                            .call(
                                "findObjectById",
                                Json.identityOf("IceGrid/InternalRegistry-" + registry.replica())))
                    .filter(proxy -> !proxy.isNull()));
    Remote internal = client.at("IceGrid.InternalRegistry", found);
    Json objects = internal.call("getObjects");
    Json adapters = internal.call("getAdapters");
    Map<String, String> table = new TreeMap<>();
    for (Json info : objects.item(0).items()) {
      if (!info.get("proxy").identity().startsWith("IceGrid/")) {
        table.put(
            info.get("proxy").identity(),
            info.get("proxy").proxy() + " " + info.get("type").text());
      }
    }
    Map<String, String> adapterTable = new TreeMap<>();
    for (Json info : adapters.item(0).items()) {
      adapterTable.put(
          info.get("id").text(),
          info.get("proxy").proxy() + " " + info.get("replicaGroupId").text());
    }
    return new Content(table, adapterTable, objects.item(1).number(), adapters.item(1).number());
  }

  /** Objects (without the registries' own) and adapters by name, and their serials. */
  record Content(
      Map<String, String> objects,
      Map<String, String> adapters,
      long objectSerial,
      long adapterSerial) {
    boolean isAheadOf(Content other) {
      return objectSerial > other.objectSerial || adapterSerial > other.adapterSerial;
    }
  }

  /** The proxy that clients are configured with: all Client endpoints. */
  String locator() {
    return all().stream()
        .map(RegistryProcess::endpoint)
        .collect(Collectors.joining(":", "IceGrid/Locator:", ""));
  }
}
