package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A server as it is deployed on a node: no variables but those that depend on the node.
 *
 * @param descriptor its services are all written within it
 * @param template what it was made from, if it was
 */
public record ExpandedServer(String node, ServerDescriptor descriptor, Optional<String> template) {
  public ExpandedServer {
    requireNonNull(node, "node");
    requireNonNull(descriptor, "descriptor");
    requireNonNull(template, "template");
  }

  public String id() {
    return descriptor.id();
  }

  /** The adapters of the server, then those of its services. */
  public List<AdapterDescriptor> adapters() {
    if (descriptor.services().isEmpty()) {
      return descriptor.communicator().adapters();
    }
    List<AdapterDescriptor> adapters = new ArrayList<>(descriptor.communicator().adapters());
    services().forEach(service -> adapters.addAll(service.communicator().adapters()));
    return adapters;
  }

  /** The services, empty if it is no IceBox. */
  public List<ServiceDescriptor> services() {
    return services(descriptor);
  }

  static List<ServiceDescriptor> services(ServerDescriptor server) {
    if (server.services().isEmpty()) {
      return List.of();
    }
    return server.services().stream().flatMap(service -> service.descriptor().stream()).toList();
  }
}
