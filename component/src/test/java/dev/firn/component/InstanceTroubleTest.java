package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.UnknownException;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.StateReplicatorPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not go wrong further when something goes wrong in one instance. */
class InstanceTroubleTest extends InstanceFixture {
  /** A log that cannot be written once a certain text comes: stands for any bug in the role. */
  private static final class Breaking implements Logger {
    private volatile String text = "no such text";

    @Override
    public void print(String message) {
      if (message.contains(text)) {
        throw new StackOverflowError("broken");
      }
    }

    @Override
    public void trace(String category, String message) {}

    @Override
    public void warning(String message) {}

    @Override
    public void error(String message) {}

    @Override
    public String getPrefix() {
      return "";
    }

    @Override
    public Logger cloneWithPrefix(String prefix) {
      return this;
    }
  }

  private final Breaking log = new Breaking();

  @Override
  Optional<Logger> logger() {
    return Optional.of(log);
  }

  @Test
  void afterABugTheInstanceHasFailedForEverybody() throws Exception {
    int port = freePort();
    set("Health.Endpoint", "127.0.0.1:" + port);
    TestLocator locator = locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    assertThat(get(port, "/live").statusCode()).isEqualTo(200);
    log.text = "-> DEACTIVATING";
    assertThatThrownBy(() -> managed().demote(0)).isInstanceOf(UnknownException.class);
    instance().failure().toCompletableFuture().join();
    assertThat(instance().isActive()).isFalse();
    assertThat(replica().isActive()).isFalse();
    assertThat(managed().getStatus().state).isEqualTo(ReplicaState.Failed);
    assertThat(managed().getStatus().lastError).contains("StackOverflowError");
    assertThat(get(port, "/live").statusCode()).isEqualTo(503);
    assertThat(replica().activate()).isFalse();
    assertThatThrownBy(this::call).isInstanceOf(LocalException.class);
    Eventually.await("nobody finds it", () -> !locator.guids().contains("test.Slow"));
    assertThat(locator.guids()).contains("test-1.Replica");
  }

  @Test
  void aBugInTheCampaignDoesNotEndItSilently() {
    set("Manager", "firn");
    server
        .getProperties()
        .setProperty("Ice.Default.Locator", "IceGrid/Locator:tcp -h 127.0.0.1 -p " + freePort());
    server.setDefaultLocator(
        com.zeroc.Ice.LocatorPrx.uncheckedCast(server.propertyToProxy("Ice.Default.Locator")));
    start();
    // Then nobody can be asked any more.
    server.destroy();
    instance().failure().toCompletableFuture().join();
    instance = null;
  }

  @Test
  void whatAnEarlyBoundAdapterHasInProgressIsAnsweredBeforeItStandsBy() {
    set("LateBind", "0");
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    CompletableFuture<Void> request = slow().suspendAsync();
    Eventually.await("the request", () -> component.calls.contains("suspend"));
    CompletableFuture<Void> standby = replica().standbyAsync();
    Eventually.await(
        "deactivating", () -> managed().getStatus().state == ReplicaState.Deactivating);
    assertThatThrownBy(this::call).isInstanceOf(ObjectNotExistException.class);
    assertThat(standby).isNotDone();
    component.slowMayEnd.complete(null);
    request.join();
    standby.join();
  }

  @Test
  void aRequestThatDoesNotEndIsTheReasonWhyItCannotBeMadeActiveAgain() {
    set("StandbyTimeout", "2");
    set("ActivateTimeout", "4");
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    CompletableFuture<Void> request = slow().suspendAsync();
    Eventually.await("the request", () -> component.calls.contains("suspend"));
    replica().standby();
    assertThatThrownBy(request::join).hasCauseInstanceOf(LocalException.class);
    assertThat(replica().activate()).isFalse();
    assertThat(managed().getStatus().lastError)
        .contains("a request of the last activation has not ended");
    component.slowMayEnd.complete(null);
    Eventually.await("it can be opened again", () -> replica().activate());
    assertThat(call()).isTrue();
  }

  @Test
  void whatWasToBePublishedByAFailedActivationFails() {
    CompletableFuture<CompletionStage<Long>> flushed = new CompletableFuture<>();
    component.onActivation =
        activation -> {
          flushed.complete(activation.publisher().flush());
          throw new IllegalStateException("cannot");
        };
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isFalse();
    assertThatThrownBy(() -> flushed.join().toCompletableFuture().join())
        .hasCauseInstanceOf(NotPublishingException.class);
  }

  @Test
  void aChangeThatIsTooLargeIsRefusedWhereItIsMade() {
    component.onActivation =
        activation ->
            activation
                .publisher()
                .set(new StateItem("key", "type", 1, Bytes.of(new byte[2 << 20])));
    locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isFalse();
    assertThat(managed().getStatus().lastError).contains("item \"key\" has more than");
  }

  @Test
  void aClientThatSaysNothingKeepsNobodyFromTheProbe() throws Exception {
    int port = freePort();
    set("Health.Endpoint", "127.0.0.1:" + port);
    start();
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        silent.add(socket);
        socket.getOutputStream().write('G');
      }
      assertThat(get(port, "/live").statusCode()).isEqualTo(200);
      assertThat(silent.get(0).getInputStream().read()).as("hung up on").isEqualTo(-1);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aStandbyThatIsStuckWithAnUpdateIsNotHealthy(@TempDir Path data) throws Exception {
    int port = freePort();
    set("Health.Endpoint", "127.0.0.1:" + port);
    set("Health.LagMax", "50");
    String endpoint = "tcp -h 127.0.0.1 -p " + freePort();
    set("StateReplicator.Proxy", "StateReplicator:" + endpoint);
    CompletableFuture<Void> mayApply = new CompletableFuture<>();
    component.onUpdate = mayApply::join;
    Communicator other = communicator();
    other.getProperties().setProperty("Firn.Replicator.Endpoints", endpoint);
    other.getProperties().setProperty("Firn.Replicator.Data", data.toString());
    other.getProperties().setProperty("Firn.Replicator.Register", "0");
    try (other;
        Replicator replicator = new Replicator(other)) {
      replicator.start();
      start();
      awaitStandby();
      assertThat(get(port, "/standby").statusCode()).isEqualTo(200);
      StateStreamPrx stream =
          StateReplicatorPrx.uncheckedCast(client.stringToProxy("StateReplicator:" + endpoint))
              .stream("test");
      Item[] set = {new Item("number/one", "long", 1, new byte[8])};
      stream.publish(stream.claim("somebody", 0), 1, set, new String[0]);
      Eventually.await("unhealthy", () -> standbyStatus(port) == 503);
      assertThat(managed().getStatus().lagMillis).isGreaterThan(50);
      mayApply.complete(null);
      Eventually.await("healthy", () -> standbyStatus(port) == 200);
      instance().close();
      instance = null;
    } finally {
      mayApply.complete(null);
    }
  }

  private static int standbyStatus(int port) {
    try {
      return get(port, "/standby").statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStartThatFailsLeavesNothingOpen() throws Exception {
    set("LateBind", "0");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      set("Health.Endpoint", "127.0.0.1:" + taken.getLocalPort());
      assertThatThrownBy(this::start).isInstanceOf(SettingsException.class);
    }
    new ServerSocket(servicePort, 1, InetAddress.getLoopbackAddress()).close();
  }
}
