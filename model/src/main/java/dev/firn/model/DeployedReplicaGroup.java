package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A replica group of a deployed application.
 *
 * @param members of all applications, by the names of the applications and then by the ids of the
 *     servers, so that their order is the same on every replica and after every start
 */
public record DeployedReplicaGroup(
    String application, ReplicaGroupDescriptor descriptor, List<DeployedAdapter> members) {
  public DeployedReplicaGroup {
    requireNonNull(application, "application");
    requireNonNull(descriptor, "descriptor");
    members = List.copyOf(members);
  }

  public String id() {
    return descriptor.id();
  }
}
