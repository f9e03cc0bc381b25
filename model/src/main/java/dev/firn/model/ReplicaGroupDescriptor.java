package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** Adapters that serve the same objects. */
public record ReplicaGroupDescriptor(
    String id,
    LoadBalancingPolicy loadBalancing,
    String proxyOptions,
    List<ObjectDescriptor> objects,
    String description,
    String filter) {
  public ReplicaGroupDescriptor {
    requireNonNull(id, "id");
    requireNonNull(loadBalancing, "loadBalancing");
    requireNonNull(proxyOptions, "proxyOptions");
    objects = List.copyOf(objects);
    requireNonNull(description, "description");
    requireNonNull(filter, "filter");
  }
}
