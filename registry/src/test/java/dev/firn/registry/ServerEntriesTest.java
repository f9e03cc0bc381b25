package dev.firn.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.Node;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.RegistryTables;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerEntriesTest {
  private static final LoadInfo LOAD = new LoadInfo(0, 0, 0);

  private final TestRegistry registry = TestRegistry.start();
  private final NodeSessions sessions = registry.registryNodes().sessions();
  private final RegistryTables tables = TestTables.of(TestTables.member("s", ""));
  private final CompletableFuture<Node.LoadServerResult> loaded = new CompletableFuture<>();
  private final ServerEntries entries =
      new ServerEntries(
          () -> tables,
          sessions,
          new NodeRequests(registry.registryNodes().remembered(), registry.traces(), "Master", 30),
          new ActiveAdapters(registry.communicator()),
          registry.traces());

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void whatANodeHasOfAServerIsPresumedWhileItIsBeingLoaded() throws Exception {
    entries.start(tables);
    assertThat(entries.presumedServer("s")).as("the node has no session").isNull();

    NodePrx node = register();
    entries.loadServers("node-s");
    assertThat(entries.server("s", false).toCompletableFuture()).isNotDone();
    ServerPrx server = requireNonNull(entries.presumedServer("s"));
    AdapterPrx adapter = requireNonNull(entries.presumedAdapter("s"));
    assertThat(Util.identityToString(server.ice_getIdentity())).isEqualTo("IceGrid-Server/s");
    assertThat(Util.identityToString(adapter.ice_getIdentity()))
        .isEqualTo("IceGrid-ServerAdapter/s-s");
    assertThat(adapter.ice_getEndpoints()).isEqualTo(node.ice_getEndpoints());

    loaded.complete(new Node.LoadServerResult(server, Map.of("s", adapter), 1, 1));
    entries.server("s", false).toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(entries.presumedServer("s")).as("it is known now").isNull();
    assertThat(entries.presumedAdapter("s")).isNull();
    entries.nodeLost("node-s");
    // A node that is started anew.
    Eventually.await("unknown", () -> server.equals(entries.presumedServer("s")));
  }

  @Test
  void nothingIsPresumedOfWhatIsNotDeployed() throws Exception {
    entries.start(tables);
    register();
    assertThat(entries.presumedServer("other")).isNull();
    assertThat(entries.presumedAdapter("other")).isNull();
  }

  @Test
  void releaseReachesAServerThatSessionsActivateNoMore() {
    RegistryTables bySession = server("session");
    RegistryTables manual = server("manual");
    entries.start(bySession);
    entries.assign("s", "alice");
    assertThat(sessionId()).isEqualTo("alice");

    entries.update(bySession, manual);
    assertThat(sessionId()).isEmpty();
    assertThat(entries.assign("s", "").toCompletableFuture()).isCompleted();
    entries.update(manual, bySession);
    assertThat(sessionId()).isEmpty();
  }

  private String sessionId() {
    return requireNonNull(entries.target("s")).sessionId();
  }

  private static RegistryTables server(String activation) {
    return TestTables.of(
        "<node name='n'><server id='s' exe='/bin/x' activation='" + activation + "'/></node>");
  }

  /** A node that loads its server when the test says so. */
  private NodePrx register() throws Exception {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getName().equals("loadServerAsync")
                ? loaded
                : InvocationHandler.invokeDefault(proxy, method, arguments);
    Node servant =
        (Node)
            Proxy.newProxyInstance(
                ServerEntriesTest.class.getClassLoader(), new Class<?>[] {Node.class}, handler);
    Identity identity = new Identity("Node-node-s", "IceGrid");
    ObjectAdapter adapter =
        registry.newClient().createObjectAdapterWithEndpoints("Node", TestRegistry.endpoint());
    adapter.add(servant, identity);
    adapter.activate();
    NodePrx node = NodePrx.uncheckedCast(adapter.createDirectProxy(identity));
    InternalNodeInfo info =
        new InternalNodeInfo("node-s", "Linux", "host", "6", "1", "x86_64", 2, "/tmp/n");
    sessions
        .register(info, node, LOAD, new Current())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    return node;
  }
}
