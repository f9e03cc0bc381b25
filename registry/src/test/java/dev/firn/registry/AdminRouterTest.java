package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.PropertiesAdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminRouterTest {
  private final TestRegistry registry = TestRegistry.start("--Some.Property=value");

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void theRegistrysOwnFacetsAreReachedThroughASession() {
    AdminSessionPrx session = registry.newSession("alice");
    ObjectPrx admin = admin(session.ice_getCommunicator(), "Replica", "Master");

    PropertiesAdminPrx properties = PropertiesAdminPrx.uncheckedCast(admin.ice_facet("Properties"));

    assertThat(properties.getProperty("Some.Property")).isEqualTo("value");
    assertThat(registry.log())
        .anyMatch(line -> line.startsWith("Admin: routing operation `getProperty' to `"));
    Eventually.await(
        "the outcome is traced",
        () ->
            registry
                .log()
                .contains(
                    "Admin: operation `getProperty' routed to"
                        + " `IceGrid/RegistryAdmin-Master -f Properties' is returning"
                        + " successfully"));
    assertThatThrownBy(() -> admin.ice_facet("Unknown").ice_ping())
        .isInstanceOf(ObjectNotExistException.class);
  }

  /**
   * Ice takes a lock of its own and then the adapter's to say what the Admin object is, and the
   * other way round to make any other proxy.
   */
  @Test
  void routingNeedsNoLockOfIceWhileTheAdapterIsLocked() {
    AdminSessionPrx session = registry.newSession("alice");
    ObjectPrx admin = admin(session.ice_getCommunicator(), "Replica", "Master");
    CompletableFuture<Void> answer;
    synchronized (registry.internal()) {
      answer = admin.ice_facet("Process").ice_pingAsync();
      Eventually.await(
          "the request is routed",
          () ->
              registry.log().stream()
                  .anyMatch(line -> line.startsWith("Admin: routing operation `ice_ping' to `")));
    }
    assertThat(answer).succeedsWithin(10, TimeUnit.SECONDS);
  }

  @Test
  void withoutASessionOfTheConnectionThereIsNoRouter() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");

    assertNotExist(admin(registry.newClient(), "Replica", "Master"));
    ObjectPrx own = admin(session.ice_getCommunicator(), "Replica", "Master");
    own.ice_facet("Process").ice_ping();
    session.destroy();
    assertNotExist(own.ice_facet("Process"));
  }

  @Test
  void anEmptyRegistryKnowsNoServerNodeOrOtherRegistry() {
    Communicator client = registry.newSession("alice").ice_getCommunicator();

    assertNotExist(admin(client, "Server", "s"));
    assertNotExist(admin(client, "Node", "n"));
    assertNotExist(admin(client, "Replica", "r"));
    assertThat(registry.log())
        .contains(
            "Admin: could not find Admin proxy for node `n'",
            "Admin: could not find Admin proxy for replica `r'");
  }

  @Test
  void aSlavesAdminObjectGetsEverythingAsItCame() throws Exception {
    TestRegistry slave = TestRegistry.startReplica("Slave1", "--Some.Property=slave's");
    registry.addReplica(
        "Slave1",
        TestRegistry.from(
            registry.communicator(),
            slave.internal().createProxy(slave.id("InternalRegistry-Slave1"))));
    ObjectPrx admin =
        admin(registry.newSession("alice").ice_getCommunicator(), "Replica", "Slave1");

    assertThat(
            PropertiesAdminPrx.uncheckedCast(admin.ice_facet("Properties"))
                .getProperty("Some.Property"))
        .isEqualTo("slave's");
    slave.close();
    assertNotExist(admin.ice_facet("Properties"));
  }

  @Test
  void operationModeParametersContextAndUserExceptionPassThrough() throws Exception {
    List<String> requests = new CopyOnWriteArrayList<>();
    BlobjectAsync target =
        (parameters, current) -> {
          requests.add(
              current.operation
                  + " "
                  + current.mode
                  + " "
                  + parameters.length
                  + " "
                  + current.ctx
                  + " "
                  + current.facet);
          return CompletableFuture.completedFuture(
              new Ice_invokeResult(current.operation.equals("good"), parameters));
        };
    registry.internal().addFacet(target, registry.id("RegistryAdmin-Slave1"), "Facet");
    registry.addReplica("Slave1", registry.internal().createProxy(registry.id("x")));
    ObjectPrx admin =
        admin(registry.newSession("alice").ice_getCommunicator(), "Replica", "Slave1")
            .ice_facet("Facet");
    byte[] parameters = {8, 0, 0, 0, 1, 1, 42, 43};

    Ice_invokeResult good =
        admin.ice_invoke("good", OperationMode.Normal, parameters, Map.of("key", "value"));
    Ice_invokeResult bad = admin.ice_invoke("bad", OperationMode.Idempotent, parameters);

    assertThat(good.returnValue).isTrue();
    assertThat(good.outParams).isEqualTo(parameters);
    assertThat(bad.returnValue).isFalse();
    assertThat(bad.outParams).isEqualTo(parameters);
    assertThat(requests)
        .containsExactly("good Normal 8 {key=value} Facet", "bad Idempotent 8 {} Facet");
  }

  @Test
  void callbacksGoOverTheConnectionOfTheirSessionInOrder() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    ObjectPrx template = session.getAdminCallbackTemplate();
    assertThat(template.ice_getIdentity().name).isEqualTo("pick-a-name");
    assertThat(template.ice_getIdentity().category).startsWith("IceGrid-");
    ObjectAdapter adapter = session.ice_getCommunicator().createObjectAdapter("");
    session.ice_getConnection().setAdapter(adapter);
    List<String> received = new CopyOnWriteArrayList<>();
    Identity callback = new Identity("callback", template.ice_getIdentity().category);
    adapter.addFacet(
        (BlobjectAsync)
            (parameters, current) -> {
              received.add(current.operation);
              return CompletableFuture.completedFuture(new Ice_invokeResult(true, parameters));
            },
        callback,
        "facet");
    ObjectPrx fromElsewhere =
        TestRegistry.from(registry.newClient(), template.ice_identity(callback).ice_facet("facet"));

    List<CompletableFuture<Ice_invokeResult>> calls = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int call = 0; call < 200; call++) {
      sent.add("call" + call);
      calls.add(
          fromElsewhere.ice_invokeAsync(
              "call" + call, OperationMode.Normal, new byte[] {6, 0, 0, 0, 1, 1}));
    }
    calls.forEach(CompletableFuture::join);

    assertThat(received).containsExactlyElementsOf(sent);
    assertNotExist(fromElsewhere.ice_identity(new Identity("callback", "IceGrid-unknown")));
    assertNotExist(fromElsewhere.ice_identity(new Identity("other", callback.category)));
    session.destroy();
    assertNotExist(fromElsewhere);
  }

  private ObjectPrx admin(Communicator client, String kind, String name) {
    Identity identity = new Identity(name, "IceGrid-Registry" + kind + "AdminRouter");
    return TestRegistry.from(client, registry.client().createProxy(identity));
  }

  private static void assertNotExist(ObjectPrx proxy) {
    assertThatThrownBy(proxy::ice_ping).isInstanceOf(ObjectNotExistException.class);
  }
}
