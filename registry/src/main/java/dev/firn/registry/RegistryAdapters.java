package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import java.util.Optional;

/** The object adapters of a registry. */
record RegistryAdapters(
    ObjectAdapter client,
    ObjectAdapter server,
    ObjectAdapter internal,
    Optional<ObjectAdapter> sessionManager,
    Optional<ObjectAdapter> adminSessionManager) {
  private static final String PREFIX = "IceGrid.Registry.";

  /** Creates all but the internal one, which exists already; they are bound, not active. */
  static RegistryAdapters create(Communicator communicator, ObjectAdapter internal) {
    return new RegistryAdapters(
        communicator.createObjectAdapter(PREFIX + "Client"),
        communicator.createObjectAdapter(PREFIX + "Server"),
        internal,
        optional(communicator, "SessionManager"),
        optional(communicator, "AdminSessionManager"));
  }

  /** Activates all, in the order of the reference's readiness lines. */
  void activate(Optional<ObjectAdapter> discovery) {
    server.activate();
    client.activate();
    discovery.ifPresent(ObjectAdapter::activate);
    sessionManager.ifPresent(ObjectAdapter::activate);
    adminSessionManager.ifPresent(ObjectAdapter::activate);
  }

  /** Whoever reaches these endpoints has passed a Glacier2 router's check, or none. */
  static void warnOfSessionManagers(Communicator communicator) {
    warn(communicator, "session manager", "SessionManager", "SessionFilters");
    warn(
        communicator,
        "administrative session manager",
        "AdminSessionManager",
        "AdminSessionFilters");
  }

  private static void warn(Communicator communicator, String what, String adapter, String filters) {
    Properties properties = communicator.getProperties();
    String endpoints = PREFIX + adapter + ".Endpoints";
    if (!properties.getProperty(endpoints).isEmpty()) {
      String suffix =
          properties.getPropertyAsInt(PREFIX + filters) > 0
              ? ""
              : " (with Glacier2 filters disabled)";
      communicator.getLogger().warning(what + " endpoints `" + endpoints + "' enabled" + suffix);
    }
  }

  private static Optional<ObjectAdapter> optional(Communicator communicator, String name) {
    return communicator.getProperties().getProperty(PREFIX + name + ".Endpoints").isEmpty()
        ? Optional.empty()
        : Optional.of(communicator.createObjectAdapter(PREFIX + name));
  }
}
