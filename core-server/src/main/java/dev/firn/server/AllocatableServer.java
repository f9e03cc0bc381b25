package dev.firn.server;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A server with objects that can be allocated.
 *
 * @param allocatable whether all of its objects go to one session at a time
 * @param loaded whether it is loaded for the session that has it: activation mode {@code session};
 *     only if allocatable
 * @param objects of all its adapters, in their order; may be empty
 */
public record AllocatableServer(
    String id, boolean allocatable, boolean loaded, List<AllocatableObject> objects) {
  public AllocatableServer {
    requireNonNull(id, "id");
    objects = List.copyOf(objects);
    if (loaded && !allocatable) {
      throw new IllegalArgumentException("loaded for sessions, but not allocatable: " + id);
    }
    for (AllocatableObject object : objects) {
      if (!object.server().equals(id)) {
        throw new IllegalArgumentException("an object of another server: " + object);
      }
    }
  }
}
