package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** An object adapter; its endpoints are the property {@code NAME.Endpoints} of its communicator. */
public record AdapterDescriptor(
    String name,
    String description,
    String id,
    String replicaGroupId,
    String priority,
    boolean registerProcess,
    boolean serverLifetime,
    List<ObjectDescriptor> objects,
    List<ObjectDescriptor> allocatables) {
  public AdapterDescriptor {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(id, "id");
    requireNonNull(replicaGroupId, "replicaGroupId");
    requireNonNull(priority, "priority");
    objects = List.copyOf(objects);
    allocatables = List.copyOf(allocatables);
  }
}
