package dev.firn.cli;

import java.io.PrintStream;
import java.util.List;

/** The program {@code icestormdb}. */
final class IceStormDb {
  private static final String USAGE =
      """
      Usage: icestormdb [options]
      Exports the database of a stopped storm to a file, or imports it into an empty directory.
      -h, --help             Print this text.
      -v, --version          Print the Ice version.
      --import FILE          Read FILE into the database directory.
      --export FILE          Write the database to FILE.
      --dbhome DIR           The database directory, or
      --dbpath DIR           the same under its other name.
      --mapsize MB           Address space reserved by the import; it grows by itself.
      -d, --debug            Name each entry.
      """;

  private final DatabaseTool tool;

  IceStormDb(PrintStream out, PrintStream err) {
    tool = new DatabaseTool("icestormdb", USAGE, false, IceStormDbTransfer::new, out, err);
  }

  /** Returns the exit status: 0 done, 1 failed. */
  int run(List<String> arguments) {
    return tool.run(arguments);
  }
}
