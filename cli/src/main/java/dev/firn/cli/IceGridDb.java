package dev.firn.cli;

import java.io.PrintStream;
import java.util.List;

/** The program {@code icegriddb}. */
final class IceGridDb {
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

  private final DatabaseTool tool;

  IceGridDb(PrintStream out, PrintStream err) {
    tool = new DatabaseTool("icegriddb", USAGE, true, IceGridDbTransfer::new, out, err);
  }

  /** Returns the exit status: 0 done, 1 failed. */
  int run(List<String> arguments) {
    return tool.run(arguments);
  }
}
