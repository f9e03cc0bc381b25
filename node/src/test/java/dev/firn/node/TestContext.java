package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.model.InternalServerDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node without processes or network of its own: its adapter has no endpoints. */
final class TestContext implements NodeContext, AutoCloseable {
  private final Communicator communicator;
  private final ObjectAdapter adapter;
  private final NodeSettings settings;
  private final ProcessLauncher launcher;
  private final FileDirectories directories;
  private final NodeTraces traces;
  private final NodeStates states;

  TestContext(Path data, ProcessLauncher launcher) throws IOException {
    InitializationData initialization = new InitializationData();
    initialization.properties = Util.createProperties();
    initialization.logger = new SilentLogger();
    communicator = Util.initialize(initialization);
    adapter = communicator.createObjectAdapter("");
    settings = Nodes.settings(data, "", List.of());
    this.launcher = launcher;
    directories = new FileDirectories(settings, warning -> {});
    directories.create();
    traces = new NodeTraces(communicator.getProperties(), communicator.getLogger());
    states = new NodeStates(() -> new com.zeroc.IceGrid.NodeInfo(), 100);
  }

  @Override
  public Communicator communicator() {
    return communicator;
  }

  @Override
  public ObjectAdapter adapter() {
    return adapter;
  }

  @Override
  public NodeSettings settings() {
    return settings;
  }

  @Override
  public NodeTraces traces() {
    return traces;
  }

  @Override
  public ProcessLauncher launcher() {
    return launcher;
  }

  @Override
  public FileDirectories directories() {
    return directories;
  }

  @Override
  public Accounts accounts() {
    return TestContext::ownAccount;
  }

  private static CompletionStage<Optional<UserAccount>> ownAccount(
      InternalServerDescriptor server) {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  @Override
  public MasterSession master() {
    return (uuid, revision) -> CompletableFuture.completedFuture(null);
  }

  @Override
  public NodeStates states() {
    return states;
  }

  @Override
  public void close() {
    communicator.destroy();
  }

  /** Failures are provoked here; their stacks would only alarm. */
  static final class SilentLogger implements com.zeroc.Ice.Logger {
    @Override
    public void print(String message) {}

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
    public com.zeroc.Ice.Logger cloneWithPrefix(String prefix) {
      return this;
    }
  }
}
