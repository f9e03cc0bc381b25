package dev.firn.model;

import static java.util.Objects.requireNonNull;

/** A service of an IceBox. */
public record ServiceDescriptor(CommunicatorDescriptor communicator, String name, String entry) {
  public ServiceDescriptor {
    requireNonNull(communicator, "communicator");
    requireNonNull(name, "name");
    requireNonNull(entry, "entry");
  }
}
