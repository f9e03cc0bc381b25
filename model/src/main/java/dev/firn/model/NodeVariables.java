package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What descriptors may say of the node that they are loaded on; what is empty cannot be named.
 *
 * @param dataDir the node's data directory, without a slash at its end
 */
public record NodeVariables(
    String name,
    String os,
    String hostname,
    String release,
    String version,
    String machine,
    String dataDir) {
  public NodeVariables {
    requireNonNull(name, "name");
    requireNonNull(os, "os");
    requireNonNull(hostname, "hostname");
    requireNonNull(release, "release");
    requireNonNull(version, "version");
    requireNonNull(machine, "machine");
    requireNonNull(dataDir, "dataDir");
  }

  SortedMap<String, String> toReserved() {
    SortedMap<String, String> reserved = new TreeMap<>();
    reserved.put("node", name);
    reserved.put("node.os", os);
    reserved.put("node.hostname", hostname);
    reserved.put("node.release", release);
    reserved.put("node.version", version);
    reserved.put("node.machine", machine);
    reserved.put("node.data", dataDir);
    reserved.put("node.datadir", dataDir);
    return reserved;
  }
}
