package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.ConnectFailedException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.SocketException;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UnknownUserException;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListener;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.ActivationFailed;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** One instance of a group without state, with neither locator nor replicator around it. */
class ComponentInstanceTest extends InstanceFixture {
  @Test
  void itStandsByServesAndStandsByAgain() throws Exception {
    locator();
    start();
    awaitStandby();
    assertThat(replica().isActive()).isFalse();
    assertThatThrownBy(this::call).isInstanceOf(ConnectFailedException.class);

    assertThat(replica().activate()).isTrue();
    assertThat(replica().isActive()).isTrue();
    assertThat(call()).isTrue();
    assertThat(replica().activate()).isTrue();

    replica().standby();
    assertThat(replica().isActive()).isFalse();
    assertThatThrownBy(this::call).isInstanceOf(ConnectFailedException.class);
    replica().standby();
    managed().promote(0, true);
    assertThat(call()).isTrue();
    assertThat(component.calls).containsExactly("activate 1", "standby", "activate 2");
  }

  @Test
  void withoutALocatorItStartsAndChangesItsRoleAllTheSame() {
    start();
    assertThat(replica().activate()).isTrue();
    assertThat(call()).isTrue();
    assertThat(managed().getStatus().registered).isEmpty();
    TestLocator locator = locator();
    Eventually.await("registered", () -> locator.guids().contains("test.Slow"));
    Eventually.await("all", () -> managed().getStatus().registered.length == 3);
    replica().standby();
    assertThat(locator.guids()).doesNotContain("test.Slow");
  }

  @Test
  void theLocatorKnowsTheReplicaAlwaysAndTheServicesOfTheActiveOne() {
    TestLocator locator = locator();
    start();
    awaitStandby();
    assertThat(locator.guids()).containsExactly("test-1.ConfigurationService", "test-1.Replica");
    assertThat(replica().activate()).isTrue();
    assertThat(locator.guids()).contains("test.Slow").doesNotContain("test.Fast");
    replica().standby();
    assertThat(locator.guids()).doesNotContain("test.Slow").contains("test-1.Replica");
    instance().close();
    assertThat(locator.guids()).doesNotContain("test-1.Replica");
  }

  @Test
  void aNewerEpochAtTheLocatorEndsTheRole() {
    TestLocator locator = locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    locator.knows("test", 9);
    Eventually.await("demoted", () -> !instance().isActive());
    awaitStandby();
    assertThat(managed().getStatus().epoch).as("what it refuses to go below").isEqualTo(9);
    assertThat(replica().activate()).isTrue();
    assertThat(managed().getStatus().epoch).isEqualTo(10);
  }

  @Test
  void iceOpensTheSocketsOfAnAdapterWhenItIsCreated() {
    // The fact that late binding is for: an address that has not come yet fails the creation.
    server.getProperties().setProperty("Absent.Endpoints", "tcp -h 192.0.2.1 -p " + servicePort);
    assertThatThrownBy(() -> server.createObjectAdapter("Absent"))
        .isInstanceOf(SocketException.class);
    server.getProperties().setProperty("Here.Endpoints", "tcp -h 127.0.0.1 -p " + servicePort);
    ObjectAdapter adapter = server.createObjectAdapter("Here");
    assertThatThrownBy(() -> new ServerSocket(servicePort, 1, InetAddress.getLoopbackAddress()))
        .isInstanceOf(IOException.class);
    adapter.destroy();
  }

  @Test
  void anAddressThatIsNotThereYetIsWaitedFor() throws Exception {
    set("ActivateTimeout", "60");
    locator();
    start();
    awaitStandby();
    CompletableFuture<Boolean> activation;
    try (ServerSocket taken = new ServerSocket(servicePort, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      activation = replica().activateAsync();
      Eventually.await("the hook", () -> component.calls.contains("activate 1"));
    }
    assertThat(activation.join()).isTrue();
    assertThat(call()).isTrue();
  }

  @Test
  void anAddressThatDoesNotComeEndsInStandby() throws Exception {
    set("ActivateTimeout", "4");
    locator();
    start();
    awaitStandby();
    try (ServerSocket taken = new ServerSocket(servicePort, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertThat(replica().activate()).isFalse();
    }
    awaitStandby();
    assertThat(managed().getStatus().lastError).contains("adapter cannot be opened");
    assertThat(component.calls).containsExactly("activate 1", "standby");
    assertThat(replica().activate()).isTrue();
  }

  @Test
  void anEarlyBoundAdapterRefusesUntilTheInstanceIsActive() {
    set("LateBind", "0");
    locator();
    start();
    awaitStandby();
    assertThatThrownBy(this::call).isInstanceOf(ObjectNotExistException.class);
    assertThat(replica().activate()).isTrue();
    assertThat(call()).isTrue();
    replica().standby();
    assertThatThrownBy(this::call).isInstanceOf(ObjectNotExistException.class);
    assertThat(replica().activate()).isTrue();
    assertThat(call()).isTrue();
  }

  @Test
  void aStandaloneInstanceActivatesItselfAndCanStandBy() {
    set("Standalone", "true");
    set("Standalone.RequireLocator", "0");
    start();
    Eventually.await("active", () -> instance().isActive());
    assertThat(call()).isTrue();
    replica().standby();
    assertThat(instance().isActive()).isFalse();
    assertThat(replica().activate()).isTrue();
    assertThat(managed().getStatus().standalone).isTrue();
  }

  @Test
  void aStandaloneInstanceWaitsForTheLocator() {
    set("Standalone", "true");
    start();
    assertThat(managed().getStatus().state).isEqualTo(ReplicaState.Starting);
    assertThat(component.calls).isEmpty();
  }

  @Test
  void aRequestInProgressIsAnsweredBeforeTheInstanceStandsBy() {
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    CompletableFuture<Void> request = slow().suspendAsync();
    Eventually.await("the request", () -> component.calls.contains("suspend"));
    CompletableFuture<Void> standby = replica().standbyAsync();
    Eventually.await(
        "deactivating", () -> managed().getStatus().state == ReplicaState.Deactivating);
    assertThat(standby).isNotDone();
    component.slowMayEnd.complete(null);
    standby.join();
    request.join();
  }

  @Test
  void aRequestInProgressIsAnsweredBeforeTheInstanceEnds() {
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    CompletableFuture<Void> request = slow().suspendAsync();
    Eventually.await("the request", () -> component.calls.contains("suspend"));
    ManagedReplicaPrx asked = managed();
    CompletableFuture<Void> end = CompletableFuture.runAsync(instance()::close);
    instance = null;
    Eventually.await("stopping", () -> asked.getStatus().state == ReplicaState.Stopping);
    component.slowMayEnd.complete(null);
    end.join();
    request.join();
  }

  @Test
  void aRequestThatDoesNotEndDoesNotKeepTheInstanceActive() {
    set("StandbyTimeout", "2");
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    CompletableFuture<Void> request = slow().suspendAsync();
    Eventually.await("the request", () -> component.calls.contains("suspend"));
    replica().standby();
    assertThat(replica().isActive()).isFalse();
    assertThatThrownBy(request::join).isInstanceOf(CompletionException.class);
    assertThatThrownBy(this::call).isInstanceOf(ConnectFailedException.class);
  }

  @Test
  void aRequestOfALostRoleIsRefusedSoThatItCanBeRepeated() {
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    assertThatThrownBy(() -> slow().shutdown()).isInstanceOf(ObjectNotExistException.class);
    component.slowMayEnd.completeExceptionally(new StaleWriterException(9));
    assertThatThrownBy(() -> slow().suspend()).isInstanceOf(UnknownException.class);
  }

  @Test
  void aHookThatHangsDoesNotKeepAnybodyFromAsking() throws Exception {
    CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    component.onActivate = mayEnd::join;
    set("ActivateTimeout", "60");
    locator();
    start();
    awaitStandby();
    CompletableFuture<Boolean> activation = replica().activateAsync();
    Eventually.await("activating", () -> managed().getStatus().state == ReplicaState.Activating);
    assertThat(replica().isActive()).isFalse();
    managed().probe();
    mayEnd.complete(null);
    assertThat(activation.join()).isTrue();
  }

  @Test
  void aHookThatThrowsTwiceFailsTheInstance() {
    component.onActivate =
        () -> {
          throw new IllegalStateException("cannot");
        };
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isFalse();
    awaitStandby();
    assertThatThrownBy(() -> managed().promote(0, true)).isInstanceOf(ActivationFailed.class);
    assertThat(managed().getStatus().state).isEqualTo(ReplicaState.Failed);
    assertThatThrownBy(() -> managed().probe()).isInstanceOf(ActivationFailed.class);
  }

  @Test
  void oldEpochsAreRefused() throws Exception {
    locator();
    start();
    awaitStandby();
    managed().promote(7, true);
    managed().promote(7, true);
    assertThatThrownBy(() -> managed().promote(6, true)).isInstanceOf(StaleEpoch.class);
    assertThatThrownBy(() -> managed().demote(6)).isInstanceOf(StaleEpoch.class);
    assertThat(instance().isActive()).isTrue();
    managed().demote(7);
    assertThat(instance().isActive()).isFalse();
    assertThat(managed().getStatus().epoch).isEqualTo(7);
    assertThat(replica().activate()).isTrue();
    assertThat(managed().getStatus().epoch).isEqualTo(8);
  }

  @Test
  void callersOfOldEpochsAreRefused() {
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    ServiceLocatorParams params = new ServiceLocatorParams();
    assertThat(fast().isSupported(params, new EpochContext("other", 5).in(Map.of()))).isTrue();
    assertThat(fast().isSupported(params, new EpochContext("another", 1).in(Map.of()))).isTrue();
    assertThatThrownBy(() -> fast().isSupported(params, new EpochContext("other", 4).in(Map.of())))
        .isInstanceOfSatisfying(
            UnknownUserException.class, e -> assertThat(e.unknown).contains("StaleEpoch"));
    assertThat(fast().isSupported(params)).isTrue();
  }

  @Test
  void listenersAreToldInOrderAndDeadOnesAreForgotten() {
    List<String> told = new CopyOnWriteArrayList<>();
    ObjectAdapter adapter = client.createObjectAdapterWithEndpoints("Listener", "tcp -h 127.0.0.1");
    ReplicaListenerPrx listener =
        ReplicaListenerPrx.uncheckedCast(
            adapter.addWithUUID(
                new ReplicaListener() {
                  @Override
                  public void activated(ReplicaPrx repl, com.zeroc.Ice.Current current) {
                    told.add("activated " + repl.ice_getIdentity().name);
                  }

                  @Override
                  public void onStandby(ReplicaPrx repl, com.zeroc.Ice.Current current) {
                    told.add("onStandby " + repl.ice_getIdentity().name);
                  }
                }));
    ReplicaListenerPrx gone =
        ReplicaListenerPrx.uncheckedCast(adapter.createProxy(Util.stringToIdentity("gone")));
    ReplicaListenerPrx dead =
        ReplicaListenerPrx.uncheckedCast(
            client.stringToProxy("dead:tcp -h 127.0.0.1 -p " + freePort()));
    adapter.activate();
    locator();
    start();
    awaitStandby();
    replica().addListener(gone);
    replica().addListener(dead);
    replica().addListener(listener);
    // The same one, whatever the options of its calls.
    replica().addListener(listener.ice_oneway().ice_invocationTimeout(77));
    replica().addListener(null);
    assertThat(replica().activate()).isTrue();
    replica().standby();
    String name = NAME + ".Replica";
    Eventually.await("both", () -> told.size() >= 2);
    assertThat(told).containsExactly("activated " + name, "onStandby " + name);
    replica().removeListener(listener);
    replica().removeListener(listener);
    assertThat(replica().activate()).isTrue();
    Eventually.await("dead ones are dropped", () -> instance().listenerCount() == 0);
    assertThat(told).hasSize(2);
  }

  @Test
  void theProbeSaysWhatItIs() throws Exception {
    int port = freePort();
    set("Health.Endpoint", "127.0.0.1:" + port);
    locator();
    start();
    awaitStandby();
    assertThat(get(port, "/live").statusCode()).isEqualTo(200);
    assertThat(get(port, "/ready").statusCode()).isEqualTo(503);
    assertThat(get(port, "/standby").statusCode()).isEqualTo(200);
    assertThat(get(port, "/nothing").statusCode()).isEqualTo(404);
    assertThat(replica().activate()).isTrue();
    assertThat(get(port, "/ready").statusCode()).isEqualTo(200);
    assertThat(get(port, "/standby").statusCode()).isEqualTo(503);
    assertThat(get(port, "/status").body())
        .startsWith("{\"group\":\"test\",\"instance\":\"test-1\",\"state\":\"Active\"")
        .contains("\"epoch\":1,", "\"registered\":[");
    component.healthy = false;
    assertThatThrownBy(() -> managed().probe()).isInstanceOf(ActivationFailed.class);
  }

  @Test
  void aConfigurationThatIsAllThereIsLeavesNothingOfTheLastOne() throws Exception {
    start();
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            replica().ice_identity(Util.stringToIdentity(NAME + ".ConfigurationService")));
    service.setConfiguration(groups(3));
    service.setConfiguration(groups(2), Map.of(ConfigurationMembers.FULL, "1"));
    assertThat(service.getConfigurationAll(groups(0))[0].configurationItems.get("item"))
        .extracting(item -> item.serialNumber)
        .isEqualTo(2);
    service.setConfiguration(new ConfigurationGroup[0], Map.of(ConfigurationMembers.FULL, "1"));
    assertThat(service.getConfigurationGroups()).isEmpty();
  }

  @Test
  void aConfigurationIsTakenInOrderAndAnOlderItemRefused() throws Exception {
    start();
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            replica().ice_identity(Util.stringToIdentity(NAME + ".ConfigurationService")));
    service.setConfiguration(groups(3));
    service.setConfiguration(groups(3));
    assertThatThrownBy(() -> service.setConfiguration(groups(2)))
        .isInstanceOf(SerialConflict.class);
    assertThat(service.getConfigurationAll(groups(0))[0].configurationItems.get("item"))
        .extracting(item -> item.serialNumber)
        .isEqualTo(3);
    assertThat(service.getConfigurationGroups()[0].configurationItems).isEmpty();
    service.removeConfigurationGroups(groups(3));
    assertThat(service.getConfigurationGroups()).isEmpty();
    assertThat(component.calls).containsExactly("configure 1", "configure 1", "configure 0");
  }

  private static ConfigurationGroup[] groups(int serial) {
    ConfigurationGroup group = new ConfigurationGroup();
    group.configurationItems = Map.of("item", new ConfigurationItem(serial));
    return new ConfigurationGroup[] {group};
  }

  @Test
  void anEpochSurvivesInItsFile(@org.junit.jupiter.api.io.TempDir java.nio.file.Path directory) {
    set("Data", directory.toString());
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    assertThat(replica().activate()).isTrue();
    replica().standby();
    assertThat(replica().activate()).isTrue();
    instance().close();
    instance = ComponentInstance.start(server, NAME, new TestComponent());
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    assertThat(managed().getStatus().epoch).isEqualTo(3);
  }
}
