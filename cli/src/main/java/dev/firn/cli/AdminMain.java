package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminPrx;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import dev.firn.wire.ParsedOptions;
import dev.firn.wire.QuickProperties;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code icegridadmin}: administers an IceGrid registry with commands from the command line or from
 * standard input. Exit status 0 if every command succeeded, else 1.
 */
public final class AdminMain {

  private final String program;
  private final InputStream in;
  private final Console console;
  private final Interrupts interrupts = new Interrupts();

  private AdminMain(String program, InputStream in, Console console) {
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
    String program = System.getProperty("firn.program", "icegridadmin");
    var console = new Console(out, err);
    try {
      return new AdminMain(program, in, console).run(arguments);
    } catch (AdminException exception) {
      if (exception.isRefusal()) {
        console.line(exception.text());
        console.flush();
      } else if (!exception.text().isEmpty()) {
        console.diagnose(program + ": " + exception.text());
      }
    } catch (BadOptionException exception) {
      console.diagnose(exception.text() + "\n" + AdminOptions.USAGE.stripTrailing());
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
    Properties defaults = Util.createProperties();
    defaults.setProperty("IceGridAdmin.Server.Endpoints", "tcp -h localhost");
    Properties properties = QuickProperties.create(arguments, defaults, rest);
    rest =
        List.of(
            properties.parseCommandLineOptions(AdminOptions.PREFIX, rest.toArray(String[]::new)));
    properties.setProperty("Ice.Warn.Endpoints", "0");

    ParsedOptions options = AdminOptions.PARSER.parse(rest);
    if (!options.arguments().isEmpty()) {
      console.diagnose(program + ": too many arguments\n" + AdminOptions.USAGE.stripTrailing());
      return 1;
    }
    if (options.has("help")) {
      console.diagnose(AdminOptions.USAGE.stripTrailing());
      return 0;
    }
    if (options.has("version")) {
      console.line(Util.stringVersion());
      console.flush();
      return 0;
    }
    if (options.has("server")) {
      return new FileParserServer(properties, console).run();
    }
    return run(AdminOptions.of(options, properties), options, properties);
  }

  private int run(AdminOptions options, ParsedOptions commandLine, Properties properties)
      throws AdminException, IOException, InterruptedException {
    TlsPlugin.configure(properties, options.ssl());
    LocatorDiscoveryPluginFactory.prepare(properties);
    var data = new InitializationData();
    data.properties = properties;
    Communicator communicator = Util.initialize(data);
    var login = new LoginInterrupt(communicator);
    Signals.onInterrupt(login);
    try {
      return withCommunicator(communicator, options, commandLine, login);
    } finally {
      communicator.destroy();
      Signals.reset();
    }
  }

  private int withCommunicator(
      Communicator communicator,
      AdminOptions options,
      ParsedOptions commandLine,
      LoginInterrupt loginInterrupt)
      throws AdminException, IOException, InterruptedException {
    var input = new StandardInput(in, StandardStreams.encoding());
    var prompter = new Prompter(console, input);
    Login.Established established;
    try {
      new RegistryFinder(communicator, options, console, prompter).find();
      established = new Login(communicator, options, console, prompter, program).establish();
    } catch (LocalException exception) {
      if (loginInterrupt.happened()) {
        return 0;
      }
      throw exception;
    }
    try {
      AdminPrx admin = established.session().getAdmin();
      var context =
          new AdminContext(
              communicator,
              established.session(),
              admin,
              console,
              interrupts,
              !commandLine.has("e") && CommandInput.isTerminal(in));
      Signals.onInterrupt(new CommandInterrupt(interrupts));
      return execute(context, commandLine, input);
    } finally {
      established.destroy();
    }
  }

  private int execute(AdminContext context, ParsedOptions commandLine, StandardInput input)
      throws AdminException, IOException, InterruptedException {
    var commands = new AdminCommands(context);
    boolean once = commandLine.has("e");
    try (CommandInput source =
        CommandInput.open(
            commandLine,
            in,
            input,
            console,
            new CommandCompleter(context, commands),
            interrupts::interrupt)) {
      var interpreter = new CommandInterpreter(commands, console);
      if (commandLine.has("debug")) {
        interpreter.trace();
      }
      CommandLoop.run(
          new CommandScanner(source, console, true),
          interpreter,
          console,
          () -> {
            if (interrupts.interrupted()) {
              if (once) {
                throw AdminException.failure("interrupted with Ctrl-C");
              }
              interrupts.clear();
            }
          });
    }
    return console.errors() == 0 ? 0 : 1;
  }

  /** Ctrl-C before there is a session: gives up. */
  private static final class LoginInterrupt implements Runnable {

    private final Communicator communicator;
    private volatile boolean happened;

    LoginInterrupt(Communicator communicator) {
      this.communicator = communicator;
    }

    boolean happened() {
      return happened;
    }

    @Override
    public void run() {
      happened = true;
      communicator.destroy();
      // A prompt cannot be interrupted in any other way; the terminal gets its echo back.
      System.exit(0);
    }
  }

  /** Ctrl-C later: ends what the command is showing. */
  private static final class CommandInterrupt implements Runnable {

    private final Interrupts interrupts;

    CommandInterrupt(Interrupts interrupts) {
      this.interrupts = interrupts;
    }

    @Override
    public void run() {
      interrupts.interrupt();
    }
  }
}
