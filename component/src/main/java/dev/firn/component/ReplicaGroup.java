package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Output;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateStore;
import dev.firn.wire.PeerCommunicator;
import dev.firn.wire.ReplicaLoop;
import dev.firn.wire.ReplicaService;
import java.security.SecureRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One of the replicas of a server: they elect a coordinator, which decides, and an update is done
 * when a majority has it on disk. This is the core in its loop, the object that the others see, and
 * the way to them.
 */
final class ReplicaGroup implements ReplicaService, AutoCloseable {
  private static final int UPDATES_PER_CALL_MAX = 256;

  /**
   * The server. Called on the loop's thread, in the order of what happens, unless said; must not
   * block.
   */
  interface Server {
    /** From now on readers see this state. */
    void published(ReplicatedState state);

    /** This replica is in a group that serves; {@link #view} says in which. */
    void joined();

    /** It is in none. */
    void left();

    /**
     * Carries out a command of another replica's client; fails as an operation of Ice does. Called
     * on threads of Ice.
     */
    CompletableFuture<byte[]> submitted(byte[] command);

    /** Nothing happens any more. Perhaps on the thread that closes, perhaps twice. */
    void ended();
  }

  private final Communicator communicator;
  private final Communicator peerCommunicator;
  private final ReplicaNodes nodes;
  private final ReplicaCodec codec;
  private final StateStore store;
  private final Server server;
  private final ReplicaLoop loop;
  private @Nullable ObjectAdapter adapter;

  /**
   * @param store closed here
   * @param waitingMillisMax how long a command that may go to another replica waits for a group; 0
   *     for as long as it takes
   */
  ReplicaGroup(
      Communicator communicator,
      ReplicaNodes nodes,
      StateStore store,
      ReplicaCodec codec,
      Server server,
      long waitingMillisMax) {
    this.communicator = communicator;
    this.nodes = nodes;
    this.codec = codec;
    this.store = store;
    this.server = server;
    communicator.getProperties().setProperty("Ice.Package.Firn", "dev.firn.wire");
    this.peerCommunicator = PeerCommunicator.create(communicator);
    ElectionConfig config =
        new ElectionConfig(
            new ReplicaId(nodes.self()),
            nodes.proxies().keySet().stream().map(ReplicaId::new).toList(),
            // All are Firn's, and none forgets what it promised.
            true,
            false,
            UPDATES_PER_CALL_MAX,
            ElectionConfig.WAITING_MAX,
            waitingMillisMax,
            nodes.timing());
    this.loop =
        new ReplicaLoop(
            Replica.of(config, store.load(), new SecureRandom()),
            store,
            this,
            "firn-" + nodes.kind() + "s");
  }

  void start() {
    String name = nodes.prefix() + "Peers";
    ObjectPrx own = communicator.stringToProxy(nodes.proxies().get(nodes.self()));
    String text = communicator.proxyToString(own);
    var properties = communicator.getProperties();
    properties.setProperty(name + ".ThreadPool.Size", Integer.toString(nodes.proxies().size() + 1));
    properties.setProperty(name + ".ThreadPool.SizeWarn", "0");
    // What comes over one connection is taken in its order; no dispatch waits for anything.
    properties.setProperty(name + ".ThreadPool.Serialize", "1");
    // All of the state is sent in one message.
    properties.setProperty(name + ".MessageSizeMax", "0");
    ObjectAdapter opened =
        communicator.createObjectAdapterWithEndpoints(name, text.substring(text.indexOf(':') + 1));
    adapter = opened;
    TreeSet<Integer> others = new TreeSet<>(nodes.proxies().keySet());
    others.remove(nodes.self());
    opened.add(
        new ReplicaPeerServant(loop, others, codec, server::submitted, communicator.getLogger()),
        own.ice_getIdentity());
    loop.start(
        new ReplicaPeers(
            peerCommunicator,
            nodes.proxies(),
            Math.toIntExact(nodes.timing().heartbeatTimeoutMillis()),
            codec,
            loop::post));
    opened.activate();
  }

  /** The replica after the last input. Any thread. */
  ReplicaView view() {
    return loop.view();
  }

  /** Whether this replica coordinates the group that it is in. Any thread. */
  boolean leads() {
    ReplicaView view = loop.view();
    return view.coordinator().equals(view.id());
  }

  /**
   * Hands in what is answered.
   *
   * @param answered completes on the loop's thread, in the order of the answers
   */
  void request(Function<RequestId, Input> input, CompletableFuture<Answer> answered) {
    loop.request(input, answered);
  }

  @Override
  public void published(ReplicatedState state) {
    server.published(state);
  }

  @Override
  public void gates(boolean readOpen, boolean publishOpen) {
    if (readOpen) {
      server.joined();
    } else {
      server.left();
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
    if (nodes.traced()) {
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
    ServerProgram.halting(communicator.getLogger(), nodes.kind() + " " + nodes.self()).accept(bug);
  }

  @Override
  public void ended() {
    server.ended();
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
