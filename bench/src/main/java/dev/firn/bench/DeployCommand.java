package dev.firn.bench;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firn bench deploy}. */
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares how registries deploy large applications and locate what is deployed.",
      "Nodes are stand-ins in the benchmark's own process, the same for both: they accept every"
          + " server at once and run none."
    })
final class DeployCommand implements Callable<Integer> {
  @Option(
      names = "--servers",
      split = ",",
      converter = LocateCommand.KindConverter.class,
      defaultValue = "firn,reference",
      paramLabel = "KIND",
      description = "Registries to compare, in turn (default: ${DEFAULT-VALUE}).")
  private List<ServerKind> servers = List.of();

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "1000,10000",
      paramLabel = "N",
      description = "Servers of the application (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--nodes",
      defaultValue = "10",
      paramLabel = "N",
      description = "Nodes to deploy on (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Rounds, each with fresh registries (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      paramLabel = "S",
      description = "Seconds of each lookup measurement (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--firn",
      paramLabel = "PATH",
      description = "Firn's launcher (default: bin/firn where Firn is).")
  private Optional<Path> firn = Optional.empty();

  @Option(
      names = "--reference",
      defaultValue = "/usr/bin/icegridregistry",
      paramLabel = "PATH",
      description = "ZeroC's registry (default: ${DEFAULT-VALUE}).")
  private Path reference = Path.of("/");

  @Option(
      names = "--port",
      defaultValue = "16500",
      paramLabel = "N",
      description = "First of about 300 ports on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--keep", description = "Leave databases and logs in place, and say where.")
  private boolean keep;

  /** Set by picocli before the call. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    DeployRun.Plan plan = plan();
    Path own =
        firn.orElseGet(() -> Path.of(System.getProperty("firn.home", "."), "bin", "firn"))
            .toAbsolutePath();
    Path directory = Files.createTempDirectory("firn-bench");
    boolean done = false;
    try (var communicator = communicator()) {
      var launcher =
          new Launcher(
              Map.of(ServerKind.FIRN, own, ServerKind.REFERENCE, reference),
              directory,
              List.of(),
              port + 100);
      var results =
          new DeployRun(plan, communicator, launcher, port, spec.commandLine().getErr()).run();
      print(plan, results, spec.commandLine().getOut());
      done = true;
      return 0;
    } finally {
      if (keep || !done) {
        spec.commandLine().getErr().println("databases and logs: " + directory);
      } else {
        Launcher.deleteTree(directory);
      }
    }
  }

  private DeployRun.Plan plan() {
    if (servers.contains(ServerKind.NOOP)) {
      throw new ParameterException(spec.commandLine(), "noop deploys nothing");
    }
    try {
      return new DeployRun.Plan(servers, sizes, nodes, rounds, seconds);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static Communicator communicator() {
    var init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.InvocationTimeout", "300000");
    init.properties.setProperty("Ice.MessageSizeMax", "0");
    init.properties.setProperty("Ice.ThreadPool.Server.SizeMax", "4");
    init.properties.setProperty("Ice.ThreadPool.Client.SizeMax", "4");
    return Util.initialize(init);
  }

  private static void print(DeployRun.Plan plan, List<DeployRun.Result> results, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d processors, %d stand-ins for nodes in the benchmark's process; medians of %d rounds%n",
        Runtime.getRuntime().availableProcessors(),
        plan.nodes(),
        plan.rounds());
    for (var result : results) {
      out.printf(Locale.ROOT, "%n%-58s", result.size() + " servers");
      plan.kinds().forEach(kind -> out.printf(Locale.ROOT, "%12s", kind.label()));
      out.printf(Locale.ROOT, "%26s%n", "firn/reference");
      result
          .values()
          .forEach(
              (what, values) -> {
                out.printf(Locale.ROOT, "%-58s", what);
                for (var kind : plan.kinds()) {
                  out.printf(
                      Locale.ROOT, "%12s", number(Spread.of(measured(values, kind)).median()));
                }
                if (values.containsKey(ServerKind.FIRN)
                    && values.containsKey(ServerKind.REFERENCE)) {
                  var ratio =
                      Spread.ofRatios(
                          measured(values, ServerKind.FIRN),
                          measured(values, ServerKind.REFERENCE));
                  out.printf(
                      Locale.ROOT,
                      "%26s",
                      "%.2f (%.2f..%.2f)".formatted(ratio.median(), ratio.min(), ratio.max()));
                }
                out.println();
              });
    }
    out.flush();
  }

  private static List<Double> measured(Map<ServerKind, List<Double>> values, ServerKind kind) {
    return requireNonNull(values.get(kind), "never measured");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : value < 1_000 ? "%.1f" : "%.0f", value);
  }
}
