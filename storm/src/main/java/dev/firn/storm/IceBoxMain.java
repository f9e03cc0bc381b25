package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceBox.ServiceManagerI;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.Exceptions;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.Readiness;
import dev.firn.wire.ServiceLogger;
import dev.firn.wire.ServiceOptions;
import dev.firn.wire.ServiceProcess;
import dev.firn.wire.SignalHook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of {@code icebox}: ZeroC's IceBox for Java, with the services of a configuration
 * that was written for the one in C++.
 */
public final class IceBoxMain {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final String SERVICE = "IceBox.Service.";

  private final String program = System.getProperty("firn.program", "icebox");

  private IceBoxMain() {}

  public static void main(String[] arguments) {
    SignalHook.outliveTerminal();
    SignalHook.exit(new IceBoxMain().run(arguments));
  }

  private int run(String[] arguments) {
    ServiceLogger.installForProcess(program);
    Properties properties;
    List<String> rest = new ArrayList<>();
    ParsedOptions options;
    try {
      properties = Util.createProperties(arguments, rest);
      rest =
          new ArrayList<>(
              List.of(properties.parseCommandLineOptions("Firn", rest.toArray(new String[0]))));
      SignalHook.endWithTerminalAs(properties);
      String failure = ServiceOptions.strip(rest);
      if (failure != null) {
        throw new BadOptionException(failure);
      }
      List<String> own = new ArrayList<>(rest);
      own.removeIf(argument -> isForService(properties, argument));
      options = new OptionParser().flag("h", "help").flag("v", "version").parse(own);
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
    List<String> others = NativeIceBox.services(properties);
    return others.isEmpty() ? serve(properties, rest) : handOver(properties, others, arguments);
  }

  /** Returns only if that fails. */
  private int handOver(Properties properties, List<String> others, String[] arguments) {
    Logger logger = Util.getProcessLogger().cloneWithPrefix(program);
    String which = "services in C++ (" + String.join(", ", others) + ")";
    try {
      NativeIceBox other = NativeIceBox.find();
      if (others.size() < properties.getPropertiesForPrefix(SERVICE).size()) {
        logger.warning(
            "`"
                + other.program()
                + "' runs all services of this IceBox, because of its "
                + which
                + "; Firn's storm needs an IceBox of its own");
      }
      other.run(arguments);
    } catch (IOException e) {
      logger.error("cannot run " + which + ": " + e.getMessage());
    }
    return FAILED;
  }

  private int serve(Properties properties, List<String> arguments) {
    if (properties.getProperty("Ice.ProgramName").isEmpty()) {
      properties.setProperty("Ice.ProgramName", program);
    }
    // The admin object is made when its facets are complete.
    properties.setProperty("Ice.Admin.DelayCreation", "1");
    IceBoxProperties.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    try (Communicator communicator = ServiceProcess.initialize(data)) {
      SignalHook.install(communicator::shutdown);
      ServiceManagerI manager =
          new ServiceManagerI(
              ReadyCommunicator.of(communicator, () -> ready(communicator)),
              arguments.toArray(new String[0]));
      int status = manager.run();
      Readiness.send(status == OK ? "STOPPING=1" : "STATUS=Failed");
      return status;
    } catch (LocalException e) {
      Util.getProcessLogger()
          .cloneWithPrefix(program)
          .error("service terminating after catching exception:\n" + Exceptions.text(e));
      return FAILED;
    }
  }

  /** All services have started. */
  private static void ready(Communicator communicator) {
    Readiness.started(communicator.getProperties());
  }

  /** Options with the name of a service are the service's. */
  private static boolean isForService(Properties properties, String argument) {
    return properties.getPropertiesForPrefix(SERVICE).keySet().stream()
        .anyMatch(name -> argument.startsWith("--" + name.substring(SERVICE.length()) + "."));
  }

  private String usage() {
    return "Usage: "
        + program
        + (program.equals("firn") ? " icebox" : "")
        + " [options] --Ice.Config=FILE\n"
        + "\n"
        + "Runs the services of an IceBox configuration; ZeroC's IceStorm for C++ becomes Firn's.\n"
        + "\n"
        + "Options:\n"
        + "  -h, --help       shows this\n"
        + "  -v, --version    shows the version of Ice\n"
        + "  --daemon         runs as a daemon, once the services have started\n"
        + "  --pidfile FILE   with --daemon: writes the process id to FILE\n"
        + "  --noclose        with --daemon: accepted, without effect\n"
        + "  --nochdir        with --daemon: stays in the current directory";
  }
}
