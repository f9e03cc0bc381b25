package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LoggerAdminPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.FileIteratorPrx;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.util.List;
import java.util.Optional;

/** The {@code show} commands: a process's Ice log, what it wrote, or one of its log files. */
final class ShowCommand {

  /** Whose log or file. */
  enum Kind {
    NODE("node"),
    REGISTRY("registry"),
    SERVER("server");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /**
   * How much of it.
   *
   * @param head number of lines from the start, 0 for all
   * @param tail number of lines or messages from the end, -1 for all
   * @param follow whether to go on with what is added later, until Ctrl-C
   */
  record Range(int head, int tail, boolean follow) {}

  static final String OPTIONS_HELP =
      """
      Options:
       -f | --follow: go on with what is added, until Ctrl-C
       -t N | --tail N: only the last N lines or log messages
       -h N | --head N: only the first N lines (not for log)""";

  private static final OptionParser OPTIONS =
      new OptionParser().flag("f", "follow").value("t", "tail").value("h", "head");

  private final AdminContext context;
  private final Kind kind;

  ShowCommand(AdminContext context, Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  void run(List<String> arguments) throws CommandException, UserException, InterruptedException {
    ParsedOptions options = CommandOptions.parse(OPTIONS, arguments);
    if (options.arguments().size() != 2) {
      String command = kind.word + " show";
      throw new CommandException(
          "`" + command + "' requires two arguments\n(`" + command + " help' for more info)");
    }
    String name = options.arguments().get(0);
    String file = options.arguments().get(1);
    context.console().print(kind.word + " `" + name + "' " + file + ": ");
    Range range = range(options);
    if (!file.equals("log")) {
      new FileView(context).show(open(name, file, range.tail()), range);
    } else if (range.head() > 0) {
      throw new CommandException("can't specify -h | --head option with log");
    } else {
      context.console().print("\n");
      new LogView(context).show(logger(name), range);
    }
  }

  private static Range range(ParsedOptions options) throws CommandException {
    boolean head = options.has("head");
    boolean tail = options.has("tail");
    boolean follow = options.has("follow");
    if (head && tail) {
      throw new CommandException("can't specify both -h | --head and -t | --tail options");
    }
    Range range =
        new Range(
            head ? count(options.value("head")) : 0,
            tail ? count(options.value("tail")) : -1,
            follow);
    if (head && follow) {
      throw new CommandException("can't use -f | --follow option with -h | --head option");
    }
    return range;
  }

  private static int count(String text) throws CommandException {
    int count = 0;
    try {
      count = Integer.parseInt(text);
    } catch (NumberFormatException exception) {
      // Reported with the numbers that are too small.
    }
    if (count <= 0) {
      throw new CommandException("invalid argument for -h | --head or -t | --tail option");
    }
    return count;
  }

  private FileIteratorPrx open(String name, String file, int tail)
      throws CommandException, UserException {
    AdminSessionPrx session = context.session();
    boolean stdout = file.equals("stdout");
    if (!stdout && !file.equals("stderr")) {
      if (kind != Kind.SERVER) {
        throw new CommandException("invalid " + kind.word + " log filename `" + file + "'");
      }
      return session.openServerLog(name, file, tail);
    }
    return switch (kind) {
      case NODE -> stdout ? session.openNodeStdOut(name, tail) : session.openNodeStdErr(name, tail);
      case REGISTRY ->
          stdout ? session.openRegistryStdOut(name, tail) : session.openRegistryStdErr(name, tail);
      case SERVER ->
          stdout ? session.openServerStdOut(name, tail) : session.openServerStdErr(name, tail);
    };
  }

  private LoggerAdminPrx logger(String name) throws CommandException, UserException {
    ObjectPrx admin =
        switch (kind) {
          case NODE -> context.admin().getNodeAdmin(name);
          case REGISTRY -> context.admin().getRegistryAdmin(name);
          case SERVER -> context.admin().getServerAdmin(name);
        };
    String owner = kind.word + " `" + name + "'";
    if (admin == null) {
      throw new CommandException("cannot retrieve Admin proxy for " + owner);
    }
    return loggerAdmin(admin)
        .orElseThrow(() -> new CommandException("cannot retrieve Logger admin facet for " + owner));
  }

  private static Optional<LoggerAdminPrx> loggerAdmin(ObjectPrx admin) {
    try {
      return Optional.ofNullable(LoggerAdminPrx.checkedCast(admin, "Logger"));
    } catch (LocalException exception) {
      return Optional.empty();
    }
  }
}
