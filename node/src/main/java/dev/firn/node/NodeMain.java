package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.registry.CollocatedRegistry;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.Exceptions;
import dev.firn.wire.OwnSignals;
import dev.firn.wire.QuickProperties;
import dev.firn.wire.Readiness;
import dev.firn.wire.ServiceLogger;
import dev.firn.wire.ServiceOptions;
import dev.firn.wire.ServiceProcess;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The main class of {@code firn node} and {@code icegridnode}. */
public final class NodeMain {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int END_SECONDS_MAX = 10;

  private final String program;

  /** Completed by a signal, also by one that comes during the start. */
  private final CompletableFuture<Void> signalled = new CompletableFuture<>();

  private NodeMain(String program) {
    this.program = program;
  }

  public static void main(String[] arguments) {
    NodeMain main = new NodeMain(System.getProperty("firn.program", "icegridnode"));
    OwnSignals.handle("TERM", () -> main.signalled.complete(null));
    OwnSignals.handle("INT", () -> main.signalled.complete(null));
    OwnSignals.handle("HUP", main::hangUp);
    ServiceLogger.installForProcess(main.program);
    int status = main.attempt(arguments);
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(status);
  }

  /** A node outlives the terminal it was started from, unless it is configured not to. */
  private volatile boolean endsWithTerminal;

  private void hangUp() {
    if (endsWithTerminal) {
      signalled.complete(null);
    }
  }

  private int attempt(String[] arguments) {
    try {
      return run(arguments);
    } catch (RuntimeException | Error e) {
      Readiness.send("STATUS=Failed: internal error");
      Util.getProcessLogger()
          .cloneWithPrefix(program)
          .error("service terminating after an internal error:\n" + StackTraces.of(e));
      return FAILED;
    }
  }

  private int run(String[] arguments) {
    Properties properties;
    List<String> rest = new ArrayList<>();
    try {
      properties = QuickProperties.create(arguments, rest);
      rest =
          new ArrayList<>(
              List.of(properties.parseCommandLineOptions("Firn", rest.toArray(new String[0]))));
    } catch (LocalException e) {
      System.err.println(program + ": error: createProperties failed: " + Exceptions.text(e));
      return FAILED;
    }
    String serviceFailure = ServiceOptions.strip(rest);
    if (serviceFailure != null) {
      System.err.println(program + ": " + serviceFailure);
      return FAILED;
    }
    if (properties.getProperty("Ice.ProgramName").isEmpty()) {
      properties.setProperty("Ice.ProgramName", program);
    }
    endsWithTerminal = NodeProperty.NOHUP.number(properties) <= 0;
    boolean serverPool = !properties.getProperty("Ice.ThreadPool.Server.Size").isEmpty();
    if (NodeProperty.COLLOCATE_REGISTRY.on(properties)) {
      CollocatedRegistry.prepare(properties);
    }
    QuickProperties.unchecked(() -> NodePools.beforeCommunicator(properties));
    TlsConfiguration.prepare(properties);
    NodeDiscovery discovery = NodeDiscovery.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    try (Communicator communicator = ServiceProcess.initialize(data)) {
      discovery.restore(communicator.getProperties());
      return run(communicator, rest, serverPool);
    } catch (LocalException e) {
      Util.getProcessLogger()
          .cloneWithPrefix(program)
          .error("service terminating after catching exception:\n" + Exceptions.text(e));
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private int run(Communicator communicator, List<String> arguments, boolean serverPool)
      throws InterruptedException {
    NodeOptions options;
    try {
      options = NodeOptions.parse(arguments);
    } catch (NodeConfigurationException e) {
      communicator.getLogger().error(e.getMessage());
      usage(communicator);
      return FAILED;
    }
    if (options.help()) {
      usage(communicator);
      return OK;
    }
    if (options.version()) {
      communicator.getLogger().print(Util.stringVersion());
      return OK;
    }
    if (serverPool
        && !options.nowarn()
        && communicator.getProperties().getPropertyAsInt("Ice.ThreadPool.Server.Size") > 0) {
      communicator
          .getLogger()
          .warning(
              "setting `Ice.ThreadPool.Server.Size' is not useful, you should set individual"
                  + " adapter thread pools instead.");
    }
    CollocatedRegistry registry = null;
    NodeProcess node;
    try {
      Identity locator;
      if (NodeProperty.COLLOCATE_REGISTRY.on(communicator.getProperties())) {
        registry = startRegistry(communicator, options);
        locator = registry.locator().ice_getIdentity();
      } else {
        NodeSettings.required(communicator.getProperties(), NodeProperty.NAME);
        Optional<Identity> found = NodeDiscovery.locator(communicator, signalled);
        if (found.isEmpty()) {
          return OK;
        }
        locator = found.get();
      }
      NodeSettings settings =
          NodeSettings.of(communicator.getProperties(), locator, communicator.getLogger());
      node = new NodeProcess(communicator, settings, options, registry);
    } catch (NodeConfigurationException e) {
      communicator.getLogger().error(e.getMessage());
      if (registry != null) {
        registry.stop();
      }
      return FAILED;
    }
    signalled.thenRun(node::shutdown);
    return serve(node, communicator, options);
  }

  /** Servers get the locator as configured; this process uses that of its own registry. */
  private CollocatedRegistry startRegistry(Communicator communicator, NodeOptions options)
      throws NodeConfigurationException {
    Properties properties = communicator.getProperties();
    if (NodeProperty.NAME.of(properties).isEmpty()) {
      throw NodeSettings.notSet(NodeProperty.NAME);
    }
    CollocatedRegistry registry;
    try {
      registry =
          CollocatedRegistry.start(
              communicator,
              options.nowarn(),
              options.readOnly(),
              options.initFrom(),
              () -> signalled.complete(null));
    } catch (com.zeroc.Ice.InitializationException e) {
      throw new NodeConfigurationException(e.reason);
    }
    LocatorPrx locator = registry.locator();
    communicator.setDefaultLocator(locator);
    if (NodeProperty.LOCATOR.of(properties).isEmpty()) {
      properties.setProperty(NodeProperty.LOCATOR.key(), communicator.proxyToString(locator));
    }
    return registry;
  }

  private static int serve(NodeProcess node, Communicator communicator, NodeOptions options)
      throws InterruptedException {
    int status = FAILED;
    try {
      node.start();
      ready(node, communicator, options);
      node.awaitShutdown();
      Readiness.send("STOPPING=1");
      status = OK;
    } catch (NodeConfigurationException e) {
      communicator.getLogger().error(e.getMessage());
    } catch (LocalException e) {
      String reason = Exceptions.text(e);
      Readiness.send("STATUS=Failed: " + reason.replace('\n', ' '));
      communicator.getLogger().error("service terminating after catching exception:\n" + reason);
    } finally {
      node.stopServers();
      limitEnd(communicator.getLogger(), status);
      node.stop();
    }
    return status;
  }

  /** Servers are down: from here on nothing is worth waiting for that does not come. */
  private static void limitEnd(Logger logger, int status) {
    CompletableFuture.delayedExecutor(END_SECONDS_MAX, TimeUnit.SECONDS)
        .execute(
            () -> {
              logger.warning("the node did not end in order within " + END_SECONDS_MAX + " s");
              Runtime.getRuntime().halt(status);
            });
  }

  private static void ready(NodeProcess node, Communicator communicator, NodeOptions options)
      throws InterruptedException {
    String line = NodeProperty.PRINT_SERVERS_READY.of(communicator.getProperties());
    if ((!line.isEmpty() || !options.deploy().isEmpty()) && !node.awaitMaster()) {
      return;
    }
    if (!options.deploy().isEmpty()) {
      node.deploy();
    }
    if (node.isShutdownWanted()) {
      return;
    }
    if (!line.isEmpty()) {
      communicator.getLogger().print(line + " ready");
    }
    Readiness.started(communicator.getProperties());
  }

  private void usage(Communicator communicator) {
    communicator
        .getLogger()
        .print(
            "Usage: "
                + program
                + " [options]\n"
                + "Options:\n"
                + "-h, --help           Show this message.\n"
                + "-v, --version        Display the Ice version.\n"
                + "--nowarn             Don't print any warnings at the start.\n"
                + "--readonly           Start a collocated master registry read-only.\n"
                + "--initdb-from-replica <replica>\n"
                + "                     Initialize the database of a collocated registry from the"
                + " given replica.\n"
                + "--deploy <descriptor> [<target1> [<target2> ...]]\n"
                + "                     Add or update the application in that file, with the"
                + " optional targets.\n"
                + "\n"
                + "--daemon             Run as a daemon.\n"
                + "--noclose            Do not close open file descriptors.\n"
                + "--nochdir            Do not change the current working directory.\n"
                + "--pidfile FILE       Write process ID into FILE.");
  }
}
