package dev.firn.systemtests;

import java.util.List;
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
    cluster.all().forEach(registry -> registry.with("Ice.Default.Locator", cluster.locator()));
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

  /** The proxy that clients are configured with: all Client endpoints. */
  String locator() {
    return all().stream()
        .map(RegistryProcess::endpoint)
        .collect(Collectors.joining(":", "IceGrid/Locator:", ""));
  }
}
