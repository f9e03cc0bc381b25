package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;

/** Which revision of which application a server is of. */
public record ServerRevision(String uuid, int number) {
  static ServerRevision of(InternalServerDescriptor descriptor) {
    return new ServerRevision(descriptor.uuid(), descriptor.revision());
  }
}
