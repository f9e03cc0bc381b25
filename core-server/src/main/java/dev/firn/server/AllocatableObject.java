package dev.firn.server;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;

/**
 * An object that a session can have for itself; another in any respect is another object.
 *
 * @param adapterId where it is found, of {@code server}
 */
public record AllocatableObject(
    ObjectId id, String type, String proxyOptions, String adapterId, String server) {
  public AllocatableObject {
    requireNonNull(id, "id");
    requireNonNull(type, "type");
    requireNonNull(proxyOptions, "proxyOptions");
    requireNonNull(adapterId, "adapterId");
    requireNonNull(server, "server");
  }
}
