package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.ElectionTiming;
import dev.firn.election.Input;
import dev.firn.election.NodeState;
import dev.firn.election.Output;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamCommand.Applied;
import dev.firn.failover.StreamCommand.Result;
import dev.firn.failover.StreamStore;
import dev.firn.failover.StreamTables;
import dev.firn.wire.PeerCommunicator;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.ReplicaService;
import java.security.SecureRandom;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One of several replicators: they elect a coordinator, which decides, and an update is done when a
 * majority has it on disk. The others refuse. Made by {@link Replicator}.
 */
final class ReplicatedStreamEngine implements StreamEngine, ReplicaService {
  static final String TRACE = "Trace.Election";
  static final String HEARTBEAT_TIMEOUT = "HeartbeatTimeout";
  private static final int HEARTBEAT_TIMEOUT_MILLIS = 750;
  private static final String ADAPTER = "Firn.ReplicatorPeers";
  private static final int UPDATES_PER_CALL_MAX = 256;

  private final Communicator communicator;
  private final Communicator peerCommunicator;
  private final SortedMap<Integer, String> nodes;
  private final int self;
  private final StreamStore store;
  private final ReplicaLoop loop;
  private final boolean traced;
  private @Nullable ObjectAdapter adapter;
  private @Nullable Listener listener;
  private volatile StreamTables tables;

  /** Whether the listener was told so. Loop's thread. */
  private boolean serving;

  /**
   * @param nodes proxies of the peer objects of all replicators by id, with endpoints
   * @param self the id of this one
   * @param store closed here
   */
  ReplicatedStreamEngine(
      Communicator communicator, SortedMap<Integer, String> nodes, int self, StreamStore store) {
    this.communicator = communicator;
    this.nodes = nodes;
    this.self = self;
    this.store = store;
    this.tables = store.load();
    communicator.getProperties().setProperty("Ice.Package.Firn", "dev.firn.wire");
    this.peerCommunicator = PeerCommunicator.create(communicator);
    this.traced =
        communicator.getProperties().getPropertyAsInt(ReplicatorSettings.PREFIX + TRACE) > 0;
    this.loop =
        new ReplicaLoop(
            Replica.of(config(), tables, new SecureRandom()), store, this, "firn-streams");
  }

  private ElectionConfig config() {
    return new ElectionConfig(
        new ReplicaId(self),
        nodes.keySet().stream().map(ReplicaId::new).toList(),
        // All are Firn's, and none forgets what it promised.
        true,
        false,
        UPDATES_PER_CALL_MAX,
        ElectionConfig.WAITING_MAX,
        0,
        timing());
  }

  private ElectionTiming timing() {
    return ElectionTiming.DEFAULTS.withHeartbeatTimeout(
        communicator
            .getProperties()
            .getPropertyAsIntWithDefault(
                ReplicatorSettings.PREFIX + HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MILLIS));
  }

  @Override
  public void start(Listener itsListener) {
    listener = itsListener;
    ObjectPrx own = communicator.stringToProxy(nodes.get(self));
    String text = communicator.proxyToString(own);
    var properties = communicator.getProperties();
    properties.setProperty(ADAPTER + ".ThreadPool.Size", Integer.toString(nodes.size() + 1));
    properties.setProperty(ADAPTER + ".ThreadPool.SizeWarn", "0");
    // What comes over one connection is taken in its order; no dispatch waits for anything.
    properties.setProperty(ADAPTER + ".ThreadPool.Serialize", "1");
    // All streams are sent in one message.
    properties.setProperty(ADAPTER + ".MessageSizeMax", "0");
    ObjectAdapter opened =
        communicator.createObjectAdapterWithEndpoints(
            ADAPTER, text.substring(text.indexOf(':') + 1));
    adapter = opened;
    TreeSet<Integer> others = new TreeSet<>(nodes.keySet());
    others.remove(self);
    opened.add(
        new ReplicatorPeerServant(loop, others, communicator.getLogger()), own.ice_getIdentity());
    loop.start(
        new ReplicatorPeers(
            peerCommunicator,
            nodes,
            Math.toIntExact(timing().heartbeatTimeoutMillis()),
            loop::post));
    opened.activate();
  }

  @Override
  public CompletableFuture<Result> submit(StreamCommand command) {
    // The listener hears of it on the loop's thread, in the order of the answers.
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    CompletableFuture<Result> done = answered.thenCompose(answer -> end(command, answer));
    loop.request(id -> new Input.SubmitHere(id, command), answered);
    return done;
  }

  private CompletableFuture<Result> end(StreamCommand command, Answer answer) {
    if (answer instanceof Answer.Outcome outcome) {
      Result result = (Result) outcome.result();
      Listener told = listener;
      if (serving
          && told != null
          && result instanceof Applied applied
          && !applied.changes().isEmpty()) {
        told.committed(command, applied);
      }
      return CompletableFuture.completedFuture(result);
    } else if (answer instanceof Answer.NotCoordinator) {
      return CompletableFuture.failedFuture(new NotServingException(reason()));
    } else if (answer instanceof Answer.UnknownOutcome unknown) {
      return CompletableFuture.failedFuture(new NotServingException(unknown.reason()));
    } else if (answer instanceof Answer.Failed failed) {
      return CompletableFuture.failedFuture(new NotServingException(failed.reason()));
    }
    throw new IllegalStateException("not the answer to a command: " + answer);
  }

  private String reason() {
    ReplicaView view = loop.view();
    return view.state() == NodeState.NORMAL
        ? "replicator " + view.coordinator() + " is the one to talk to"
        : "the replicators have no coordinator";
  }

  /** The replicator after the last input. Any thread. */
  ReplicaView view() {
    return loop.view();
  }

  @Override
  public void published(ReplicatedState state) {
    tables = (StreamTables) state;
  }

  @Override
  public void gates(boolean readOpen, boolean publishOpen) {
    Listener told = listener;
    if (told == null) {
      return;
    }
    ReplicaView view = loop.view();
    boolean leads = readOpen && view.coordinator().equals(view.id());
    if (leads) {
      serving = true;
      // Every update in them is on the disks of a majority: that is what the group began with.
      told.serving(tables);
      communicator.getLogger().print("replicator " + self + " is the one to talk to");
    } else if (serving || readOpen) {
      serving = false;
      told.notServing(reason());
      communicator.getLogger().print("replicator " + self + ": " + reason());
    }
  }

  @Override
  public void report(Output.Severity severity, String message) {
    Logger logger = communicator.getLogger();
    switch (severity) {
      case ERROR -> logger.error(message);
      case WARNING -> logger.warning(message);
    }
  }

  @Override
  public void trace(Output.Category category, String message) {
    if (traced) {
      communicator.getLogger().trace("Election", message);
    }
  }

  @Override
  public void storeFailed(String reason) {
    communicator.getLogger().error(reason);
  }

  /** With a state machine that broke, going on would risk what was acknowledged. */
  @Override
  public void broken(Throwable bug) {
    ServerProgram.halting(communicator.getLogger(), "replicator " + self).accept(bug);
  }

  @Override
  public void ended() {
    Listener told = listener;
    if (serving && told != null) {
      serving = false;
      told.notServing("shutting down");
    }
  }

  /** Blocks for the transaction and the dispatches under way. */
  @Override
  public void close() {
    loop.shutdown();
    ObjectAdapter opened = adapter;
    if (opened != null) {
      opened.destroy();
    }
    peerCommunicator.destroy();
    store.close();
  }
}
