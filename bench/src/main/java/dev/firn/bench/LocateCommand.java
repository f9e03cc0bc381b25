package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code firn bench locate}. */
@Command(
    name = "locate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares how fast registries answer findAdapterById and findObjectById.",
      "Runs the same load, in turn, against Firn, ZeroC's registry and a Java server that"
          + " answers with a constant; then measures memory, updates and the initial sync"
          + " of a slave."
    })
final class LocateCommand implements Callable<Integer> {
  @Option(
      names = "--servers",
      split = ",",
      converter = KindConverter.class,
      defaultValue = "firn,reference,noop",
      paramLabel = "KIND",
      description = "Servers to compare, in turn (default: ${DEFAULT-VALUE}).")
  private List<ServerKind> servers = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "9",
      paramLabel = "N",
      description = "Rounds of each measurement (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "0.4",
      paramLabel = "S",
      description = "Seconds of each lookup measurement (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--entries",
      defaultValue = "100000",
      paramLabel = "N",
      description =
          "Objects, and as many adapters, of the large database (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--updates",
      defaultValue = "100",
      paramLabel = "N",
      description = "Updates of each kind in a round; 0 for none (default: ${DEFAULT-VALUE}).")
  private int updates;

  @Option(
      names = "--syncs",
      defaultValue = "3",
      paramLabel = "N",
      description = "Repetitions of the initial sync; 0 for none (default: ${DEFAULT-VALUE}).")
  private int syncs;

  @Option(
      names = "--quick",
      description = "Under a minute: 2 rounds of 0.2 s, 10000 entries, 50 updates, 1 sync.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write every measurement to FILE.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--firn",
      paramLabel = "PATH",
      description = "Firn's launcher (default: bin/firn where Firn is).")
  private Optional<Path> firn = Optional.empty();

  @Option(
      names = "--reference",
      defaultValue = "/usr/bin/icegridregistry",
      paramLabel = "PATH",
      description = "ZeroC's registry, icegriddb beside it (default: ${DEFAULT-VALUE}).")
  private Path reference = Path.of("/");

  @Option(
      names = "--noop-options",
      defaultValue = "-XX:+UseSerialGC -Xmx64m",
      paramLabel = "OPTIONS",
      description =
          "JVM options of the constant server and, after --, its Ice properties; Dispatch.Shape="
              + "skeleton|encoded|encapsulated|blobject says how it dispatches (default:"
              + " ${DEFAULT-VALUE}).")
  private String noopOptions = "";

  @Option(
      names = "--port",
      defaultValue = "16000",
      paramLabel = "N",
      description = "First of about 100 ports on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--keep", description = "Leave databases and logs in place, and say where.")
  private boolean keep;

  /** Set by picocli before the call. */
  @Spec private CommandSpec spec = CommandSpec.create();

  static final class KindConverter implements ITypeConverter<ServerKind> {
    @Override
    public ServerKind convert(String value) {
      for (var kind : ServerKind.values()) {
        if (kind.label().equals(value.toLowerCase(Locale.ROOT))) {
          return kind;
        }
      }
      throw new TypeConversionException("'" + value + "' is not one of firn, reference, noop");
    }
  }

  @Override
  public Integer call() throws Exception {
    var plan = plan();
    var programs = Map.of(ServerKind.FIRN, firn(), ServerKind.REFERENCE, reference);
    for (var kind : plan.registries()) {
      Path program = programs.getOrDefault(kind, reference);
      if (!Files.isExecutable(program)) {
        throw new ParameterException(
            spec.commandLine(),
            "no " + kind.label() + " registry at " + program + "; choose others with --servers");
      }
    }
    Path directory = Files.createTempDirectory("firn-bench");
    var progress = spec.commandLine().getErr();
    boolean done = false;
    try (var communicator = communicator()) {
      var launcher = new Launcher(programs, directory, List.of(noopOptions.split(" +")), port);
      var results = new LocateRun(plan, communicator, launcher, directory, progress).run();
      var out = spec.commandLine().getOut();
      out.print(TextReport.of(results));
      out.flush();
      if (json.isPresent()) {
        Files.writeString(json.get(), JsonReport.of(results));
      }
      done = true;
      return 0;
    } finally {
      cleanUp(directory, keep || !done);
    }
  }

  private LocateRun.Plan plan() {
    try {
      return quick
          ? new LocateRun.Plan(servers, 2, 0.2, 10_000, Math.min(updates, 50), Math.min(syncs, 1))
          : new LocateRun.Plan(servers, rounds, seconds, entries, updates, syncs);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Path firn() {
    return firn.orElseGet(() -> Path.of(System.getProperty("firn.home", "."), "bin", "firn"))
        .toAbsolutePath();
  }

  private static Communicator communicator() {
    var init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Default.InvocationTimeout", "30000");
    return Util.initialize(init);
  }

  /** After a failure the logs are what explains it. */
  private void cleanUp(Path directory, boolean keepFiles) throws IOException {
    if (keepFiles) {
      spec.commandLine().getErr().println("databases and logs: " + directory);
    } else {
      Launcher.deleteTree(directory);
    }
  }
}
