package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.RegistryNotExistException;
import com.zeroc.IceGrid.RegistryPrx;
import com.zeroc.IceGrid.ServerNotExistException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminSessionTest {
  private final TestRegistry registry = TestRegistry.start();

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aSessionHasAnAdminObjectOfItsOwn() throws Exception {
    AdminSessionPrx alice = registry.newSession("alice");
    AdminSessionPrx bob = registry.newSession("bob");

    AdminPrx admin = alice.getAdmin();

    assertThat(admin.getAllApplicationNames()).containsExactly("alice");
    assertThat(bob.getAdmin().getAllApplicationNames()).containsExactly("bob");
    assertThat(admin.ice_getIdentity().category).isEqualTo("IceGrid");
    assertThat(alice.getReplicaName()).isEqualTo("Master");
    assertThat(registry.log()).contains("Session: admin session `alice' created");
  }

  @Test
  void aSessionExistsOnlyForTheConnectionThatMadeIt() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    AdminPrx admin = session.getAdmin();
    Communicator stranger = registry.newClient();

    assertThatThrownBy(
            () -> AdminSessionPrx.uncheckedCast(TestRegistry.from(stranger, session)).keepAlive())
        .isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(() -> TestRegistry.from(stranger, admin).ice_ping())
        .isInstanceOf(ObjectNotExistException.class);
    session.keepAlive();
  }

  @Test
  void aConnectionMayHaveSeveralSessions() throws Exception {
    RegistryPrx proxy = registry.registry(registry.newClient());
    AdminSessionPrx first = proxy.createAdminSession("alice", "");
    AdminSessionPrx second = proxy.createAdminSession("bob", "");

    first.destroy();

    second.keepAlive();
    TestRegistry.connection(second).close(ConnectionClose.Gracefully);
    Eventually.await("both are gone", () -> registry.sessions().reaper().size() == 0);
  }

  @Test
  void aDestroyedSessionIsGone() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    AdminPrx admin = session.getAdmin();

    session.destroy();

    assertThatThrownBy(session::destroy).isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(session::keepAlive).isInstanceOf(ObjectNotExistException.class);
    assertThatThrownBy(admin::ice_ping).isInstanceOf(ObjectNotExistException.class);
    assertThat(registry.sessions().reaper().size()).isZero();
    assertThat(registry.log()).contains("Session: admin session `alice' destroyed");
  }

  @Test
  void aSessionEndsWithItsConnection() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    int unused = session.startUpdate();

    TestRegistry.connection(session).close(ConnectionClose.Forcefully);

    Eventually.await("it is gone", () -> registry.sessions().reaper().size() == 0);
    AdminSessionPrx other = registry.newSession("bob");
    Eventually.await("its lock is free", () -> startsUpdate(other));
  }

  @Test
  void heartbeatsOfTheConnectionKeepASessionAlive() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");

    TestRegistry.connection(session).heartbeat();

    Eventually.await(
        "a keep-alive is traced",
        () -> registry.log().contains("Session: admin session `alice' keep alive"));
  }

  @Test
  void aSessionAnswersForAnyFacet() throws Exception {
    ObjectPrx session = registry.newSession("alice");

    assertThat(session.ice_facet("other").ice_id()).isEqualTo(AdminSessionPrx.ice_staticId());
  }

  @Test
  void oneSessionAtATimeUpdates() throws Exception {
    AdminSessionPrx alice = registry.newSession("alice");
    AdminSessionPrx bob = registry.newSession("bob");

    assertThat(alice.startUpdate()).isZero();
    assertThat(alice.startUpdate()).isZero();

    assertThatThrownBy(bob::startUpdate)
        .isInstanceOfSatisfying(
            AccessDeniedException.class, ex -> assertThat(ex.lockUserId).isEqualTo("alice"));
    assertThatThrownBy(bob::finishUpdate)
        .isInstanceOfSatisfying(
            AccessDeniedException.class, ex -> assertThat(ex.lockUserId).isEmpty());
    assertThatThrownBy(() -> bob.getAdmin().removeApplication("x"))
        .isInstanceOf(AccessDeniedException.class);
    alice.getAdmin().removeApplication("x");
    alice.finishUpdate();
    bob.getAdmin().removeApplication("x");
    assertThatThrownBy(alice::finishUpdate).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void thereAreNoServersAndNodes() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");

    assertThatThrownBy(() -> session.openServerStdOut("s", 10))
        .isInstanceOfSatisfying(
            ServerNotExistException.class, ex -> assertThat(ex.id).isEqualTo("s"));
    assertThatThrownBy(() -> session.openServerLog("s", "/log", 10))
        .isInstanceOf(ServerNotExistException.class);
    assertThatThrownBy(() -> session.openNodeStdErr("n", 10))
        .isInstanceOfSatisfying(
            NodeNotExistException.class, ex -> assertThat(ex.name).isEqualTo("n"));
    assertThatThrownBy(() -> session.openRegistryStdErr("r", 10))
        .isInstanceOfSatisfying(
            RegistryNotExistException.class, ex -> assertThat(ex.name).isEqualTo("r"));
  }

  @Test
  void theRegistryTellsItsTimeouts() {
    RegistryPrx proxy = registry.registry(registry.newClient());

    assertThat(proxy.getSessionTimeout()).isEqualTo(30);
    assertThat(proxy.getACMTimeout()).isEqualTo(60);
  }

  private static boolean startsUpdate(AdminSessionPrx session) {
    try {
      return session.startUpdate() == 0;
    } catch (AccessDeniedException held) {
      return false;
    }
  }
}
