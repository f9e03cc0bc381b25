package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Glacier2.CannotCreateSessionException;
import com.zeroc.Glacier2.IdentitySet;
import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Glacier2.SSLInfo;
import com.zeroc.Glacier2.SSLSessionManagerPrx;
import com.zeroc.Glacier2.SessionControl;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionManagerPrx;
import com.zeroc.Glacier2.StringSet;
import com.zeroc.Glacier2.StringSetPrx;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.PropertiesAdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.FileIteratorPrx;
import com.zeroc.IceGrid.SessionPrx;
import dev.firn.model.RegistryTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlacierSessionsTest {
  private final TestRegistry registry =
      TestRegistry.start(
          "--IceGrid.Registry.AdminSessionFilters=1", "--IceGrid.Registry.SessionFilters=1");
  private final Communicator client = registry.newClient();
  private final ObjectAdapter router =
      client.createObjectAdapterWithEndpoints("Router", TestRegistry.endpoint());
  private final TestControl control = new TestControl();
  private final SessionControlPrx controlProxy =
      SessionControlPrx.uncheckedCast(router.addWithUUID(control));

  GlacierSessionsTest() {
    router.activate();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aSessionIsNotBoundToAConnection() throws Exception {
    AdminSessionPrx session = create(controlProxy);
    Communicator other = registry.newClient();

    AdminSessionPrx.uncheckedCast(TestRegistry.from(other, session)).keepAlive();
    assertThat(session.getAdmin().getAllApplicationNames()).containsExactly("alice");
    assertThat(session.getAdminCallbackTemplate()).isNull();
    ObjectPrx routed =
        TestRegistry.from(
            other,
            registry
                .adminSessionManager()
                .createProxy(new Identity("Master", "IceGrid-RegistryReplicaAdminRouter")));
    assertThat(
            PropertiesAdminPrx.uncheckedCast(routed.ice_facet("Properties"))
                .getProperty("Ice.Admin.Enabled"))
        .isEqualTo("1");
    session.destroy();
    assertThatThrownBy(session::keepAlive).isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void aPingKeepsASessionAlive() throws Exception {
    AdminSessionPrx session = create(controlProxy);

    session.ice_ping();

    assertThat(registry.log()).contains("Session: admin session `alice' keep alive");
  }

  @Test
  void theRouterIsToldWhatASessionMayReach(@TempDir Path directory) throws Exception {
    AdminSessionPrx session = create(controlProxy);

    assertThat(control.identities)
        .containsExactlyInAnyOrder(
            registry.id("Query"), session.ice_getIdentity(), session.getAdmin().ice_getIdentity());
    assertThat(control.categories)
        .containsExactlyInAnyOrder(
            "IceGrid-RegistryServerAdminRouter",
            "IceGrid-RegistryNodeAdminRouter",
            "IceGrid-RegistryReplicaAdminRouter");

    Path log = Files.writeString(directory.resolve("log"), "text");
    registry.communicator().getProperties().setProperty("Ice.StdOut", log.toString());
    FileIteratorPrx iterator = session.openRegistryStdOut("Master", 1);
    Eventually.await(
        "the iterator is added", () -> control.identities.contains(iterator.ice_getIdentity()));
    iterator.destroy();
    Eventually.await("the iterator is removed", () -> control.identities.size() == 3);
  }

  @Test
  void withoutControlASessionLivesUntilItIsDestroyed() throws Exception {
    AdminSessionPrx session = create(null);

    session.keepAlive();

    assertThat(registry.sessions().reaper().size()).isEqualTo(1);
    session.destroy();
    assertThat(registry.sessions().reaper().size()).isZero();
  }

  @Test
  void aRouterThatCannotBeCalledBackGetsNoSession() {
    ObjectPrx gone = client.stringToProxy("gone:" + TestRegistry.endpoint());

    assertThatThrownBy(() -> create(SessionControlPrx.uncheckedCast(gone)))
        .isInstanceOfSatisfying(
            CannotCreateSessionException.class,
            ex -> assertThat(ex.reason).isEqualTo("internal server error"));
    assertThat(registry.sessions().reaper().size()).isZero();
    assertThat(registry.log())
        .contains("Session: admin session `alice' destroyed")
        .anyMatch(
            line ->
                line.startsWith("warning: Failed to callback Glacier2 session control object:\n"));
  }

  @Test
  void theRouterIsToldWhatAClientMayReach() throws Exception {
    registry
        .sessions()
        .allocatables()
        .update(
            RegistryTables.EMPTY,
            TestAllocatables.with(
                RegistryTables.EMPTY,
                "App",
                TestAllocatables.server("shared", "manual", false, "::T", "a"),
                TestAllocatables.server("whole", "manual", true, "::T", "b", "c")));
    SessionPrx session =
        SessionPrx.uncheckedCast(
            SessionManagerPrx.uncheckedCast(
                    TestRegistry.from(
                        client,
                        registry.sessionManager().createProxy(registry.id("SessionManager"))))
                .create("alice", controlProxy));
    Identity query = registry.id("Query");
    Identity own = session.ice_getIdentity();
    assertThat(control.identities).containsExactlyInAnyOrder(query, own);

    // Whoever has the answer can use it: the router was told before.
    session.allocateObjectById(new Identity("a", "test"));
    assertThat(control.identities).contains(new Identity("a", "test"));
    session.allocateObjectById(new Identity("b", "test"));
    assertThat(control.identities).contains(new Identity("b", "test"), new Identity("c", "test"));
    assertThat(control.adapterIds).containsExactly("whole.A");

    session.releaseObject(new Identity("a", "test"));
    session.releaseObject(new Identity("b", "test"));
    Eventually.await(
        "the filters are as before",
        () ->
            Set.copyOf(control.identities).equals(Set.of(query, own))
                && control.adapterIds.isEmpty());
    session.ice_ping();
    session.destroy();
    assertThatThrownBy(session::keepAlive).isInstanceOf(ObjectNotExistException.class);
    assertThat(registry.log())
        .contains(
            "Session: client session `alice' keep alive",
            "Session: client session `alice' destroyed");
  }

  @Test
  void aCertificatesSubjectIsTheSessionsId(@TempDir Path directory) throws Exception {
    String pem = TestCertificates.selfSigned(directory, "/CN=Alice B/O=Firn/C=CH").pem();

    AdminSessionPrx session = createSsl(pem);

    assertThat(session.getAdmin().getAllApplicationNames())
        .containsExactly("C=CH,O=Firn,CN=Alice B");
    assertThat(createSsl().getAdmin().getAllApplicationNames()).containsExactly("");
    assertThatThrownBy(() -> createSsl("garbage"))
        .isInstanceOfSatisfying(
            CannotCreateSessionException.class,
            ex -> assertThat(ex.reason).isEqualTo("internal server error"));
    assertThat(registry.log())
        .anyMatch(
            line ->
                line.startsWith("error: SSL session manager couldn't decode SSL certificates:\n"));
  }

  private AdminSessionPrx create(@Nullable SessionControlPrx sessionControl) throws Exception {
    return AdminSessionPrx.uncheckedCast(
        SessionManagerPrx.uncheckedCast(manager("AdminSessionManager"))
            .create("alice", sessionControl));
  }

  private AdminSessionPrx createSsl(String... certificates) throws Exception {
    SSLInfo info = new SSLInfo("", 0, "", 0, "", certificates);
    return AdminSessionPrx.uncheckedCast(
        SSLSessionManagerPrx.uncheckedCast(manager("AdminSSLSessionManager"))
            .create(info, controlProxy));
  }

  private ObjectPrx manager(String name) {
    return TestRegistry.from(client, registry.adminSessionManager().createProxy(registry.id(name)));
  }

  /** A router's side of a session: keeps what it is told. */
  private final class TestControl implements SessionControl {
    private final List<String> categories = new CopyOnWriteArrayList<>();
    private final List<Identity> identities = new CopyOnWriteArrayList<>();
    private final List<String> adapterIds = new CopyOnWriteArrayList<>();

    @Override
    public StringSetPrx categories(Current current) {
      return set(categories);
    }

    @Override
    public StringSetPrx adapterIds(Current current) {
      return set(adapterIds);
    }

    private StringSetPrx set(List<String> members) {
      return StringSetPrx.uncheckedCast(
          router.addWithUUID(
              new StringSet() {
                @Override
                public void add(String[] additions, Current call) {
                  members.addAll(Arrays.asList(additions));
                }

                @Override
                public void remove(String[] deletions, Current call) {
                  members.removeAll(Arrays.asList(deletions));
                }

                @Override
                public String[] get(Current call) {
                  return members.toArray(String[]::new);
                }
              }));
    }

    @Override
    public IdentitySetPrx identities(Current current) {
      return IdentitySetPrx.uncheckedCast(
          router.addWithUUID(
              new IdentitySet() {
                @Override
                public void add(Identity[] additions, Current call) {
                  identities.addAll(Arrays.asList(additions));
                }

                @Override
                public void remove(Identity[] deletions, Current call) {
                  identities.removeAll(Arrays.asList(deletions));
                }

                @Override
                public Identity[] get(Current call) {
                  return identities.toArray(Identity[]::new);
                }
              }));
    }

    @Override
    public int getSessionTimeout(Current current) {
      return 60;
    }

    @Override
    public void destroy(Current current) {}
  }
}
