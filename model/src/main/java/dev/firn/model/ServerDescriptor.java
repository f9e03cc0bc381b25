package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A server, as declared or expanded; an IceBox if {@code icebox}, only then with services.
 *
 * @param iceVersion of the server's Ice, {@code M.m} or {@code M.m.p}; empty is the registry's own
 * @param activation {@code manual} (or empty), {@code on-demand}, {@code always}, {@code session}
 * @param activationTimeout seconds; empty is the node's default
 * @param deactivationTimeout seconds; empty is the node's default
 */
public record ServerDescriptor(
    CommunicatorDescriptor communicator,
    String id,
    String exe,
    String iceVersion,
    String pwd,
    List<String> options,
    List<String> envs,
    String activation,
    String activationTimeout,
    String deactivationTimeout,
    boolean applicationDistrib,
    DistributionDescriptor distrib,
    boolean allocatable,
    String user,
    boolean icebox,
    List<ServiceInstanceDescriptor> services) {
  public ServerDescriptor {
    requireNonNull(communicator, "communicator");
    requireNonNull(id, "id");
    requireNonNull(exe, "exe");
    requireNonNull(iceVersion, "iceVersion");
    requireNonNull(pwd, "pwd");
    options = List.copyOf(options);
    envs = List.copyOf(envs);
    requireNonNull(activation, "activation");
    requireNonNull(activationTimeout, "activationTimeout");
    requireNonNull(deactivationTimeout, "deactivationTimeout");
    requireNonNull(distrib, "distrib");
    requireNonNull(user, "user");
    services = List.copyOf(services);
    if (!icebox && !services.isEmpty()) {
      throw new IllegalArgumentException("services of a server that is no IceBox: " + id);
    }
  }

  /** A manually activated server with an id and an executable. */
  public static Builder builder(String id, String exe) {
    return new Builder(id, exe);
  }

  public Builder toBuilder() {
    Builder builder = new Builder(id, exe);
    builder.communicator = communicator;
    builder.iceVersion = iceVersion;
    builder.pwd = pwd;
    builder.options = options;
    builder.envs = envs;
    builder.activation = activation;
    builder.activationTimeout = activationTimeout;
    builder.deactivationTimeout = deactivationTimeout;
    builder.applicationDistrib = applicationDistrib;
    builder.distrib = distrib;
    builder.allocatable = allocatable;
    builder.user = user;
    builder.icebox = icebox;
    builder.services = services;
    return builder;
  }

  /** Sets one attribute after the other; for one thread. */
  public static final class Builder {
    private final String id;
    private final String exe;
    private CommunicatorDescriptor communicator = CommunicatorDescriptor.EMPTY;
    private String iceVersion = "";
    private String pwd = "";
    private List<String> options = List.of();
    private List<String> envs = List.of();
    private String activation = "manual";
    private String activationTimeout = "";
    private String deactivationTimeout = "";
    private boolean applicationDistrib = true;
    private DistributionDescriptor distrib = DistributionDescriptor.NONE;
    private boolean allocatable;
    private String user = "";
    private boolean icebox;
    private List<ServiceInstanceDescriptor> services = List.of();

    private Builder(String id, String exe) {
      this.id = id;
      this.exe = exe;
    }

    public Builder communicator(CommunicatorDescriptor value) {
      communicator = value;
      return this;
    }

    public Builder iceVersion(String value) {
      iceVersion = value;
      return this;
    }

    public Builder pwd(String value) {
      pwd = value;
      return this;
    }

    public Builder options(List<String> value) {
      options = value;
      return this;
    }

    public Builder envs(List<String> value) {
      envs = value;
      return this;
    }

    public Builder activation(String value) {
      activation = value;
      return this;
    }

    public Builder activationTimeout(String seconds) {
      activationTimeout = seconds;
      return this;
    }

    public Builder deactivationTimeout(String seconds) {
      deactivationTimeout = seconds;
      return this;
    }

    public Builder applicationDistrib(boolean value) {
      applicationDistrib = value;
      return this;
    }

    public Builder distrib(DistributionDescriptor value) {
      distrib = value;
      return this;
    }

    public Builder allocatable(boolean value) {
      allocatable = value;
      return this;
    }

    public Builder user(String value) {
      user = value;
      return this;
    }

    /** Makes it an IceBox. */
    public Builder services(List<ServiceInstanceDescriptor> value) {
      icebox = true;
      services = value;
      return this;
    }

    public ServerDescriptor build() {
      return new ServerDescriptor(
          communicator,
          id,
          exe,
          iceVersion,
          pwd,
          options,
          envs,
          activation,
          activationTimeout,
          deactivationTimeout,
          applicationDistrib,
          distrib,
          allocatable,
          user,
          icebox,
          services);
    }
  }
}
