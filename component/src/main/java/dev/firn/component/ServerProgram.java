package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.CommandLineProperties;
import dev.firn.wire.ComponentTypes;
import dev.firn.wire.Exceptions;
import dev.firn.wire.HostProperties;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.ProcessFacet;
import dev.firn.wire.Readiness;
import dev.firn.wire.ServiceOptions;
import dev.firn.wire.SignalHook;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The frame of a server program: its options, its communicator, signals, readiness, and the exit
 * status, 0 or 1. What the program is for is a {@link Server}.
 */
final class ServerProgram {
  /** What runs between the start of the communicator and its end. */
  interface Server extends AutoCloseable {
    /**
     * Starts; has released everything again when it fails.
     *
     * @return the name that the line {@code NAME ready} says
     * @throws StartException why it cannot start
     * @throws LocalException an adapter's configuration is missing or wrong
     */
    String start();

    /** Completes if the server fails while it serves: the program ends then, with status 1. */
    default CompletableFuture<Void> failure() {
      return new CompletableFuture<>();
    }

    /** Ends everything in order; does nothing where nothing was started. */
    @Override
    void close();
  }

  /** Makes the server once the options are known. */
  interface Factory {
    /**
     * Completes what the communicator is made of.
     *
     * @throws StartException an option has no meaning
     */
    default void prepare(InitializationData data, ParsedOptions options) {}

    Server create(Communicator communicator, ParsedOptions options);
  }

  /** Why a server cannot start, in a sentence for who runs it. */
  static final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message) {
      super(message);
    }

    StartException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final String DELAY_ADMIN = "Ice.Admin.DelayCreation";

  private static final String COMMON_OPTIONS =
      """
      -h, --help       shows this
      -v, --version    shows the version of Ice
      --daemon         runs as a daemon, once it is ready
      --pidfile FILE   with --daemon: writes the process id to FILE
      --noclose        with --daemon: accepted, without effect
      --nochdir        with --daemon: stays in the current directory\
      """;

  private final String command;
  private final String about;
  private final List<String> optionLines = new ArrayList<>();
  private final OptionParser parser = new OptionParser().flag("h", "help").flag("v", "version");
  private final CountDownLatch shutdown = new CountDownLatch(1);
  private String argument = "";
  private volatile boolean failed;

  /**
   * @param command what was typed, for messages: {@code firn component locator}
   * @param about what the program does, for its help; ends with a newline
   */
  ServerProgram(String command, String about) {
    this.command = command;
    this.about = about;
  }

  /**
   * What to do about a bug in a thread that everything depends on: the process ends, as going on
   * would answer nobody, or wrongly.
   *
   * @param name who it is, for the log
   */
  static Consumer<Throwable> halting(Logger logger, String name) {
    return bug -> {
      try {
        logger.error(name + " ends, this is a bug; restart it:\n" + StackTraces.of(bug));
      } finally {
        // Not an orderly end: that would wait for what nobody does any more.
        Runtime.getRuntime().halt(FAILED);
      }
    };
  }

  /** Adds an option with a value. */
  ServerProgram option(String name, String help) {
    parser.value(name);
    optionLines.add(help);
    return this;
  }

  /** Wants one argument that is no option; its name is for the help. */
  ServerProgram argument(String name) {
    argument = name;
    return this;
  }

  /** Runs until a signal or the admin facet ends it; does not return. */
  void main(String[] arguments, Factory factory) {
    int status = FAILED;
    try {
      status = run(arguments, factory);
    } catch (RuntimeException | Error bug) {
      logger().error("terminating after a bug:\n" + StackTraces.of(bug));
    } finally {
      // Else the machine would stay up: the signal's thread waits for nothing else.
      SignalHook.exit(status);
    }
  }

  private Logger logger() {
    return Util.getProcessLogger().cloneWithPrefix(command);
  }

  private int run(String[] arguments, Factory factory) {
    Properties properties;
    ParsedOptions options;
    try {
      List<String> rest = new ArrayList<>();
      properties = Util.createProperties(arguments, rest);
      // A component's properties begin with its name, which nobody knows beforehand.
      CommandLineProperties.take(rest, properties);
      String failure = ServiceOptions.strip(rest);
      if (failure != null) {
        throw new BadOptionException(failure);
      }
      options = parser.parse(rest);
      check(options);
    } catch (LocalException e) {
      System.err.println(command + ": " + Exceptions.text(e));
      return FAILED;
    } catch (BadOptionException e) {
      System.err.println(command + ": " + e.getMessage());
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
    return run(properties, options, factory);
  }

  private void check(ParsedOptions options) throws BadOptionException {
    int wanted = argument.isEmpty() || options.has("help") || options.has("version") ? 0 : 1;
    if (options.arguments().size() > Math.max(wanted, argument.isEmpty() ? 0 : 1)) {
      throw new BadOptionException("too many arguments");
    } else if (options.arguments().size() < wanted) {
      throw new BadOptionException(argument + " is missing");
    }
  }

  private int run(Properties properties, ParsedOptions options, Factory factory) {
    if (properties.getProperty("Ice.ProgramName").isEmpty()) {
      properties.setProperty("Ice.ProgramName", command.replace(' ', '-'));
    }
    boolean delayed = properties.getPropertyAsInt(DELAY_ADMIN) > 0;
    properties.setProperty(DELAY_ADMIN, "1");
    HostProperties.prepare(properties);
    TlsConfiguration.prepare(properties);
    LocatorDiscoveryPluginFactory.prepare(properties);
    ComponentTypes.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    try {
      factory.prepare(data, options);
    } catch (StartException e) {
      logger().error(String.valueOf(e.getMessage()));
      return FAILED;
    }
    try (Communicator communicator = Util.initialize(data)) {
      ProcessFacet.install(communicator, shutdown::countDown);
      SignalHook.install(shutdown::countDown);
      try (Server server = factory.create(communicator, options)) {
        return serve(communicator, server, delayed);
      } catch (StartException e) {
        return failed(communicator, String.valueOf(e.getMessage()));
      }
    } catch (LocalException e) {
      logger().error("terminating after catching exception:\n" + Exceptions.text(e));
      return FAILED;
    }
  }

  private int serve(Communicator communicator, Server server, boolean delayedAdmin) {
    try {
      String name = server.start();
      if (!delayedAdmin) {
        communicator.getAdmin();
      }
      System.out.println(name + " ready");
      System.out.flush();
      Readiness.started(communicator.getProperties());
      server
          .failure()
          .thenRun(
              () -> {
                failed = true;
                shutdown.countDown();
              });
      shutdown.await();
      Readiness.send("STOPPING=1");
      return failed ? FAILED : OK;
    } catch (LocalException e) {
      return failed(communicator, "cannot start:\n" + Exceptions.text(e));
    } catch (StartException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      // Our bug, or that of a developer whose code it is: only the stack tells.
      return failed(communicator, "cannot start:\n" + StackTraces.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static int failed(Communicator communicator, String reason) {
    Readiness.send("STATUS=Failed: " + reason.replace('\n', ' '));
    communicator.getLogger().error(reason);
    return FAILED;
  }

  private String usage() {
    StringBuilder text = new StringBuilder();
    text.append("Usage: ")
        .append(command)
        .append(argument.isEmpty() ? "" : " " + argument)
        .append(" [options] [properties]\n\n")
        .append(about);
    text.append("\nOptions:\n");
    optionLines.forEach(line -> text.append(line).append('\n'));
    return text.append(COMMON_OPTIONS).toString();
  }
}
