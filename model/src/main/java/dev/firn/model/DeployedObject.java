package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A well-known or allocatable object of a deployed application.
 *
 * @param proxyOptions its own, or those of its adapter or replica group
 * @param server that has it; none if it is one of a replica group
 */
public record DeployedObject(
    ObjectId id,
    String type,
    String proxyOptions,
    String adapterOrGroupId,
    Optional<String> server) {
  public DeployedObject {
    requireNonNull(id, "id");
    requireNonNull(type, "type");
    requireNonNull(proxyOptions, "proxyOptions");
    requireNonNull(adapterOrGroupId, "adapterOrGroupId");
    requireNonNull(server, "server");
  }
}
