package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ServerDescriptor;
import dev.firn.server.ServerSyncInput;
import dev.firn.server.ServerTarget;
import dev.firn.server.SyncFailure;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerEntryTest {
  private final Communicator communicator = Util.initialize();
  private final NodeServer onNode =
      new NodeServer(
          "n", ServerPrx.uncheckedCast(communicator.stringToProxy("server:tcp")), Map.of(), 1, 1);
  private final CompletableFuture<Void> destroyed = new CompletableFuture<>();
  private CompletableFuture<NodeServer> loaded = CompletableFuture.completedFuture(onNode);
  private final ServerEntry entry =
      new ServerEntry(
          "s",
          new OneNode(),
          bug -> {
            throw bug;
          });

  @AfterEach
  void stop() {
    communicator.destroy();
  }

  @Test
  void removedServerDoesNotExistWhileItsNodeStillDestroysIt() throws Exception {
    update(1);
    assertThat(entry.demand(false).toCompletableFuture().get()).isEqualTo(onNode);

    entry.input(new ServerSyncInput.Remove<>(false));
    for (boolean upToDate : new boolean[] {true, false}) {
      assertThatThrownBy(() -> entry.demand(upToDate).toCompletableFuture().get())
          .hasCauseInstanceOf(ServerNotExistException.class);
    }
    destroyed.complete(null);
  }

  @Test
  void proxyFromBeforeAnUpdateIsGivenOnlyWhileTheNodeIsAsked() throws Exception {
    update(1);
    loaded = new CompletableFuture<>();
    update(2);
    assertThat(entry.demand(false).toCompletableFuture().get()).isEqualTo(onNode);
    assertThat(entry.isUnknown()).isFalse();

    loaded.completeExceptionally(new DeploymentException("unknown user account `u0'"));
    assertThat(entry.isUnknown()).isTrue();
    assertThatThrownBy(() -> entry.demand(false).toCompletableFuture().get())
        .cause()
        .isInstanceOfSatisfying(
            DeploymentException.class,
            told ->
                assertThat(told.reason)
                    .isEqualTo("couldn't load `s' on node `n':\nunknown user account `u0'"));

    loaded = CompletableFuture.completedFuture(onNode);
    assertThat(entry.demand(false).toCompletableFuture().get()).isEqualTo(onNode);
    assertThat(entry.confirmed()).isEqualTo(onNode);
  }

  private void update(int revision) {
    ServerTarget target =
        new ServerTarget(
            "app",
            "uuid",
            revision,
            new ExpandedServer("n", ServerDescriptor.builder("s", "exe").build(), Optional.empty()),
            "",
            false);
    entry.input(new ServerSyncInput.Update<>(target, true));
  }

  /** Loads and destroys when the test says so. */
  private final class OneNode implements ServerEntry.Owner {
    @Override
    public CompletionStage<NodeServer> load(ServerTarget target, Optional<NodeServer> known) {
      return loaded;
    }

    @Override
    public CompletionStage<Void> destroy(ServerTarget target, Optional<NodeServer> known) {
      return destroyed;
    }

    @Override
    public void changing(Optional<NodeServer> known) {}

    @Override
    public void loaded(ServerTarget target) {}

    @Override
    public void destroyed(ServerTarget target) {}

    @Override
    public void failed(ServerTarget target, SyncFailure failure) {}

    @Override
    public void gone(ServerEntry entry) {}
  }
}
