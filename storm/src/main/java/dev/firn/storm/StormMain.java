package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceBox.FailureException;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.Exceptions;
import dev.firn.wire.HostProperties;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.ProcessFacet;
import dev.firn.wire.QuickProperties;
import dev.firn.wire.Readiness;
import dev.firn.wire.ServiceLogger;
import dev.firn.wire.ServiceOptions;
import dev.firn.wire.ServiceProcess;
import dev.firn.wire.SignalHook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The main class of {@code firn storm}: one service, without an IceBox around it. */
public final class StormMain {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final String DEFAULT_NAME = "IceStorm";
  private static final String DELAY_ADMIN = "Ice.Admin.DelayCreation";

  private final String program = System.getProperty("firn.program", "firn");

  private StormMain() {}

  public static void main(String[] arguments) {
    SignalHook.outliveTerminal();
    SignalHook.exit(new StormMain().run(arguments));
  }

  private int run(String[] arguments) {
    ServiceLogger.installForProcess(program);
    Properties properties;
    ParsedOptions options;
    try {
      List<String> rest = new ArrayList<>();
      properties = QuickProperties.create(arguments, rest);
      rest = without(rest, "Firn", properties);
      // The name decides what else is a property, so it is looked for first.
      rest = without(rest, nameIn(rest), properties);
      SignalHook.endWithTerminalAs(properties);
      String failure = ServiceOptions.strip(rest);
      if (failure != null) {
        throw new BadOptionException(failure);
      }
      options = new OptionParser().flag("h", "help").flag("v", "version").value("name").parse(rest);
      if (!options.arguments().isEmpty()) {
        throw new BadOptionException("too many arguments");
      }
    } catch (LocalException e) {
      System.err.println(program + ": " + Exceptions.text(e));
      return FAILED;
    } catch (BadOptionException e) {
      System.err.println(program + ": " + e.getMessage());
      System.err.println(usage());
      return FAILED;
    }
    if (options.has("help")) {
      System.out.println(usage());
      return OK;
    } else if (options.has("version")) {
      System.out.println(Util.stringVersion());
      return OK;
    }
    return run(properties, options.has("name") ? options.value("name") : DEFAULT_NAME);
  }

  private int run(Properties properties, String name) {
    if (properties.getProperty("Ice.ProgramName").isEmpty()) {
      properties.setProperty("Ice.ProgramName", program + "-" + name);
    }
    boolean delayed = properties.getPropertyAsInt(DELAY_ADMIN) > 0;
    properties.setProperty(DELAY_ADMIN, "1");
    HostProperties.prepare(properties);
    TlsConfiguration.prepare(properties);
    LocatorDiscoveryPluginFactory.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    CountDownLatch shutdown = new CountDownLatch(1);
    try (Communicator communicator = ServiceProcess.initialize(data)) {
      ProcessFacet.install(communicator, shutdown::countDown);
      SignalHook.install(shutdown::countDown);
      return serve(communicator, name, shutdown, delayed);
    } catch (LocalException e) {
      Util.getProcessLogger()
          .cloneWithPrefix(program)
          .error("service terminating after catching exception:\n" + Exceptions.text(e));
      return FAILED;
    }
  }

  private static int serve(
      Communicator communicator, String name, CountDownLatch shutdown, boolean delayedAdmin) {
    Storm storm = new Storm(communicator, name);
    try {
      storm.start();
      if (!delayedAdmin) {
        communicator.getAdmin();
      }
    } catch (FailureException e) {
      return failed(communicator, e.reason);
    } catch (LocalException e) {
      storm.stop();
      return failed(
          communicator, "exception while starting service " + name + ":\n" + Exceptions.text(e));
    }
    try {
      System.out.println(name + " ready");
      Readiness.started(communicator.getProperties());
      shutdown.await();
      Readiness.send("STOPPING=1");
      return OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    } finally {
      storm.stop();
    }
  }

  private static int failed(Communicator communicator, String reason) {
    Readiness.send("STATUS=Failed: " + reason.replace('\n', ' '));
    communicator.getLogger().error(reason);
    return FAILED;
  }

  /** Takes the properties below a prefix out of the arguments. */
  private static List<String> without(
      List<String> arguments, String prefix, Properties properties) {
    return new ArrayList<>(
        Arrays.asList(
            properties.parseCommandLineOptions(prefix, arguments.toArray(new String[0]))));
  }

  private static String nameIn(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith("--name=")) {
        return arguments.get(i).substring("--name=".length());
      } else if (arguments.get(i).equals("--name") && i + 1 < arguments.size()) {
        return arguments.get(i + 1);
      }
    }
    return DEFAULT_NAME;
  }

  private String usage() {
    return "Usage: "
        + program
        + (program.equals("firn") ? " storm" : "")
        + " [options] [properties]\n"
        + "\n"
        + "Runs one publish-subscribe service, with the properties of IceStorm:\n"
        + "  --Ice.Config=FILE --IceStorm.TopicManager.Endpoints=..."
        + " --IceStorm.Publish.Endpoints=...\n"
        + "\n"
        + "Options:\n"
        + "  --name SERVICE   name of the service and prefix of its properties, default IceStorm\n"
        + "  -h, --help       shows this\n"
        + "  -v, --version    shows the version of Ice\n"
        + "  --daemon         runs as a daemon, once the service is ready\n"
        + "  --pidfile FILE   with --daemon: writes the process id to FILE\n"
        + "  --noclose        with --daemon: accepted, without effect\n"
        + "  --nochdir        with --daemon: stays in the current directory";
  }
}
