package dev.firn.cli;

import com.zeroc.Ice.Util;
import dev.firn.wire.BadOptionException;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line of {@code icegriddb}: checks it and starts an export or an import. */
final class IceGridDb {
  private static final String PROGRAM = "icegriddb";

  /** Ice properties, which all of ZeroC's tools accept; none of them matters here. */
  private static final Pattern PROPERTY =
      Pattern.compile("--(Ice|IceSSL|IceGrid|IceGridAdmin|IceGridDB|IceMX|IceDiscovery)\\..*");

  private static final Pattern LEADING_INTEGER = Pattern.compile("\\s*\\+?(\\d{1,6})(\\D.*)?");

  private static final String USAGE =
      """
      Usage: icegriddb [options]
      Exports the database of a stopped registry to a file, or imports it into an empty directory.
      -h, --help             Print this text.
      -v, --version          Print the Ice version.
      --import FILE          Read FILE into the database directory.
      --export FILE          Write the database to FILE.
      --dbhome DIR           The database directory, or
      --dbpath DIR           the same under its other name.
      --mapsize MB           Address space reserved by the import; it grows by itself.
      --server-version VER   Give all imported servers this Ice version.
      -d, --debug            Name each entry.
      """;

  private final PrintStream out;
  private final PrintStream err;

  IceGridDb(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Returns the exit status: 0 done, 1 failed. */
  int run(List<String> arguments) {
    ParsedOptions options;
    try {
      options =
          new OptionParser()
              .flag("h", "help")
              .flag("v", "version")
              .flag("d", "debug")
              .value("import")
              .value("export")
              .value("dbhome")
              .value("dbpath")
              .value("mapsize")
              .value("server-version")
              .parse(withoutProperties(arguments));
    } catch (BadOptionException e) {
      return usageError(e.text());
    }
    if (!options.arguments().isEmpty()) {
      return usageError("too many arguments");
    }
    if (options.has("help")) {
      err.print(USAGE);
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
    } catch (IceGridDbException e) {
      error(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private void transfer(ParsedOptions options) throws IceGridDbException {
    String directory = options.value(options.has("dbhome") ? "dbhome" : "dbpath");
    var transfer = new IceGridDbTransfer(out, options.has("debug"), directory);
    if (options.has("export")) {
      transfer.exportTo(options.value("export"));
    } else {
      int mapSizeMegabytes = mapSizeMegabytes(options);
      transfer.importFrom(
          options.value("import"), mapSizeMegabytes, options.values("server-version"));
    }
  }

  private static int mapSizeMegabytes(ParsedOptions options) throws IceGridDbException {
    if (!options.has("mapsize")) {
      return 0;
    }
    String text = options.value("mapsize");
    Matcher matcher = LEADING_INTEGER.matcher(text);
    if (!matcher.matches()) {
      throw new IceGridDbException("invalid value '" + text + "' for --mapsize");
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
    err.print(USAGE);
    return 1;
  }

  private void error(String text) {
    out.flush();
    err.println(PROGRAM + ": " + text);
  }
}
