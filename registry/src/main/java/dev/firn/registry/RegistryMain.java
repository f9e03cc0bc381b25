package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.replication.StoreException;
import dev.firn.storage.DirectoryLockException;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.Exceptions;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.QuickProperties;
import dev.firn.wire.Readiness;
import dev.firn.wire.ServiceLogger;
import dev.firn.wire.ServiceOptions;
import dev.firn.wire.ServiceProcess;
import dev.firn.wire.SignalHook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The main class of {@code firn registry} and {@code icegridregistry}. */
public final class RegistryMain {
  private static final int OK = 0;
  private static final int FAILED = 1;

  private final String program;

  private RegistryMain(String program) {
    this.program = program;
  }

  public static void main(String[] arguments) {
    RegistryMain main = new RegistryMain(System.getProperty("firn.program", "icegridregistry"));
    ServiceLogger.installForProcess(main.program);
    SignalHook.outliveTerminal();
    int status = main.run(arguments);
    System.out.flush();
    System.err.flush();
    // Not exit(): the shutdown hook would wait for this very thread.
    Runtime.getRuntime().halt(status);
  }

  private int run(String[] arguments) {
    Properties properties;
    List<String> rest = new ArrayList<>();
    try {
      properties = QuickProperties.create(arguments, rest);
      rest =
          new ArrayList<>(
              List.of(properties.parseCommandLineOptions("Firn", rest.toArray(new String[0]))));
    } catch (com.zeroc.Ice.LocalException e) {
      System.err.println(program + ": error: createProperties failed: " + Exceptions.text(e));
      return FAILED;
    }
    String serviceFailure = ServiceOptions.strip(rest);
    if (serviceFailure != null) {
      System.err.println(program + ": " + serviceFailure);
      return FAILED;
    }
    SignalHook.endWithTerminalAs(properties);
    boolean serverPool = !properties.getProperty("Ice.ThreadPool.Server.Size").isEmpty();
    QuickProperties.unchecked(() -> prepare(properties));
    InitializationData data = new InitializationData();
    data.properties = properties;
    try (Communicator communicator = ServiceProcess.initialize(data)) {
      return run(communicator, rest, serverPool);
    } catch (com.zeroc.Ice.LocalException e) {
      Util.getProcessLogger()
          .cloneWithPrefix(program)
          .error("service terminating after catching exception:\n" + Exceptions.text(e));
      return FAILED;
    }
  }

  private void prepare(Properties properties) {
    if (properties.getProperty("Ice.ProgramName").isEmpty()) {
      properties.setProperty("Ice.ProgramName", program);
    }
    PropertyOverrides.beforeCommunicator(properties);
    Sessions.prepare(properties);
    TlsConfiguration.prepare(properties);
    LocatorDiscoveryPluginFactory.prepare(properties);
  }

  private int run(Communicator communicator, List<String> arguments, boolean serverPool) {
    ParsedOptions parsed;
    try {
      parsed =
          new OptionParser()
              .flag("h", "help")
              .flag("v", "version")
              .flag("nowarn")
              .flag("readonly")
              .value("initdb-from-replica")
              .parse(arguments);
    } catch (BadOptionException e) {
      communicator.getLogger().error(e.getMessage());
      usage(communicator);
      return FAILED;
    }
    if (parsed.has("help")) {
      usage(communicator);
      return OK;
    }
    if (parsed.has("version")) {
      communicator.getLogger().print(Util.stringVersion());
      return OK;
    }
    if (!parsed.arguments().isEmpty()) {
      System.err.println(program + ": too many arguments");
      usage(communicator);
      return FAILED;
    }
    RegistryOptions options =
        new RegistryOptions(
            parsed.has("nowarn"),
            parsed.has("readonly"),
            parsed.has("initdb-from-replica") ? parsed.value("initdb-from-replica") : null);
    if (serverPool && !options.nowarn()) {
      communicator
          .getLogger()
          .warning(
              "setting `Ice.ThreadPool.Server.Size' is not useful, you should set individual"
                  + " adapter thread pools instead.");
    }
    return serve(communicator, options);
  }

  private int serve(Communicator communicator, RegistryOptions options) {
    RegistryProcess registry;
    LocatorPrx locator = communicator.getDefaultLocator();
    try {
      Identity identity = locator == null ? new Identity() : locator.ice_getIdentity();
      RegistrySettings settings = RegistrySettings.of(communicator.getProperties(), identity);
      if (settings.names().replica().equals(options.initFrom())) {
        throw new ConfigurationException("invalid --initdb-from-replica option: identical replica");
      }
      if (settings.names().master()) {
        communicator.setDefaultLocator(null);
      }
      registry = new RegistryProcess(communicator, settings, options);
    } catch (ConfigurationException e) {
      communicator.getLogger().error(e.getMessage());
      return FAILED;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook = new Thread(() -> endOnSignal(registry, ended), "firn-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return serve(registry, locator, communicator);
    } finally {
      ended.countDown();
    }
  }

  private static int serve(
      RegistryProcess registry, @Nullable LocatorPrx locator, Communicator communicator) {
    boolean inOrder = false;
    try {
      registry.start(locator);
      Readiness.started(communicator.getProperties());
      inOrder = registry.awaitShutdown();
      Readiness.send("STOPPING=1");
    } catch (ConfigurationException e) {
      communicator.getLogger().error(e.getMessage());
    } catch (DirectoryLockException e) {
      terminating(communicator, String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      communicator.getLogger().error("couldn't open database:\n" + e.getMessage());
    } catch (com.zeroc.Ice.LocalException e) {
      terminating(communicator, Exceptions.text(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      registry.stop();
    }
    return inOrder ? OK : FAILED;
  }

  private static void terminating(Communicator communicator, String reason) {
    Readiness.send("STATUS=Failed: " + reason.replace('\n', ' '));
    communicator.getLogger().error("service terminating after catching exception:\n" + reason);
  }

  /** A signal ends the registry in order, and with success. */
  private static void endOnSignal(RegistryProcess registry, CountDownLatch ended) {
    registry.shutdown();
    try {
      ended.await();
      // The main thread halts with the status; this hook keeps the machine up until then.
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
                + "--nowarn             Don't print any security warnings.\n"
                + "--readonly           Start the master registry in read-only mode.\n"
                + "--initdb-from-replica <replica>\n"
                + "                     Initialize the database from the given replica.\n"
                + "\n"
                + "--daemon             Run as a daemon.\n"
                + "--pidfile FILE       Write process ID into FILE.\n"
                + "--noclose            Do not close open file descriptors.\n"
                + "--nochdir            Do not change the current working directory.");
  }
}
