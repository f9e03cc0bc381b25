package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.ServerPrx;
import dev.firn.server.ProcessExit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a server after a bug in what belongs to it. */
@Timeout(60)
class NodeServersTest {
  @TempDir Path data;

  private final Processes processes = new Processes();
  private TestContext context;
  private NodeServers servers;

  @BeforeEach
  void create() throws IOException {
    context = new TestContext(data, processes);
    servers = new NodeServers(context);
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void aBugAtTheStartIsToldAndTheServerGoesOn() throws Exception {
    load();
    processes.onLaunch = new IllegalStateException("expected");
    assertThatThrownBy(() -> get(start())).hasRootCauseMessage("expected");
    processes.onLaunch = null;
    load();
    get(start());
    FakeProcess process = processes.started.join();
    get(servers.stopAll());
    assertThat(process.ended).isTrue();
  }

  @Test
  void aProcessThatNobodyCouldAdoptIsKilled() throws Exception {
    load();
    processes.onRecord = new IllegalStateException("expected");
    assertThatThrownBy(() -> get(start())).hasRootCauseMessage("expected");
    assertThat(processes.started.join().killed).isTrue();
    get(servers.stopAll());
  }

  @Test
  void theNodeStopsAlsoWhatAnotherObjectHadToAdopt() throws Exception {
    load();
    get(start());
    FakeProcess process = processes.started.join();
    process.onSignal = new IllegalStateException("expected");
    get(servers.stopAll());
    assertThat(process.ended).isTrue();
  }

  private NodeServers.Loaded load() throws Exception {
    return get(servers.load(Nodes.foreign("s"), "Master", false));
  }

  private CompletableFuture<Void> start() {
    ServerPrx proxy =
        ServerPrx.uncheckedCast(
            context.adapter().createDirectProxy(new com.zeroc.Ice.Identity("s", "Grid-Server")));
    ServerServant servant = (ServerServant) context.adapter().find(proxy.ice_getIdentity());
    return servant.startAsync(new Current()).toCompletableFuture();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void raise(@Nullable RuntimeException bug) {
    if (bug != null) {
      throw bug;
    }
  }

  /** Launches processes that exist only here; one at a time. */
  private static final class Processes implements ProcessLauncher {
    private final CompletableFuture<FakeProcess> started = new CompletableFuture<>();
    private volatile @Nullable RuntimeException onLaunch;
    private volatile @Nullable RuntimeException onRecord;

    @Override
    public RunningProcess launch(LaunchSpec spec, Consumer<ProcessExit> onExit) {
      raise(onLaunch);
      FakeProcess process = new FakeProcess(onExit, onRecord);
      started.complete(process);
      return process;
    }

    @Override
    public Optional<RunningProcess> adopt(ProcessRecord recorded, Consumer<ProcessExit> onExit) {
      FakeProcess process = started.join();
      process.onSignal = null;
      process.onExit = onExit;
      return Optional.of(process);
    }

    @Override
    public void stop() {}
  }

  private static final class FakeProcess implements RunningProcess {
    private final @Nullable RuntimeException onRecord;
    private volatile Consumer<ProcessExit> onExit;
    private volatile @Nullable RuntimeException onSignal;
    private volatile boolean killed;
    private volatile boolean ended;

    FakeProcess(Consumer<ProcessExit> onExit, @Nullable RuntimeException onRecord) {
      this.onExit = onExit;
      this.onRecord = onRecord;
    }

    @Override
    public ProcessRecord record() {
      raise(onRecord);
      return new ProcessRecord(1, 1);
    }

    @Override
    public void signal(int number) {
      raise(onSignal);
      end(number);
    }

    @Override
    public void kill() {
      killed = true;
      end(9);
    }

    private void end(int signal) {
      ended = true;
      onExit.accept(ProcessExit.signal(signal));
    }
  }
}
