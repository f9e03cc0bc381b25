package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.QuickProperties;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code icestormadmin}: administers topic managers with commands from the command line or from
 * standard input. Exit status 0 if every command succeeded, else 1.
 */
public final class StormAdminMain {

  private static final OptionParser PARSER =
      new OptionParser()
          .flag("h", "help")
          .flag("v", "version")
          .repeatableValue("e")
          .flag("d", "debug");

  private static final String USAGE =
      """
      Usage: icestormadmin [options]
      Options:
      -h, --help           Show this text.
      -v, --version        Print the Ice version.
      -e COMMANDS          Execute COMMANDS and exit; may be repeated.
      -d, --debug          Print how commands are understood.\
      """;

  private final String program;
  private final InputStream in;
  private final Console console;

  private StormAdminMain(String program, InputStream in, Console console) {
    this.program = program;
    this.in = in;
    this.console = console;
  }

  public static void main(String[] arguments) {
    var out = StandardStreams.output(FileDescriptor.out);
    var err = StandardStreams.output(FileDescriptor.err);
    int status = run(arguments, System.in, out, err);
    out.flush();
    err.flush();
    // Ice leaves no thread behind, but a signal may still be holding up the end.
    System.exit(status);
  }

  /**
   * Runs the program within this process.
   *
   * @return the exit status
   */
  static int run(String[] arguments, InputStream in, PrintStream out, PrintStream err) {
    String program = System.getProperty("firn.program", "icestormadmin");
    var console = new Console(out, err);
    try {
      return new StormAdminMain(program, in, console).run(arguments);
    } catch (AdminException exception) {
      if (!exception.text().isEmpty()) {
        console.diagnose(program + ": " + exception.text());
      }
    } catch (BadOptionException exception) {
      console.diagnose(exception.text() + "\n" + USAGE);
    } catch (LocalException exception) {
      console.diagnose(program + ": " + Failures.text(exception));
    } catch (IOException exception) {
      console.diagnose(program + ": " + exception);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
      console.diagnose(program + ": interrupted");
    }
    return 1;
  }

  private int run(String[] arguments)
      throws AdminException, BadOptionException, IOException, InterruptedException {
    List<String> rest = new ArrayList<>();
    Properties properties = QuickProperties.create(arguments, rest);
    rest =
        List.of(properties.parseCommandLineOptions("IceStormAdmin", rest.toArray(String[]::new)));
    properties.setProperty("Ice.Warn.Endpoints", "0");

    ParsedOptions options = PARSER.parse(rest);
    if (!options.arguments().isEmpty()) {
      console.diagnose(program + ": too many arguments\n" + USAGE);
      return 1;
    }
    if (options.has("help")) {
      console.diagnose(USAGE);
      return 0;
    }
    if (options.has("version")) {
      console.line(Util.stringVersion());
      console.flush();
      return 0;
    }
    TlsPlugin.configure(properties, false);
    LocatorDiscoveryPluginFactory.prepare(properties);
    var data = new InitializationData();
    data.properties = properties;
    Communicator communicator = Util.initialize(data);
    // Ends what a command waits for, and with it the program.
    Signals.onInterrupt(communicator::destroy);
    try {
      return execute(communicator, options);
    } finally {
      communicator.destroy();
      Signals.reset();
    }
  }

  private int execute(Communicator communicator, ParsedOptions options)
      throws AdminException, IOException, InterruptedException {
    StormManagers managers = StormManagers.find(communicator);
    var commands = new StormCommands(communicator, managers, console);
    var input = new StandardInput(in, StandardStreams.encoding());
    try (CommandInput source =
        CommandInput.open(
            options, in, input, console, new StormCompletions(managers), communicator::destroy)) {
      var interpreter = new StormInterpreter(commands, console);
      if (options.has("debug")) {
        interpreter.trace();
      }
      CommandLoop.run(
          new CommandScanner(source, console, false),
          interpreter,
          console,
          () -> {
            if (communicator.isShutdown()) {
              throw AdminException.failure("interrupted with Ctrl-C");
            }
          });
    }
    return console.errors() == 0 ? 0 : 1;
  }
}
