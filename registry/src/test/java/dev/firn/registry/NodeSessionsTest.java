package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.IceGrid.InternalNodeInfo;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeActiveException;
import com.zeroc.IceGrid.NodePrx;
import com.zeroc.IceGrid.NodeSessionPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeSessionsTest {
  private static final LoadInfo LOAD = new LoadInfo(0.5f, 1, 2);

  private final TestRegistry registry = TestRegistry.start("--IceGrid.Registry.Trace.Node=1");
  private final NodeSessions sessions = registry.registryNodes().sessions();

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A node that answers pings, at an address of its own. */
  private ObjectAdapter node() {
    ObjectAdapter adapter =
        registry.newClient().createObjectAdapterWithEndpoints("Node", TestRegistry.endpoint());
    adapter.add(new com.zeroc.Ice.Object() {}, new Identity("Node-n", "IceGrid"));
    adapter.activate();
    return adapter;
  }

  private static NodePrx proxy(ObjectAdapter node) {
    return NodePrx.uncheckedCast(node.createDirectProxy(new Identity("Node-n", "IceGrid")));
  }

  private NodeSessionPrx register(NodePrx node) throws Exception {
    InternalNodeInfo info =
        new InternalNodeInfo("n", "Linux", "host", "6", "1", "x86_64", 2, "/tmp/n");
    NodeSessionPrx session =
        sessions
            .register(info, node, LOAD, new Current())
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    assertThat(session).isNotNull();
    return NodeSessionPrx.uncheckedCast(session);
  }

  @Test
  void nodeIsKnownWhileItHasItsSession() throws Exception {
    NodeSessionPrx session = register(proxy(node()));
    assertThat(sessions.names()).containsExactly("n");
    assertThat(registry.registryNodes().entries().load("n"))
        .isEqualTo(new NodeLoad(0.5f, 1, 2, 2, "Linux"));
    session.keepAlive(new LoadInfo(3, 4, 5));
    assertThat(registry.registryNodes().entries().load("n"))
        .isEqualTo(new NodeLoad(3, 4, 5, 2, "Linux"));
    session.destroy();
    assertThat(sessions.names()).isEmpty();
    assertThatThrownBy(() -> session.keepAlive(LOAD)).isInstanceOf(ObjectNotExistException.class);
    assertThat(registry.log()).contains("Node: node `n' up", "Node: node `n' down");
  }

  @Test
  void nodeThatRegistersAgainGetsANewSession() throws Exception {
    ObjectAdapter node = node();
    NodeSessionPrx first = register(proxy(node));
    NodeSessionPrx second = register(proxy(node));
    assertThatThrownBy(() -> first.keepAlive(LOAD)).isInstanceOf(ObjectNotExistException.class);
    second.keepAlive(LOAD);
  }

  @Test
  void sessionThatIsReplacedBeforeItIsOpenLeavesNothing() {
    InternalNodeInfo info =
        new InternalNodeInfo("n", "Linux", "host", "6", "1", "x86_64", 2, "/tmp/n");
    NodeSessionServant session =
        new NodeSessionServant(
            registry.registryNodes(), (ended, shutdown) -> {}, info, proxy(node()), LOAD);
    session.end(false);
    assertThatThrownBy(() -> session.open(null)).isInstanceOf(ObjectNotExistException.class);
    assertThat(session.servants())
        .allSatisfy(id -> assertThat(registry.registryNodes().internalAdapter().find(id)).isNull());
  }

  @Test
  void whatIsToBeDoneAtTheEndCanBeTakenBack() {
    InternalNodeInfo info =
        new InternalNodeInfo("n", "Linux", "host", "6", "1", "x86_64", 2, "/tmp/n");
    NodeSessionServant session =
        new NodeSessionServant(
            registry.registryNodes(), (ended, shutdown) -> {}, info, proxy(node()), LOAD);
    List<String> done = new ArrayList<>();
    session.onEnd(() -> done.add("first")).run();
    session.onEnd(() -> done.add("second"));
    session.end(false);
    assertThat(done).containsExactly("second");
  }

  @Test
  void ofASessionThatEndedNothingIsLeftWhileItsConnectionLasts() throws Exception {
    NodeSessionPrx session = register(proxy(node()));
    Communicator remote = registry.newClient();
    NodeSessionPrx distant = NodeSessionPrx.uncheckedCast(TestRegistry.from(remote, session));
    distant.keepAlive(LOAD);
    assertThat(registry.registryNodes().connections().size()).isEqualTo(1);
    NodeSessionPrx.uncheckedCast(distant.ice_connectionId("second")).keepAlive(LOAD);
    assertThat(registry.registryNodes().connections().size()).isEqualTo(1);
    distant.destroy();
    assertThat(registry.registryNodes().connections().size()).isZero();
  }

  @Test
  void anotherNodeOfTheSameNameIsRefusedWhileTheFirstAnswers() throws Exception {
    ObjectAdapter first = node();
    NodeSessionPrx session = register(proxy(first));
    NodePrx second = proxy(node());
    assertThatThrownBy(() -> register(second)).hasCauseInstanceOf(NodeActiveException.class);
    session.keepAlive(LOAD);
    first.destroy();
    register(second).keepAlive(LOAD);
    assertThatThrownBy(() -> session.keepAlive(LOAD)).isInstanceOf(ObjectNotExistException.class);
  }
}
