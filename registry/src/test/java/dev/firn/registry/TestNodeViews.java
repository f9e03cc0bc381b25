package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.Adapter;
import com.zeroc.IceGrid.AdapterActiveException;
import com.zeroc.IceGrid.AdapterNotActiveException;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.Server;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.EncodedProxy;
import dev.firn.wire.Mapping;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as the locator sees them: the adapters are servants of this process, called as if they were
 * on nodes.
 */
final class TestNodeViews implements NodeViews, AutoCloseable {
  final RecordingLogger logger = new RecordingLogger();
  final Communicator communicator;

  /** What nodes were asked, in the order in which they were: {@code ask ID}, {@code start ID}. */
  final List<String> calls = new CopyOnWriteArrayList<>();

  private volatile @Nullable ServerPrx presumedServer;
  private final ObjectAdapter adapter;
  private final Map<String, TestAdapter> adapters = new ConcurrentHashMap<>();
  private final Map<String, EncodedProxy> active = new ConcurrentHashMap<>();
  private final Map<String, NodeLoad> loads = new ConcurrentHashMap<>();
  private final Map<String, Boolean> enabled = new ConcurrentHashMap<>();

  TestNodeViews() {
    InitializationData init = new InitializationData();
    init.logger = logger;
    init.properties = Util.createProperties();
    init.properties.setProperty("IceGrid.Registry.Trace.Locator", "2");
    init.properties.setProperty("Ice.ThreadPool.Server.SizeMax", "16");
    init.properties.setProperty("Ice.ThreadPool.Client.SizeMax", "4");
    communicator = Util.initialize(init);
    adapter = communicator.createObjectAdapter("");
    adapter.activate();
  }

  Traces traces() {
    return new Traces(communicator.getProperties(), logger);
  }

  /** An adapter of a server that could be started on demand. */
  TestAdapter add(String id) {
    TestAdapter added = new TestAdapter(id);
    adapters.put(id, added);
    return added;
  }

  TestAdapter adapter(String id) {
    TestAdapter known = adapters.get(id);
    if (known == null) {
      throw new IllegalArgumentException(id);
    }
    return known;
  }

  /** A server of which nobody knows what its node has; what it is told as its process. */
  CompletableFuture<Object> presumeServer(String id) {
    CompletableFuture<Object> told = new CompletableFuture<>();
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("setProcessAsync")) {
            told.complete(arguments[0]);
            return CompletableFuture.completedFuture(null);
          }
          return InvocationHandler.invokeDefault(proxy, method, arguments);
        };
    Server servant =
        (Server)
            Proxy.newProxyInstance(
                TestNodeViews.class.getClassLoader(), new Class<?>[] {Server.class}, handler);
    presumedServer = ServerPrx.uncheckedCast(adapter.add(servant, new Identity(id, "servers")));
    return told;
  }

  void load(String node, double average, int processors) {
    loads.put(node, new NodeLoad((float) average, 5, 15, processors, "Linux"));
  }

  void enabled(String server, boolean now) {
    enabled.put(server, now);
  }

  static String endpoint(String adapterId) {
    return "tcp -h 127.0.0.1 -p " + (20_000 + Math.floorMod(adapterId.hashCode(), 9_999));
  }

  @Override
  public CompletionStage<NodeAdapter> adapter(String adapterId, boolean upToDate) {
    TestAdapter known = adapters.get(adapterId);
    if (known == null) {
      return CompletableFuture.failedFuture(
          new NodeUnreachableException("node", "the node is not active"));
    }
    return upToDate || known.unknown
        ? known.loaded
        : CompletableFuture.completedFuture(known.onNode());
  }

  @Override
  public @Nullable AdapterPrx presumedAdapter(String adapterId) {
    TestAdapter known = adapters.get(adapterId);
    return known == null || !known.unknown ? null : known.proxy;
  }

  @Override
  public @Nullable ServerPrx presumedServer(String serverId) {
    return presumedServer;
  }

  @Override
  public CompletionStage<NodeServer> server(String serverId, boolean upToDate) {
    return CompletableFuture.failedFuture(
        new NodeUnreachableException("node", "the node is not active"));
  }

  @Override
  public @Nullable EncodedProxy activeProxy(String adapterId) {
    return active.get(adapterId);
  }

  @Override
  public long stamp(String adapterId) {
    return 0;
  }

  @Override
  public void learned(String adapterId, long stamp, EncodedProxy proxy) {
    active.put(adapterId, proxy);
  }

  @Override
  public void forget(String adapterId) {
    active.remove(adapterId);
  }

  @Override
  public boolean serverEnabled(String serverId) {
    return enabled.getOrDefault(serverId, true);
  }

  @Override
  public void onEnabled(BiConsumer<String, Boolean> listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable NodeLoad load(String node) {
    return loads.get(node);
  }

  @Override
  public @Nullable NodeInfo info(String node) {
    return null;
  }

  @Override
  public void close() {
    adapters
        .values()
        .forEach(
            each -> {
              each.silence.countDown();
              each.started.complete(null); // dispatch that is not over keeps Ice alive
            });
    communicator.destroy();
  }

  /** An adapter and what its server does. */
  final class TestAdapter implements Adapter {
    private final String id;
    private final AdapterPrx proxy;
    private final CountDownLatch silence = new CountDownLatch(1);
    private volatile boolean silent;
    private volatile boolean startable = true;
    private volatile boolean unknown;
    private volatile boolean missing;
    private volatile String options = "-t -e 1.1";
    private volatile CompletableFuture<NodeAdapter> loaded;
    private final CompletableFuture<@Nullable ObjectPrx> started = new CompletableFuture<>();
    private volatile @Nullable ObjectPrx registered;

    TestAdapter(String id) {
      this.id = id;
      proxy = AdapterPrx.uncheckedCast(adapter.add(this, new Identity(id, "node")));
      loaded = CompletableFuture.completedFuture(onNode());
    }

    NodeAdapter onNode() {
      return new NodeAdapter(proxy, 60, 60);
    }

    ObjectPrx direct() {
      return communicator.stringToProxy("dummy " + options + ":" + endpoint(id));
    }

    /** Its server runs; the registry has not heard so. */
    TestAdapter running() {
      registered = direct();
      return this;
    }

    /** Its server runs, and the registry knows. */
    TestAdapter active() {
      running();
      TestNodeViews.this.active.put(id, Mapping.encode(communicator, registered));
      return this;
    }

    /** Its server is disabled. */
    TestAdapter refusing() {
      startable = false;
      return this;
    }

    /** Its node does not answer. */
    TestAdapter silent() {
      silent = true;
      return this;
    }

    /** It understands no more than this encoding. */
    TestAdapter encoding(String version) {
      options = "-t -e " + version;
      return this;
    }

    /** Its server is on its way to the node. */
    TestAdapter synchronising() {
      loaded = new CompletableFuture<>();
      return this;
    }

    /** Nobody knows what its node has of its server, which is on its way there. */
    TestAdapter unknown() {
      unknown = true;
      return synchronising();
    }

    /** Its node does not have its server yet. */
    TestAdapter missing() {
      missing = true;
      return unknown();
    }

    void synchronised() {
      missing = false;
      loaded.complete(onNode());
    }

    void refused() {
      loaded.completeExceptionally(
          new com.zeroc.IceGrid.DeploymentException("couldn't load `" + id + "'"));
    }

    /** Its server, being started, gets there. */
    void starts() {
      registered = direct();
      started.complete(registered);
    }

    void doesNotStart() {
      started.complete(null);
    }

    @Nullable ObjectPrx registered() {
      return registered;
    }

    @Override
    public ObjectPrx getDirectProxy(Current current) throws AdapterNotActiveException {
      calls.add("ask " + id);
      if (silent) {
        try {
          silence.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      ObjectPrx known = registered;
      if (known == null) {
        throw new AdapterNotActiveException(startable);
      }
      return known;
    }

    @Override
    public CompletionStage<ObjectPrx> activateAsync(Current current) {
      calls.add("start " + id);
      return started.thenApply(now -> now);
    }

    @Override
    public CompletionStage<Void> setDirectProxyAsync(@Nullable ObjectPrx direct, Current current)
        throws AdapterActiveException {
      calls.add("set " + id);
      if (missing) {
        throw new com.zeroc.Ice.ObjectNotExistException();
      }
      if (direct != null && registered != null) {
        throw new AdapterActiveException();
      }
      registered = direct;
      return CompletableFuture.completedFuture(null);
    }
  }
}
