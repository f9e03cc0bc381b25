package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A server as a registry tells a node to load it.
 *
 * @param sessionId of the session that allocated it, or empty
 * @param properties the lines of each configuration file by its name: {@code config} and {@code
 *     config_SERVICE}; a line without value whose name starts with {@code #} is a comment
 * @param processRegistered whether the server registers its process when it starts
 */
public record InternalServerDescriptor(
    String id,
    String application,
    String uuid,
    int revision,
    String sessionId,
    String exe,
    String pwd,
    String user,
    String activation,
    String activationTimeout,
    String deactivationTimeout,
    boolean applicationDistrib,
    Optional<DistributionDescriptor> distrib,
    boolean processRegistered,
    List<String> options,
    List<String> envs,
    List<String> logs,
    List<Adapter> adapters,
    List<DbEnv> dbEnvs,
    SortedMap<String, List<PropertyDescriptor>> properties,
    List<String> services) {
  public InternalServerDescriptor {
    requireNonNull(id, "id");
    requireNonNull(application, "application");
    requireNonNull(uuid, "uuid");
    requireNonNull(sessionId, "sessionId");
    requireNonNull(exe, "exe");
    requireNonNull(pwd, "pwd");
    requireNonNull(user, "user");
    requireNonNull(activation, "activation");
    requireNonNull(activationTimeout, "activationTimeout");
    requireNonNull(deactivationTimeout, "deactivationTimeout");
    requireNonNull(distrib, "distrib");
    options = List.copyOf(options);
    envs = List.copyOf(envs);
    logs = List.copyOf(logs);
    adapters = List.copyOf(adapters);
    dbEnvs = List.copyOf(dbEnvs);
    properties = SortedNames.copyOf(properties);
    services = List.copyOf(services);
  }

  /** An object adapter of the server or of one of its services. */
  public record Adapter(String id, boolean serverLifetime) {
    public Adapter {
      requireNonNull(id, "id");
    }
  }

  /** A database environment whose directory the node manages. */
  public record DbEnv(String name, List<PropertyDescriptor> properties) {
    public DbEnv {
      requireNonNull(name, "name");
      properties = List.copyOf(properties);
    }
  }
}
