package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * A server of a deployed application.
 *
 * @param uuid of the application
 * @param revision of the application
 */
public record DeployedServer(String application, String uuid, int revision, ExpandedServer server) {
  public DeployedServer {
    requireNonNull(application, "application");
    requireNonNull(uuid, "uuid");
    requireNonNull(server, "server");
  }

  public String id() {
    return server.id();
  }

  public String node() {
    return server.node();
  }

  public ServerDescriptor descriptor() {
    return server.descriptor();
  }
}
