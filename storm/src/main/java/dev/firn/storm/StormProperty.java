package dev.firn.storm;

/**
 * Every property the service reads itself, with type, unit, default and range: the one place for
 * each. Those of object adapters are Ice's.
 */
enum StormProperty {
  INSTANCE_NAME("InstanceName", "IceStorm", "category of all identities"),
  TRANSIENT("Transient", 0, "above 0: nothing is stored and nothing replicated"),
  NODE_ID("NodeId", -1, "id and priority of this replica; -1: not replicated"),
  REPLICATED_TOPIC_MANAGER_ENDPOINTS(
      "ReplicatedTopicManagerEndpoints", "", "TopicManager endpoints of all replicas"),
  REPLICATED_PUBLISH_ENDPOINTS(
      "ReplicatedPublishEndpoints", "", "Publish endpoints of all replicas"),
  MASTER_TIMEOUT(
      "Election.MasterTimeout",
      10,
      "s, at most, between a slave's calls to its coordinator; Firn's calls every 250 ms anyway"),
  ELECTION_TIMEOUT(
      "Election.ElectionTimeout",
      10,
      "s, at most, between a coordinator's looks for others; Firn's looks every 500 ms anyway"),
  RESPONSE_TIMEOUT(
      "Election.ResponseTimeout",
      10,
      "s, at most, a coordinator waits for invited replicas; Firn's waits 1 s anyway"),
  FLUSH_TIMEOUT("Flush.Timeout", 1000, "ms, from a batch subscriber's first event to its flush"),
  SEND_TIMEOUT("Send.Timeout", 60_000, "ms, connection time-out of subscribers; -1: none"),
  SEND_QUEUE_SIZE_MAX("Send.QueueSizeMax", -1, "events queued for a subscriber; -1: no limit"),
  SEND_QUEUE_SIZE_MAX_POLICY(
      "Send.QueueSizeMaxPolicy", "RemoveSubscriber", "RemoveSubscriber or DropEvents"),
  DISCARD_INTERVAL("Discard.Interval", 60, "s, a failing subscriber or link is left alone"),
  LMDB_PATH("LMDB.Path", "", "directory of the database; default: the service's name"),
  LMDB_MAP_SIZE("LMDB.MapSize", 0, "MB of a new database; it grows by itself"),

  FIRN_DRAIN_LIMIT(
      "Firn.Storm.DrainLimit", 10, "s, the end of the service waits for queued events to leave"),
  FIRN_COALESCE_EVENTS(
      "Firn.Storm.CoalesceEvents",
      1000,
      "events, at most, in one message to a oneway or batch subscriber or over a link"),
  FIRN_COALESCE_BYTES(
      "Firn.Storm.CoalesceBytes", 65_536, "bytes, at most, of such a message of several events"),
  FIRN_DELIVERY_THREADS(
      "Firn.Storm.DeliveryThreads", 0, "threads that write events; 0: as many as processors, to 4"),
  FIRN_PUBLISH_WHILE_ELECTING(
      "Firn.Storm.PublishWhileElecting", 1, "0: publishers wait while the replicas elect"),
  FIRN_COLD_START_MAJORITY(
      "Firn.Storm.ColdStartMajority",
      0,
      "1: after a full stop a majority suffices, if all of it is Firn's; else all replicas"),
  FIRN_HEARTBEAT_TIMEOUT(
      "Firn.Storm.HeartbeatTimeout", 750, "ms, at least 500: a replica that is silent is lost"),
  FIRN_WAITING_LIMIT("Firn.Storm.WaitingLimit", 0, "s, requests wait for a group; 0: no limit");

  private static final String FIRN = "Firn.";

  private final String suffix;
  private final String fallback;
  private final int integerFallback;
  private final String meaning;

  StormProperty(String suffix, String fallback, String meaning) {
    this.suffix = suffix;
    this.fallback = fallback;
    this.integerFallback = 0;
    this.meaning = meaning;
  }

  StormProperty(String suffix, int fallback, String meaning) {
    this.suffix = suffix;
    this.fallback = Integer.toString(fallback);
    this.integerFallback = fallback;
    this.meaning = meaning;
  }

  /** The full name for a service; Firn's own properties are the same for all services. */
  String nameFor(String service) {
    return suffix.startsWith(FIRN) ? suffix : service + "." + suffix;
  }

  /** Behind the service's name, or the full name of a property of Firn's own. */
  String suffix() {
    return suffix;
  }

  boolean isFirns() {
    return suffix.startsWith(FIRN);
  }

  String fallback() {
    return fallback;
  }

  int integerFallback() {
    return integerFallback;
  }

  /** For people: begins with the unit where there is one. */
  String meaning() {
    return meaning;
  }
}
