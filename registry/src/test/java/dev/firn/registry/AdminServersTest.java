package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.IceGrid.AdapterPrx;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.Node;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.Server;
import com.zeroc.IceGrid.ServerPrx;
import com.zeroc.IceGrid.ServerState;
import dev.firn.wire.Mapping;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that answers about its one server, and says nothing of it by itself. */
class AdminServersTest {
  private static final String SERVER = "s";
  private static final String ADAPTER = "s";

  private final TestRegistry registry =
      TestRegistry.start(TestTables.of(TestTables.member(SERVER, "")));
  private final ServerEntries entries = registry.registryNodes().entries();
  private final AdminServers servers = new AdminServers(context());
  private volatile ServerState state = ServerState.Active;
  private volatile int pid = 77;

  @BeforeEach
  void register() throws Exception {
    ObjectAdapter adapter =
        registry.newClient().createObjectAdapterWithEndpoints("Node", TestRegistry.endpoint());
    ServerPrx server = ServerPrx.uncheckedCast(adapter.add(server(), new Identity("server", "")));
    AdapterPrx itsAdapter = AdapterPrx.uncheckedCast(adapter.createProxy(new Identity("a", "")));
    Node.LoadServerResult loaded =
        new Node.LoadServerResult(server, Map.of(ADAPTER, itsAdapter), 1, 1);
    Node node =
        answering(Node.class, Map.of("loadServerAsync", CompletableFuture.completedFuture(loaded)));
    NodePrx proxy =
        NodePrx.uncheckedCast(adapter.add(node, new Identity("Node-node-s", "IceGrid")));
    adapter.activate();
    registry
        .registryNodes()
        .sessions()
        .register(
            new InternalNodeInfo("node-s", "Linux", "host", "6", "1", "x86_64", 2, "/tmp/n"),
            proxy,
            new LoadInfo(0, 0, 0),
            new Current())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    entries.loadServers("node-s");
    get(entries.server(SERVER, true));
    entries.learned(
        ADAPTER, entries.stamp(ADAPTER), Mapping.encode(registry.communicator(), server));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void whoWasToldThatAServerIsNotActiveIsNotSentToWhereItWas() throws Exception {
    assertThat(get(servers.state(SERVER))).isEqualTo(ServerState.Active);
    assertThat(entries.activeProxy(ADAPTER)).isNotNull();

    state = ServerState.Inactive;
    assertThat(get(servers.state(SERVER))).isEqualTo(ServerState.Inactive);
    assertThat(entries.activeProxy(ADAPTER)).isNull();
  }

  @Test
  void whoWasToldThatAServerHasNoProcessIsNotSentToWhereItWas() throws Exception {
    assertThat(get(servers.pid(SERVER))).isEqualTo(77);
    assertThat(entries.activeProxy(ADAPTER)).isNotNull();

    pid = 0;
    assertThat(get(servers.pid(SERVER))).isZero();
    assertThat(entries.activeProxy(ADAPTER)).isNull();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Server server() {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getState" -> state;
              case "getPid" -> pid;
              default -> InvocationHandler.invokeDefault(proxy, method, arguments);
            };
    return answering(Server.class, handler);
  }

  private AdminContext context() {
    return answering(AdminContext.class, Map.of("registryNodes", registry.registryNodes()));
  }

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return answering(
        type,
        (proxy, method, arguments) ->
            answers.containsKey(method.getName())
                ? answers.get(method.getName())
                : InvocationHandler.invokeDefault(proxy, method, arguments));
  }

  private static <T> T answering(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            AdminServersTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
