package dev.firn.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.election.NodeState;
import dev.firn.election.Replica;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.storage.InMemoryTopicStore;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.StormMapping;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Replicas in this process, each with a communicator, ports and a disk of its own. */
final class TestReplicas implements AutoCloseable {
  private static final int FIRST_PORT = 23_500;
  private static final int LAST_PORT = 23_999;
  private static int nextPort = FIRST_PORT;

  private final SortedMap<String, String> common = new TreeMap<>();
  private final SortedMap<Integer, Replica> replicas = new TreeMap<>();

  /** Replicas 1 to {@code count}, none of them started. */
  TestReplicas(int count) {
    for (int id = 1; id <= count; id++) {
      replicas.put(id, new Replica(id));
      common.put("IceStorm.Nodes." + id, "IceStorm/node" + id + ":" + replica(id).nodeEndpoint);
    }
  }

  static TestReplicas started(int count) {
    TestReplicas replicas = new TestReplicas(count);
    replicas.all().forEach(Replica::start);
    replicas.awaitGroup();
    return replicas;
  }

  TestReplicas with(String property, String value) {
    common.put(property, value);
    return this;
  }

  Collection<Replica> all() {
    return replicas.values();
  }

  Replica replica(int id) {
    return requireNonNull(replicas.get(id));
  }

  /** The coordinator of the group that serves. */
  Replica coordinator() {
    Eventually.await("a coordinator", () -> all().stream().anyMatch(Replica::leads));
    return all().stream().filter(Replica::leads).findFirst().orElseThrow();
  }

  Replica slave() {
    return all().stream().filter(r -> r.isRunning() && !r.leads()).findFirst().orElseThrow();
  }

  /** Waits until all running replicas are one group that serves. */
  void awaitGroup() {
    Eventually.await("one group", this::isOneGroup);
  }

  private boolean isOneGroup() {
    return all().stream().anyMatch(Replica::leads)
        && all().stream()
            .filter(Replica::isRunning)
            .allMatch(r -> r.engine().view().state() == NodeState.NORMAL)
        && all().stream()
                .filter(Replica::isRunning)
                .map(r -> r.engine().view().group())
                .distinct()
                .count()
            == 1;
  }

  void awaitSameTopics() {
    Eventually.await(
        "the same topics",
        () -> all().stream().filter(Replica::isRunning).allMatch(this::hasTopicsOfCoordinator));
  }

  private boolean hasTopicsOfCoordinator(Replica replica) {
    return all().stream().anyMatch(Replica::leads)
        && replica.tables().sameTopics(coordinator().tables());
  }

  @Override
  public void close() {
    all().forEach(Replica::stop);
  }

  private static String freeEndpoint() {
    return "tcp -h 127.0.0.1 -p " + freePort();
  }

  /** A port that no connection is given by the kernel; each is given once. */
  static synchronized int freePort() {
    while (nextPort <= LAST_PORT) {
      int port = nextPort++;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Somebody else has it.
      }
    }
    throw new IllegalStateException("no free port up to " + LAST_PORT);
  }

  /** One of them; may be started and stopped many times. */
  final class Replica {
    private final int id;
    private final String nodeEndpoint = freeEndpoint();
    private final String topicManagerEndpoint = freeEndpoint();
    private final String publishEndpoint = freeEndpoint();
    private final RecordingStormLogger logger = new RecordingStormLogger();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private InMemoryTopicStore disk = InMemoryTopicStore.refusing(TopicTables.EMPTY);
    private @Nullable Communicator communicator;
    private @Nullable ReplicatedEngine engine;

    private Replica(int id) {
      this.id = id;
    }

    int id() {
      return id;
    }

    RecordingStormLogger logger() {
      return logger;
    }

    InMemoryTopicStore disk() {
      return disk;
    }

    boolean isRunning() {
      return engine != null;
    }

    ReplicatedEngine engine() {
      return requireNonNull(engine);
    }

    int nodePort() {
      return Integer.parseInt(nodeEndpoint.substring(nodeEndpoint.lastIndexOf(' ') + 1));
    }

    /** The node object, as another process reaches it. */
    NodePrx node() {
      return NodePrx.uncheckedCast(
          requireNonNull(communicator)
              .stringToProxy("IceStorm/node" + id + ":" + nodeEndpoint)
              .ice_invocationTimeout(60_000)
              .ice_collocationOptimized(false));
    }

    TopicTables tables() {
      return engine().tables();
    }

    boolean leads() {
      return isRunning()
          && engine().view().state() == NodeState.NORMAL
          && engine().view().coordinator().value() == id;
    }

    void start() {
      InitializationData data = new InitializationData();
      data.properties = Util.createProperties();
      common.forEach(data.properties::setProperty);
      data.properties.setProperty("IceStorm.NodeId", Integer.toString(id));
      data.properties.setProperty("IceStorm.Node.Endpoints", nodeEndpoint);
      data.properties.setProperty("IceStorm.TopicManager.Endpoints", topicManagerEndpoint);
      data.properties.setProperty("IceStorm.Publish.Endpoints", publishEndpoint);
      data.logger = logger;
      Communicator created = Util.initialize(data);
      communicator = created;
      StormSettings settings = new StormSettings(data.properties, "IceStorm");
      StormTraces traces = new StormTraces(data.properties, "IceStorm", logger);
      ObjectAdapter manager = created.createObjectAdapter("IceStorm.TopicManager");
      ObjectAdapter publish = created.createObjectAdapter("IceStorm.Publish");
      Replication replication = Replication.prepare(settings, created, traces);
      ReplicatedEngine made = replication.engine(disk, manager, bugs::add);
      StormProxies proxies = new StormProxies(created, settings, manager, publish);
      manager.addDefaultServant(
          new TopicServant(made, proxies, new TopicTraces(traces, created, true)), "");
      manager.add(
          new TopicManagerServant(made, proxies, "IceStorm", Optional.of(replication.ownNode())),
          new Identity("TopicManager", "IceStorm"));
      made.start(tables -> {});
      manager.activate();
      engine = made;
    }

    /** Ends in order; its disk stays. */
    void stop() {
      if (engine != null) {
        engine.shutdown();
        engine = null;
      }
      if (communicator != null) {
        communicator.destroy();
        communicator = null;
        disk = disk.reopened();
      }
      assertThat(bugs).isEmpty();
    }

    EncodedProxy proxy(String text) {
      return StormMapping.encode(requireNonNull(communicator).stringToProxy(text));
    }

    TopicCommand.Result submit(TopicCommand command) {
      return engine().submit(command).orTimeout(60, TimeUnit.SECONDS).join();
    }

    void create(String topic) {
      assertThat(submit(new TopicCommand.CreateTopic(Topic.idOf("IceStorm", topic))))
          .isInstanceOf(TopicCommand.Result.Applied.class);
    }
  }
}
