package dev.firn.bench;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.AdapterNotActiveException;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.AdapterPrxDictHelper;
import com.zeroc.IceGrid.InternalAdapterDescriptor;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerPrx;
import com.zeroc.IceGrid.ServerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stand-ins for nodes: they speak the protocol of nodes with one registry, accept every server at
 * once, and run no process. So what is measured is the registry's work, not that of ten thousand
 * processes.
 */
final class LightNodes implements AutoCloseable {
  private static final int OUTSTANDING = 64;
  private static final long KEEP_ALIVE_SECONDS = 5;
  private static final LoadInfo LOAD = new LoadInfo(0.1f, 0.1f, 0.1f);

  private record Session(String node, NodeSessionPrx session, NodeObserverPrx observer) {}

  private final Communicator communicator;
  private final ObjectAdapter adapter;
  private final List<Session> sessions = new ArrayList<>();
  private final Map<String, String> nodeOfAdapter = new ConcurrentHashMap<>();
  private final Set<String> inactive = ConcurrentHashMap.newKeySet();
  private final AtomicInteger loads = new AtomicInteger();
  private final ScheduledExecutorService keepAlives =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "light-nodes");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Registers nodes {@code node-0} and so on with a registry.
   *
   * @param registry its InternalRegistry object
   */
  LightNodes(Communicator communicator, ObjectPrx registry, int nodes, int port)
      throws UserException {
    this.communicator = communicator;
    adapter =
        communicator.createObjectAdapterWithEndpoints(
            "LightNodes-" + port, "tcp -h 127.0.0.1 -p " + port);
    adapter.addDefaultServant(new LightNode(), "node");
    adapter.addDefaultServant(new LightServer(), "server");
    adapter.addDefaultServant(new LightAdapter(), "adapter");
    adapter.activate();
    var internal = InternalRegistryPrx.uncheckedCast(registry);
    for (int i = 0; i < nodes; i++) {
      String name = "node-" + i;
      var self = NodePrx.uncheckedCast(proxy(name, "node"));
      var info = new InternalNodeInfo(name, "Linux", "localhost", "1", "1", "x86_64", 1, "/tmp/x");
      NodeSessionPrx session = internal.registerNode(info, self, LOAD);
      NodeObserverPrx observer = session.getObserver();
      var known = new NodeInfo(name, "Linux", "localhost", "1", "1", "x86_64", 1, "/tmp/x");
      observer.nodeUp(new NodeDynamicInfo(known, List.of(), List.of()));
      session.loadServers();
      sessions.add(new Session(name, session, observer));
    }
    keepAlives.scheduleAtFixedRate(
        () -> sessions.forEach(session -> session.session().keepAliveAsync(LOAD)),
        KEEP_ALIVE_SECONDS,
        KEEP_ALIVE_SECONDS,
        TimeUnit.SECONDS);
  }

  private ObjectPrx proxy(String name, String category) {
    return adapter.createProxy(new Identity(name, category));
  }

  /** How often a registry has loaded a server so far. */
  int loads() {
    return loads.get();
  }

  /** Adapters whose servers are to be started on demand; each starts once, at once. */
  void inactive(List<String> adapterIds) {
    inactive.addAll(adapterIds);
  }

  /** Tells the registry that all other servers and adapters are active, as nodes do. */
  void reportActive() throws Exception {
    Deque<CompletableFuture<Void>> inFlight = new ArrayDeque<>();
    for (var entry : nodeOfAdapter.entrySet()) {
      if (inactive.contains(entry.getKey())) {
        continue;
      }
      for (var call : report(entry.getKey(), entry.getValue())) {
        inFlight.add(call);
      }
      while (inFlight.size() > OUTSTANDING) {
        inFlight.removeFirst().get();
      }
    }
    for (var call : inFlight) {
      call.get();
    }
  }

  private List<CompletableFuture<Void>> report(String adapterId, String node) {
    var observer = sessions.get(Integer.parseInt(node.substring(node.indexOf('-') + 1))).observer();
    String server = adapterId.replace("BenchAdapter", "server");
    return List.of(
        observer.updateServerAsync(
            node, new ServerDynamicInfo(server, ServerState.Active, 1, true)),
        observer.updateAdapterAsync(node, new AdapterDynamicInfo(adapterId, direct())));
  }

  private ObjectPrx direct() {
    return communicator.stringToProxy(Dataset.CONSTANT_PROXY);
  }

  @Override
  public void close() {
    keepAlives.shutdownNow();
    adapter.destroy();
  }

  private abstract class Light implements Blobject {
    @Override
    public Ice_invokeResult ice_invoke(byte[] parameters, Current current) throws UserException {
      var in = new InputStream(communicator, current.encoding, parameters);
      in.startEncapsulation();
      var out = new OutputStream(communicator, current.encoding);
      out.startEncapsulation();
      boolean ok = true;
      if (!current.operation.startsWith("ice_")) {
        try {
          answer(in, out, current);
        } catch (UserException e) {
          out = new OutputStream(communicator, current.encoding);
          out.startEncapsulation();
          out.writeException(e);
          ok = false;
        }
      }
      out.endEncapsulation();
      return new Ice_invokeResult(ok, out.finished());
    }

    abstract void answer(InputStream in, OutputStream out, Current current) throws UserException;
  }

  private final class LightNode extends Light {
    @Override
    void answer(InputStream in, OutputStream out, Current current) {
      switch (current.operation) {
        case "loadServer", "loadServerWithoutRestart" -> {
          var holder = new InternalServerDescriptor[1];
          in.readValue(value -> holder[0] = value, InternalServerDescriptor.class);
          in.readString();
          in.readPendingValues();
          loads.incrementAndGet();
          Map<String, AdapterPrx> adapters = new TreeMap<>();
          for (InternalAdapterDescriptor each : holder[0].adapters) {
            nodeOfAdapter.put(each.id, current.id.name);
            adapters.put(each.id, AdapterPrx.uncheckedCast(proxy(each.id, "adapter")));
          }
          AdapterPrxDictHelper.write(out, adapters);
          out.writeInt(60);
          out.writeInt(60);
          out.writeProxy(ServerPrx.uncheckedCast(proxy(holder[0].id, "server")));
        }
        case "getLoad" -> LoadInfo.ice_write(out, LOAD);
        case "getProcessorSocketCount" -> out.writeInt(1);
        default -> {
          // Everything else returns nothing.
        }
      }
    }
  }

  private static void refuse(Current current) {
    throw new OperationNotExistException(current.id, current.facet, current.operation);
  }

  private final class LightServer extends Light {
    @Override
    void answer(InputStream in, OutputStream out, Current current) {
      switch (current.operation) {
        case "checkUpdate", "isEnabled" -> out.writeBool(true);
        case "getState" -> ServerState.ice_write(out, ServerState.Active);
        case "getPid" -> out.writeInt(1);
        default -> refuse(current);
      }
    }
  }

  private final class LightAdapter extends Light {
    @Override
    void answer(InputStream in, OutputStream out, Current current) throws UserException {
      String id = current.id.name;
      switch (current.operation) {
        case "getDirectProxy" -> {
          if (inactive.contains(id)) {
            throw new AdapterNotActiveException(true);
          }
          out.writeProxy(direct());
        }
        case "activate" -> {
          inactive.remove(id);
          report(id, nodeOfAdapter.getOrDefault(id, "node-0"));
          out.writeProxy(direct());
        }
        default -> refuse(current);
      }
    }
  }
}
