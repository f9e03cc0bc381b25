package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * An adapter of a deployed server.
 *
 * @param service of the server that has it, if one does
 */
public record DeployedAdapter(
    DeployedServer server, AdapterDescriptor descriptor, Optional<String> service) {
  public DeployedAdapter {
    requireNonNull(server, "server");
    requireNonNull(descriptor, "descriptor");
    requireNonNull(service, "service");
  }

  public String id() {
    return descriptor.id();
  }

  /** Empty if it is in none. */
  public String replicaGroupId() {
    return descriptor.replicaGroupId();
  }
}
