package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firn bench storm}. */
@Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares how storms deliver events.",
      "Runs the same load, in turn, against Firn and ZeroC's service in icebox: events per second,"
          + " latency at a fixed rate, memory while a subscriber does not read. Every event must"
          + " arrive, once."
    })
final class StormCommand implements Callable<Integer> {
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
      description = "Seconds of each measurement of events/s (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--only",
      defaultValue = ".*",
      paramLabel = "REGEX",
      description = {
        "Only loads whose whole name matches: MODE/SUBSCRIBERS/BYTES/PUBLISHER with oneway, batch,"
            + " twoway; 1, 10, 100; 16, 1024; oneway, batch; also direct/BYTES,"
            + " latency/SUBSCRIBERS, stalled."
      })
  private String only = "";

  @Option(names = "--quick", description = "A few minutes: 2 rounds of 0.3 s.")
  private boolean quick;

  @Option(
      names = "--firn",
      paramLabel = "PATH",
      description = "Firn's launcher (default: bin/firn where Firn is).")
  private Path firn = Path.of(System.getProperty("firn.home", "."), "bin", "firn");

  @Option(
      names = "--reference",
      defaultValue = "/usr/bin/icebox",
      paramLabel = "PATH",
      description = "ZeroC's icebox (default: ${DEFAULT-VALUE}).")
  private Path reference = Path.of("/");

  @Option(
      names = "--port",
      defaultValue = "21600",
      paramLabel = "N",
      description = "First of about 150 ports on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--keep", description = "Leave databases and logs in place, and say where.")
  private boolean keep;

  /** Set by picocli before the call. */
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    StormRun.Plan plan = plan();
    for (Path program : new Path[] {firn, reference}) {
      if (!Files.isExecutable(program)) {
        throw new ParameterException(spec.commandLine(), "no storm at " + program);
      }
    }
    Path directory = StormRun.newDirectory();
    boolean done = false;
    try (Communicator communicator = communicator()) {
      var programs =
          Map.of(ServerKind.FIRN, firn.toAbsolutePath(), ServerKind.REFERENCE, reference);
      new StormRun(plan, programs, directory, port, communicator, spec.commandLine().getOut())
          .run();
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

  private StormRun.Plan plan() {
    try {
      Pattern pattern = Pattern.compile(only);
      return new StormRun.Plan(
          quick ? 2 : rounds, quick ? 0.3 : seconds, label -> pattern.matcher(label).matches());
    } catch (PatternSyntaxException e) {
      throw new ParameterException(spec.commandLine(), "--only: " + e.getDescription(), e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static Communicator communicator() {
    var init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.InvocationTimeout", "30000");
    return Util.initialize(init);
  }
}
