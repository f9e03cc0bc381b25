package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import dev.firn.wire.ComponentTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firn bench component}. */
@Command(
    name = "component",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the state replicator and the failover of components.",
      "Updates: one writer with requests outstanding, and standbys that acknowledge what they get,"
          + " all in the benchmark's process. Failovers: two instances of a counter whose role the"
          + " registry gives, and a client that counts; in turn, the role is handed over and the"
          + " active instance is killed. There is nothing of ZeroC's to compare with."
    })
final class ComponentCommand implements Callable<Integer> {
  @Option(
      names = "--levels",
      split = ",",
      defaultValue = "memory,quorum,standby",
      paramLabel = "LEVEL",
      description = "Durability levels (default: ${DEFAULT-VALUE}).")
  private List<String> levels = List.of();

  @Option(
      names = "--standbys",
      split = ",",
      defaultValue = "1,2,8",
      paramLabel = "N",
      description = "How many standbys (default: ${DEFAULT-VALUE}).")
  private List<Integer> standbys = List.of();

  @Option(
      names = "--seconds",
      defaultValue = "3",
      paramLabel = "S",
      description = "Seconds of each measurement (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--items",
      defaultValue = "1000000",
      paramLabel = "N",
      description = "Items of the snapshot; 0: none (default: ${DEFAULT-VALUE}).")
  private int items;

  @Option(
      names = "--failovers",
      defaultValue = "20",
      paramLabel = "N",
      description = "Failovers of each kind; 0: none (default: ${DEFAULT-VALUE}).")
  private int failovers;

  @Option(
      names = "--firn",
      paramLabel = "PATH",
      description = "Firn's launcher (default: bin/firn where Firn is).")
  private Path firn = Path.of(System.getProperty("firn.home", "."), "bin", "firn");

  @Option(
      names = "--port",
      defaultValue = "16800",
      paramLabel = "N",
      description = "First of 12 ports on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--keep", description = "Leave databases and logs in place, and say where.")
  private boolean keep;

  /** Set by picocli before the call. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (!Files.isExecutable(firn)) {
      throw new ParameterException(spec.commandLine(), "no launcher at " + firn);
    }
    Path directory = Files.createTempDirectory("firn-bench-component");
    boolean done = false;
    try (Communicator communicator = communicator()) {
      var programs = new ComponentPrograms(firn.toAbsolutePath(), directory, port, communicator);
      var out = spec.commandLine().getOut();
      new StreamRun(programs, out).run(levels, standbys, seconds, items);
      if (failovers > 0) {
        new FailoverRun(programs, out).run(failovers);
      }
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

  private static Communicator communicator() {
    var init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.InvocationTimeout", "30000");
    init.properties.setProperty("Ice.MessageSizeMax", "65536");
    ComponentTypes.prepare(init.properties);
    return Util.initialize(init);
  }
}
