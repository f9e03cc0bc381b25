package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.Answer;
import dev.firn.election.ElectionTiming;
import dev.firn.election.Input;
import dev.firn.election.NodeState;
import dev.firn.election.Output;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import dev.firn.wire.PeerCommunicator;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.ReplicaService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The engine of a replica: updates go where the coordinator is, and are acknowledged once all
 * members of its group have stored them. Made by {@link Replication}.
 */
final class ReplicatedEngine implements TopicEngine, ReplicaService {
  private final Surroundings surroundings;
  private final Communicator peerCommunicator;
  private final SwitchGate readGate;
  private final SwitchGate publishGate;
  private final ExecutorService gateThread;
  private final ReplicaLoop loop;
  private final Consumer<Throwable> onBug;
  private Consumer<TopicTables> listener = tables -> {};
  private volatile TopicTables tables;

  /**
   * What a replica is among.
   *
   * @param adapter for the node object, the observer and the topics' source; not active yet
   * @param ownManager the topic manager of this replica alone
   */
  record Surroundings(
      StormSettings settings,
      Communicator communicator,
      ReplicaNodes nodes,
      ObjectAdapter adapter,
      ObjectPrx ownManager,
      StormTraces traces,
      ElectionTiming timing) {}

  /**
   * @param core made from the tables of {@code store}
   * @param onBug called once, on the owner thread, if the core throws: the process must end
   */
  ReplicatedEngine(
      Replica core, TopicStore store, Surroundings surroundings, Consumer<Throwable> onBug) {
    this.surroundings = surroundings;
    this.peerCommunicator = PeerCommunicator.create(surroundings.communicator());
    this.gateThread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "firn-storm-gate");
              thread.setDaemon(true);
              return thread;
            });
    long waitingLimitMillis = surroundings.settings().waitingLimit().toMillis();
    this.readGate = new SwitchGate("requests", gateThread, waitingLimitMillis);
    this.publishGate = new SwitchGate("events", gateThread, waitingLimitMillis);
    this.onBug = onBug;
    this.tables = (TopicTables) core.state();
    this.loop = new ReplicaLoop(core, store, this, "firn-storm-replica");
  }

  @Override
  public void start(Consumer<TopicTables> listenerOfTables) {
    listener = listenerOfTables;
    listener.accept(tables);
    ObjectAdapter adapter = surroundings.adapter();
    ReplicaNodes nodes = surroundings.nodes();
    String instanceName = surroundings.settings().instanceName();
    ObjectPrx observer = adapter.addWithUUID(new ObserverServant(loop, instanceName));
    ObjectPrx sync = adapter.addWithUUID(new SyncServant(loop, peerCommunicator));
    adapter.add(
        new NodeServant(loop, nodes, surroundings.ownManager(), sync, surroundings.traces()),
        ReplicaNodes.identity(instanceName, nodes.own()));
    surroundings.traces().trace(StormTraces.Category.ELECTION, 1, () -> introduction(nodes));
    loop.start(
        new ReplicaPeers(
            peerCommunicator,
            nodes,
            new ReplicaPeers.OwnObjects(observer, surroundings.ownManager()),
            this::topicId,
            Math.toIntExact(surroundings.timing().heartbeatTimeoutMillis()),
            loop::post));
    adapter.activate();
  }

  private static String introduction(ReplicaNodes nodes) {
    StringBuilder text = new StringBuilder("I am node ").append(nodes.own());
    nodes
        .proxies()
        .forEach(
            (id, proxy) -> text.append("\n\tnode: ").append(id).append(" proxy: ").append(proxy));
    return text.toString();
  }

  /** The identity of a topic, which differs for topics from before 3.2. Any thread. */
  private ObjectId topicId(String name) {
    Topic topic = tables.find(name);
    return topic == null ? Topic.idOf(surroundings.settings().instanceName(), name) : topic.id();
  }

  /** The replica after the last input. Any thread. */
  ReplicaView view() {
    return loop.view();
  }

  @Override
  public TopicTables tables() {
    return tables;
  }

  @Override
  public CompletableFuture<TopicCommand.Result> submit(TopicCommand command) {
    return loop.request(id -> new Input.Submit(id, command)).thenCompose(ReplicatedEngine::result);
  }

  @Override
  public void published(ReplicatedState state) {
    tables = (TopicTables) state;
    listener.accept(tables);
  }

  @Override
  public void gates(boolean readOpen, boolean publishOpen) {
    readGate.set(readOpen);
    publishGate.set(publishOpen);
  }

  @Override
  public void report(Output.Severity severity, String message) {
    switch (severity) {
      case ERROR -> surroundings.traces().logger().error(message);
      case WARNING -> surroundings.traces().logger().warning(message);
    }
  }

  @Override
  public void trace(Output.Category category, String message) {
    StormTraces.Category shown =
        switch (category) {
          case ELECTION -> StormTraces.Category.ELECTION;
          case REPLICATION -> StormTraces.Category.REPLICATION;
          case TOPIC -> StormTraces.Category.TOPIC;
        };
    surroundings.traces().trace(shown, 1, () -> message);
  }

  @Override
  public void storeFailed(String reason) {
    surroundings.traces().logger().error("LMDB error: " + reason);
  }

  @Override
  public void broken(Throwable bug) {
    onBug.accept(bug);
  }

  @Override
  public void ended() {
    readGate.end();
    publishGate.end();
  }

  @Override
  public Gate readGate() {
    return readGate;
  }

  @Override
  public Gate publishGate() {
    return publishGate;
  }

  @Override
  public long group() {
    ReplicaView view = loop.view();
    return view.state() == NodeState.NORMAL ? view.generation() : NO_GROUP;
  }

  @Override
  public void reap(String topic, Subscription subscription, long group) {
    loop.tell(new Input.Gone(topic, subscription, group));
  }

  @Override
  public CompletableFuture<TopicCommand.Result> reapForPeer(
      String topic, List<ObjectId> subscribers) {
    return loop.request(id -> new Input.Reap(id, topic, subscribers))
        .thenCompose(ReplicatedEngine::result);
  }

  /**
   * Releases all who wait, then leaves the group: the others see the connections close. Blocks for
   * the transaction and the dispatches under way.
   */
  @Override
  public void shutdown() {
    loop.shutdown();
    surroundings.adapter().destroy();
    peerCommunicator.destroy();
    gateThread.shutdown();
  }

  private static CompletableFuture<TopicCommand.Result> result(Answer answer) {
    if (answer instanceof Answer.Outcome outcome) {
      return CompletableFuture.completedFuture((TopicCommand.Result) outcome.result());
    } else if (answer instanceof Answer.Done) {
      return CompletableFuture.completedFuture(new TopicCommand.Result.Applied(List.of()));
    } else if (answer instanceof Answer.ReapWouldBlock) {
      return CompletableFuture.failedFuture(
          new ReapRefusedException("this replica is not the coordinator of a group"));
    } else if (answer instanceof Answer.UnknownOutcome unknown) {
      return CompletableFuture.failedFuture(new UnknownOutcomeException(unknown.reason()));
    } else if (answer instanceof Answer.Failed failed) {
      return CompletableFuture.failedFuture(new UnknownOutcomeException(failed.reason()));
    }
    throw new IllegalStateException("not the answer to a command: " + answer);
  }
}
