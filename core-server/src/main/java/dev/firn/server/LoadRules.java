package dev.firn.server;

import dev.firn.model.InternalServerDescriptor;
import java.util.List;
import java.util.Optional;

/** When a descriptor is news, and which news is refused. Pure. */
final class LoadRules {
  /** The one registry whose word counts whatever it says. */
  private static final String MASTER = "Master";

  private LoadRules() {}

  static boolean isMaster(String replica) {
    return replica.equals(MASTER);
  }

  /**
   * Why a request of a registry that is not the master is refused: it knows another revision.
   *
   * @param known what this node knows, empty if nothing
   */
  static Optional<String> otherRevision(
      Optional<ServerRevision> known, String uuid, int revision, String replica) {
    if (isMaster(replica) || known.isEmpty()) {
      return Optional.empty();
    }
    ServerRevision current = known.get();
    if (!current.uuid().equals(uuid)) {
      return Optional.of(
          "server from replica `" + replica + "' is from another application (`" + uuid + "')");
    } else if (current.number() != revision) {
      return Optional.of(
          "server from replica `"
              + replica
              + "' has a different version:\ncurrent revision: "
              + current.number()
              + "\nreplica revision: "
              + revision);
    }
    return Optional.empty();
  }

  /**
   * Whether a registry that is not the master knows a newer revision of the same application: the
   * master's own request must be on its way.
   *
   * @param known what this node knows, empty if nothing
   */
  static boolean isEarly(Optional<ServerRevision> known, ServerInput.Load load) {
    InternalServerDescriptor wanted = load.descriptor();
    return !isMaster(load.replica())
        && known
            .filter(current -> current.uuid().equals(wanted.uuid()))
            .filter(current -> current.number() < wanted.revision())
            .isPresent();
  }

  /** Whether {@code after} asks for anything that {@code before} does not. */
  static boolean isUpdate(InternalServerDescriptor before, InternalServerDescriptor after) {
    if (before.uuid().equals(after.uuid()) && before.revision() == after.revision()) {
      return false;
    }
    // Services are not compared: each has a file of properties.
    return !fixed(before).equals(fixed(after)) || !before.properties().equals(after.properties());
  }

  /** Why a running server cannot take {@code after} as it is. */
  static Optional<String> restartNeeded(
      InternalServerDescriptor running, InternalServerDescriptor after) {
    if (!running.sessionId().equals(after.sessionId())) {
      return Optional.of("server allocated by another session");
    }
    return fixed(running).equals(fixed(after))
        ? Optional.empty()
        : Optional.of("update requires server to be stopped");
  }

  /** What a running server cannot change. */
  private static List<Object> fixed(InternalServerDescriptor server) {
    return List.of(
        server.id(),
        server.application(),
        server.uuid(),
        server.sessionId(),
        server.exe(),
        server.pwd(),
        server.user(),
        server.activation(),
        server.activationTimeout(),
        server.deactivationTimeout(),
        server.applicationDistrib(),
        server.distrib(),
        server.processRegistered(),
        server.options(),
        server.envs(),
        server.logs(),
        server.adapters(),
        server.dbEnvs());
  }
}
