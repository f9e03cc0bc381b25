package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import dev.firn.wire.CommandLineProperties;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * {@code firn component}: what cluster managers and operators say to the instances of a component.
 * Data goes to the standard output, everything else to the standard error; the exit status says
 * what has come of it.
 */
@Command(
    name = "firn component",
    description =
        "Asks and changes the roles of a component's instances. `firn component locator', `firn"
            + " component replicator' and `firn component run' are servers; see their own --help.",
    sortOptions = false,
    synopsisHeading = "Usage: ",
    footer = {
      "",
      "Exit status: 0 done; 1 failed (is-active: it stands by; list: none is active; wait:"
          + " time-out);",
      "2 unreachable; 3 usage; 4 a newer epoch is known; 5 not synchronised; 6 more than one is"
          + " active.",
      "Ice properties can be given like everywhere: --Ice.Config=FILE, --Ice.Default.Locator=..."
    },
    subcommands = {
      ComponentIsActive.class,
      ComponentStatus.class,
      ComponentActivate.class,
      ComponentPromote.class,
      ComponentStandby.class,
      ComponentWait.class,
      ComponentWatch.class,
      ComponentList.class,
      ComponentSwitchover.class,
      ComponentFence.class
    })
public final class ComponentToolMain implements Runnable {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int UNREACHABLE = 2;
  static final int USAGE = 3;
  static final int STALE = 4;
  static final int NOT_SYNCHRONIZED = 5;
  static final int MANY_ACTIVE = 6;

  private static final double TIMEOUT_MAX_SECONDS = 1_000_000;

  @Option(
      names = {"-p", "--proxy"},
      scope = ScopeType.INHERIT,
      paramLabel = "PROXY",
      description = "an instance, by its Replica object: \"r1.Replica:tcp -h HOST -p PORT\"")
  @Nullable String proxy;

  @Option(
      names = {"-n", "--instance"},
      scope = ScopeType.INHERIT,
      paramLabel = "INSTANCE",
      description = "an instance, found by the service locator")
  @Nullable String instance;

  @Option(
      names = {"-g", "--group"},
      scope = ScopeType.INHERIT,
      paramLabel = "GROUP",
      description = "all instances of a group, found by the service locator")
  @Nullable String group;

  @Option(
      names = "--locator",
      scope = ScopeType.INHERIT,
      paramLabel = "PROXY",
      description = "the service locator (default: the property ServiceLocatorProxy, or port 4411)")
  @Nullable String locator;

  @Option(
      names = "--timeout",
      scope = ScopeType.INHERIT,
      paramLabel = "SECONDS",
      description =
          "for the whole command (default: 5 for questions, 25 for changes of a role, 30 for wait,"
              + " 60 for switchover)")
  @Nullable Double timeoutSeconds;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "data as JSON")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "shows this")
  boolean help;

  @Spec private @Nullable CommandSpec spec;

  private final Properties properties;

  private ComponentToolMain(Properties properties) {
    this.properties = properties;
  }

  public static void main(String[] arguments) {
    int status = run(arguments);
    System.out.flush();
    System.err.flush();
    // Nothing is to be tidied up that would be worth the time.
    Runtime.getRuntime().halt(status);
  }

  private static int run(String[] arguments) {
    Properties properties;
    List<String> rest = new ArrayList<>();
    try {
      properties = Util.createProperties(arguments, rest);
    } catch (LocalException e) {
      System.err.println("firn component: " + Exceptions.text(e));
      return USAGE;
    }
    CommandLineProperties.take(rest, properties);
    CommandLine line = new CommandLine(new ComponentToolMain(properties));
    line.setParameterExceptionHandler(
        (e, given) -> {
          System.err.println("firn component: " + e.getMessage());
          System.err.println("`firn component --help' explains.");
          return USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, executed, parsed) -> {
          if (e instanceof ComponentFailure failure) {
            System.err.println("firn component: " + failure.getMessage());
            return failure.status();
          } else if (e instanceof LocalException) {
            System.err.println("firn component: " + Exceptions.text(e).replace('\n', ' '));
            // Somebody who says what went wrong was reached.
            return e instanceof UnknownException ? FAILED : UNREACHABLE;
          }
          throw e;
        });
    return line.execute(rest.toArray(new String[0]));
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
  }

  /**
   * The network side of a command.
   *
   * @param defaultSeconds the command's time limit unless one is given
   */
  ComponentClient open(double defaultSeconds) {
    double seconds = timeoutSeconds == null ? defaultSeconds : timeoutSeconds;
    if (!(seconds > 0) || seconds > TIMEOUT_MAX_SECONDS) {
      throw new ComponentFailure(USAGE, "--timeout must be a number of seconds above 0");
    }
    if (locator != null) {
      properties.setProperty(dev.firn.wire.LocatorProxies.LOCATOR, locator);
    }
    ComponentClient client =
        ComponentClient.open(properties, Math.max(1, Math.round(seconds * 1000)));
    if (locator != null) {
      client.proxy(locator);
    }
    return client;
  }

  /** The one instance that a command is about. */
  ReplicaProxy one(ComponentClient client) {
    if (proxy != null && instance == null && group == null) {
      return client.replica(proxy);
    } else if (instance != null && proxy == null && group == null) {
      return client.instance(instance);
    }
    throw new ComponentFailure(USAGE, "this command needs -p PROXY or -n INSTANCE");
  }

  /** All instances that a command is about. */
  List<ReplicaProxy> all(ComponentClient client) {
    return group != null && proxy == null && instance == null
        ? client.group(group)
        : List.of(one(client));
  }

  /** The group that a command is about. */
  String group() {
    if (group == null || proxy != null || instance != null) {
      throw new ComponentFailure(USAGE, "this command needs -g GROUP");
    }
    return group;
  }
}
