package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Util;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of {@code icegriddb} and {@code icestormdb}: checks it, and starts an export or
 * import.
 */
final class DatabaseTool {
  /** Makes the transfer from or to a database directory. */
  interface TransferFactory {
    DatabaseTransfer of(PrintStream out, boolean debug, String directory);
  }

  /** Ice properties, which all of ZeroC's tools accept; none of them matters here. */
  private static final Pattern PROPERTY =
      Pattern.compile(
          "--(Ice|IceSSL|IceGrid|IceGridAdmin|IceGridDB|IceStorm|IceStormAdmin|IceStormDB|IceMX"
              + "|IceDiscovery)\\..*");

  private static final Pattern LEADING_INTEGER = Pattern.compile("\\s*\\+?(\\d{1,6})(\\D.*)?");

  private final String program;
  private final String usage;
  private final boolean serverVersion;
  private final TransferFactory transfers;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * @param serverVersion whether there is the option {@code --server-version}
   */
  DatabaseTool(
      String program,
      String usage,
      boolean serverVersion,
      TransferFactory transfers,
      PrintStream out,
      PrintStream err) {
    this.program = program;
    this.usage = usage;
    this.serverVersion = serverVersion;
    this.transfers = transfers;
    this.out = out;
    this.err = err;
  }

  /** One of the programs; returns the exit status. */
  interface Program {
    int run(List<String> arguments, PrintStream out, PrintStream err);
  }

  static void main(String[] arguments, Program program) {
    // Names are UTF-8 in the database and in the file, so they are shown as that in any locale.
    var out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
    int status = program.run(List.of(arguments), out, err);
    out.flush();
    System.exit(status);
  }

  /** Returns the exit status: 0 done, 1 failed. */
  int run(List<String> arguments) {
    OptionParser parser =
        new OptionParser()
            .flag("h", "help")
            .flag("v", "version")
            .flag("d", "debug")
            .value("import")
            .value("export")
            .value("dbhome")
            .value("dbpath")
            .value("mapsize");
    if (serverVersion) {
      parser.value("server-version");
    }
    ParsedOptions options;
    try {
      options = parser.parse(withoutProperties(arguments));
    } catch (BadOptionException e) {
      return usageError(e.text());
    }
    if (!options.arguments().isEmpty()) {
      return usageError("too many arguments");
    }
    if (options.has("help")) {
      err.print(usage);
      return 0;
    }
    if (options.has("version")) {
      out.println(Util.stringVersion());
      return 0;
    }
    if (options.has("import") == options.has("export")) {
      return usageError("either --import or --export must be set");
    }
    if (options.has("dbhome") == options.has("dbpath")) {
      return usageError("set the database environment directory with either --dbhome or --dbpath");
    }
    try {
      transfer(options);
      return 0;
    } catch (DatabaseToolException e) {
      error(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private void transfer(ParsedOptions options) throws DatabaseToolException {
    String directory = options.value(options.has("dbhome") ? "dbhome" : "dbpath");
    DatabaseTransfer transfer = transfers.of(out, options.has("debug"), directory);
    if (options.has("export")) {
      transfer.exportTo(options.value("export"));
    } else {
      int mapSizeMegabytes = mapSizeMegabytes(options);
      transfer.importFrom(
          options.value("import"),
          mapSizeMegabytes,
          serverVersion ? options.values("server-version") : List.of());
    }
  }

  private static int mapSizeMegabytes(ParsedOptions options) throws DatabaseToolException {
    if (!options.has("mapsize")) {
      return 0;
    }
    String text = options.value("mapsize");
    Matcher matcher = LEADING_INTEGER.matcher(text);
    if (!matcher.matches()) {
      throw new DatabaseToolException("invalid value '" + text + "' for --mapsize");
    }
    return Integer.parseInt(matcher.group(1));
  }

  private static List<String> withoutProperties(List<String> arguments) {
    List<String> rest = new ArrayList<>();
    for (String argument : arguments) {
      if (!PROPERTY.matcher(argument).matches()) {
        rest.add(argument);
      }
    }
    return rest;
  }

  private int usageError(String text) {
    error(text);
    err.print(usage);
    return 1;
  }

  private void error(String text) {
    out.flush();
    err.println(program + ": " + text);
  }
}
