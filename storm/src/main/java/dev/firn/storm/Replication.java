package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import dev.firn.election.ElectionConfig;
import dev.firn.election.ElectionTiming;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaId;
import dev.firn.election.TopicStore;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.StackTraces;
import java.security.SecureRandom;
import java.util.function.Consumer;

/**
 * Builds the replicated engine of a service in the two steps that the order of start-up errors asks
 * for: first the nodes and the adapter, then, once the database is open, the engine.
 */
final class Replication {
  private static final String NODE = ".Node";
  private static final int BUG_EXIT_STATUS = 1;

  private final StormSettings settings;
  private final Communicator communicator;
  private final StormTraces traces;
  private final ReplicaNodes nodes;
  private final ObjectAdapter adapter;

  private Replication(
      StormSettings settings,
      Communicator communicator,
      StormTraces traces,
      ReplicaNodes nodes,
      ObjectAdapter adapter) {
    this.settings = settings;
    this.communicator = communicator;
    this.traces = traces;
    this.nodes = nodes;
    this.adapter = adapter;
  }

  /**
   * Finds the nodes, which may ask an IceGrid registry and wait for it, and creates the adapter
   * {@code <service>.Node}.
   *
   * @throws ReplicationStartException what is wrong with the configuration
   */
  static Replication prepare(
      StormSettings settings, Communicator communicator, StormTraces traces) {
    ReplicaNodes nodes = ReplicaNodes.discover(settings, communicator, traces.logger());
    String name = settings.service() + NODE;
    Properties properties = communicator.getProperties();
    if (properties.getProperty(name + ".ThreadPool.Size").isEmpty()) {
      properties.setProperty(name + ".ThreadPool.Size", Integer.toString(nodes.size() + 1));
      properties.setProperty(name + ".ThreadPool.SizeWarn", "0");
    }
    // What comes over one connection is taken in its order; no dispatch waits for anything.
    setDefault(properties, name + ".ThreadPool.Serialize", "1");
    // All topics are sent in one message.
    setDefault(properties, name + ".MessageSizeMax", "0");
    return new Replication(
        settings, communicator, traces, nodes, communicator.createObjectAdapter(name));
  }

  /** The node object of this replica: {@code getReplicaNode}. */
  NodePrx ownNode() {
    return nodes.ownProxy();
  }

  /**
   * Builds the engine; nothing happens before it is started.
   *
   * @param store is loaded here; closed by whoever opened it, after the engine's shutdown
   * @param topicManagerAdapter where the topic manager and the topics are
   */
  ReplicatedEngine engine(TopicStore store, ObjectAdapter topicManagerAdapter) {
    return engine(store, topicManagerAdapter, this::onBug);
  }

  ReplicatedEngine engine(
      TopicStore store, ObjectAdapter topicManagerAdapter, Consumer<Throwable> onBug) {
    Replica core = Replica.ofStorm(config(), store.load(), new SecureRandom());
    return new ReplicatedEngine(
        core,
        store,
        new ReplicatedEngine.Surroundings(
            settings,
            communicator,
            nodes,
            adapter,
            ownManager(topicManagerAdapter),
            traces,
            config().timing()),
        onBug);
  }

  /** Of this replica alone, whatever group its adapter belongs to. */
  private ObjectPrx ownManager(ObjectAdapter topicManagerAdapter) {
    Identity manager = new Identity("TopicManager", settings.instanceName());
    return settings.own("TopicManager.AdapterId").isEmpty()
        ? topicManagerAdapter.createDirectProxy(manager)
        : topicManagerAdapter.createIndirectProxy(manager);
  }

  private ElectionConfig config() {
    return new ElectionConfig(
        new ReplicaId(nodes.own()),
        nodes.proxies().keySet().stream().map(ReplicaId::new).toList(),
        settings.integer(StormProperty.FIRN_COLD_START_MAJORITY) > 0,
        settings.integer(StormProperty.FIRN_PUBLISH_WHILE_ELECTING) > 0,
        1,
        ElectionConfig.WAITING_MAX,
        settings.waitingLimit().toMillis(),
        ElectionTiming.DEFAULTS
            .withHeartbeatTimeout(settings.integer(StormProperty.FIRN_HEARTBEAT_TIMEOUT))
            .boundedBy(
                millis(StormProperty.MASTER_TIMEOUT),
                millis(StormProperty.ELECTION_TIMEOUT),
                millis(StormProperty.RESPONSE_TIMEOUT)));
  }

  private long millis(StormProperty property) {
    int seconds = settings.integer(property);
    if (seconds < 0) {
      traces
          .logger()
          .warning("Election: " + property.nameFor(settings.service()) + " < 0; Adjusted to 1");
      return 1_000;
    }
    return 1_000L * seconds;
  }

  private static void setDefault(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }

  /** With a state machine that broke, going on would risk what was acknowledged. */
  private void onBug(Throwable bug) {
    traces
        .logger()
        .error(
            "replica "
                + nodes.own()
                + " ends, this is a bug; the other replicas go on, restart this one:\n"
                + StackTraces.of(bug));
    Runtime.getRuntime().halt(BUG_EXIT_STATUS);
  }
}
