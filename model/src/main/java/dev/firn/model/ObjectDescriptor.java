package dev.firn.model;

import static java.util.Objects.requireNonNull;

/** A well-known or allocatable object; empty proxy options are those of its adapter or group. */
public record ObjectDescriptor(ObjectId id, String type, String proxyOptions) {
  public ObjectDescriptor {
    requireNonNull(id, "id");
    requireNonNull(type, "type");
    requireNonNull(proxyOptions, "proxyOptions");
  }
}
