package dev.firn.server;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ExpandedServer;

/**
 * A server as its node is to have it.
 *
 * @param uuid of the application
 * @param revision of the application
 * @param sessionId of the session that it is assigned to, or empty
 * @param withoutRestart whether the node is to refuse if it would have to stop it
 */
public record ServerTarget(
    String application,
    String uuid,
    int revision,
    ExpandedServer server,
    String sessionId,
    boolean withoutRestart) {
  public ServerTarget {
    requireNonNull(application, "application");
    requireNonNull(uuid, "uuid");
    requireNonNull(server, "server");
    requireNonNull(sessionId, "sessionId");
  }

  public String node() {
    return server.node();
  }

  /** Whether it is loaded for the session that it is assigned to. */
  public boolean isActivatedBySession() {
    return server.descriptor().activation().equals("session");
  }

  ServerTarget withSession(String id) {
    return new ServerTarget(application, uuid, revision, server, id, withoutRestart);
  }

  ServerTarget withoutRestart(boolean without) {
    return new ServerTarget(application, uuid, revision, server, sessionId, without);
  }
}
