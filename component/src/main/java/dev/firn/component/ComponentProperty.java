package dev.firn.component;

/**
 * Every property that an instance reads itself, with type, unit, default and range: the one place
 * for each. Those of the two object adapters are Ice's.
 */
enum ComponentProperty {
  ENDPOINTS("Endpoints", Type.TEXT, "", "of the Service adapter, on the movable address; required"),
  BACKPLANE_ENDPOINTS(
      "Backplane.Endpoints",
      Type.TEXT,
      "",
      "of the Backplane adapter, on an address that stays; standalone: tcp -h 127.0.0.1"),
  STANDALONE("Standalone", Type.FLAG, "false", "belongs to no group and activates itself"),
  STATE_REPLICATOR_NAME(
      "StateReplicatorName", Type.TEXT, "", "name of the state's stream; empty: no state"),
  STATE_REPLICATOR_PROXY(
      "StateReplicator.Proxy", Type.TEXT, "", "of the state replicator, found without a locator"),
  GROUP_NAME("GroupName", Type.TEXT, "", "default: the instance's name without -DIGITS at its end"),
  ACTIVATE_TIMEOUT(
      "ActivateTimeout",
      Type.SECONDS,
      "20",
      1,
      "s, at least 1, for a whole activation; a quarter is for undoing"),
  STANDBY_TIMEOUT(
      "StandbyTimeout", Type.SECONDS, "20", 1, "s, at least 1, for a whole way to standby"),
  CATCH_UP_TIMEOUT("CatchUpTimeout", Type.SECONDS, "5", "s, a promotion waits for the state"),
  ALLOW_UNSYNCED_ACTIVATE(
      "AllowUnsyncedActivate",
      Type.FLAG,
      "false",
      "activate() succeeds although there is no state replicator"),
  STOP_WHEN_UNPROTECTED(
      "StopWhenUnprotected",
      Type.FLAG,
      "false",
      "does not serve while the state is not replicated"),
  REQUIRE_LOCATOR(
      "Standalone.RequireLocator",
      Type.FLAG,
      "true",
      "standalone: activates once it is registered with the service locator"),
  LATE_BIND(
      "LateBind",
      Type.FLAG,
      "",
      "the Service adapter exists only while active; default: true, standalone: false"),
  FENCING("Fencing", Type.CHOICE, "epoch", "none, epoch or lease"),
  MANAGER("Manager", Type.CHOICE, "external", "external, or firn: the registry gives the role"),
  PREFERRED("Preferred", Type.TEXT, "", "instance that gets the role back; empty: none"),
  FALLBACK_AFTER(
      "FallbackAfter",
      Type.NUMBER,
      "",
      "s, the preferred instance is ready before it gets the role back; default: the registry's"),
  REPLICA_TOPIC(
      "ReplicaTopic", Type.TEXT, "", "topic through which listeners are told; empty: none"),
  REPLICA_TOPIC_MANAGER(
      "ReplicaTopic.Manager",
      Type.TEXT,
      "",
      "proxy of its topic manager; default: TopicManager.Proxy"),
  HEALTH_ENDPOINT("Health.Endpoint", Type.TEXT, "", "host:port of the HTTP probe; empty: none"),
  HEALTH_LAG_MAX("Health.LagMax", Type.MILLIS, "1000", "ms, a healthy standby may be behind"),
  TRACE("Trace", Type.NUMBER, "0", "1: each input and output of the role is logged"),
  DATA("Data", Type.TEXT, "", "directory for the epoch, where nobody else gives epochs");

  /** How a value is read. What does not fit is an error, except that a flag is false then. */
  enum Type {
    TEXT,
    FLAG,
    CHOICE,
    NUMBER,
    SECONDS,
    MILLIS
  }

  private final String suffix;
  private final Type type;
  private final String fallback;
  private final long least;
  private final String meaning;

  ComponentProperty(String suffix, Type type, String fallback, String meaning) {
    this(suffix, type, fallback, 0, meaning);
  }

  ComponentProperty(String suffix, Type type, String fallback, long least, String meaning) {
    this.suffix = suffix;
    this.type = type;
    this.fallback = fallback;
    this.least = least;
    this.meaning = meaning;
  }

  String nameFor(String instance) {
    return instance + "." + suffix;
  }

  String suffix() {
    return suffix;
  }

  Type type() {
    return type;
  }

  String fallback() {
    return fallback;
  }

  /** The least value of a number. */
  long least() {
    return least;
  }

  /** For people: begins with the unit where there is one. */
  String meaning() {
    return meaning;
  }
}
