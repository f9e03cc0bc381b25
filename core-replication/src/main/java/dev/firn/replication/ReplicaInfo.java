package dev.firn.replication;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * What a slave says of itself when it asks for a session.
 *
 * @param name its replica name
 * @param hostname for display
 * @param proxy its InternalRegistry proxy, stringified; equal strings mean the same place
 * @param bootId differs with each start of a Firn process, empty for a ZeroC registry
 */
public record ReplicaInfo(String name, String hostname, String proxy, Optional<String> bootId) {
  public ReplicaInfo {
    requireNonNull(name, "name");
    requireNonNull(hostname, "hostname");
    requireNonNull(proxy, "proxy");
    requireNonNull(bootId, "bootId");
  }
}
