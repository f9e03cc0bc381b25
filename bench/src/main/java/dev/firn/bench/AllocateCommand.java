package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firn bench allocate}. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares how fast registries give objects to sessions and take them back.",
      "Sessions on connections of their own allocate and release in turn against Firn and ZeroC's"
          + " registry: each an object of its own, or all any of half as many objects, so that they"
          + " wait for each other."
    })
final class AllocateCommand implements Callable<Integer> {
  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Rounds of each measurement (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      paramLabel = "S",
      description = "Seconds of each measurement (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--sessions",
      split = ",",
      defaultValue = "1,8,64",
      paramLabel = "N",
      description = "How many sessions (default: ${DEFAULT-VALUE}).")
  private List<Integer> sessions = List.of();

  @Option(
      names = "--firn",
      paramLabel = "PATH",
      description = "Firn's launcher (default: bin/firn where Firn is).")
  private Path firn = Path.of(System.getProperty("firn.home", "."), "bin", "firn");

  @Option(
      names = "--reference",
      defaultValue = "/usr/bin/icegridregistry",
      paramLabel = "PATH",
      description = "ZeroC's registry (default: ${DEFAULT-VALUE}).")
  private Path reference = Path.of("/");

  @Option(
      names = "--port",
      defaultValue = "16200",
      paramLabel = "N",
      description = "First of 6 ports on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--keep", description = "Leave databases and logs in place, and say where.")
  private boolean keep;

  /** Set by picocli before the call. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    AllocateRun.Plan plan = plan();
    for (Path program : new Path[] {firn, reference}) {
      if (!Files.isExecutable(program)) {
        throw new ParameterException(spec.commandLine(), "no registry at " + program);
      }
    }
    Path directory = Files.createTempDirectory("firn-bench-allocate");
    boolean done = false;
    try (Communicator communicator = communicator()) {
      var programs =
          Map.of(ServerKind.FIRN, firn.toAbsolutePath(), ServerKind.REFERENCE, reference);
      Launcher launcher = new Launcher(programs, directory, List.of(), port);
      new AllocateRun(plan, launcher, communicator, spec.commandLine().getOut()).run();
      done = true;
      return 0;
    } finally {
      // After a failure the logs are what explains it.
      if (keep || !done) {
        spec.commandLine().getErr().println("databases and logs: " + directory);
      } else {
        Launcher.deleteTree(directory);
      }
    }
  }

  private AllocateRun.Plan plan() {
    try {
      return new AllocateRun.Plan(rounds, seconds, sessions);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static Communicator communicator() {
    var init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.InvocationTimeout", "30000");
    init.properties.setProperty("Ice.ThreadPool.Client.Size", "2");
    return Util.initialize(init);
  }
}
