package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.RegistryInfo;
import java.util.List;

/** The {@code registry} commands: the replicas of the registry. */
final class RegistryCommands extends CommandCategory {

  private final AdminContext context;

  RegistryCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "registry";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry("list", "registry list", "Print the names of the running replicas."),
        new HelpEntry("describe", "registry describe NAME", "Describe replica NAME."),
        new HelpEntry("ping", "registry ping NAME", "Tell whether replica NAME is up."),
        new HelpEntry(
            "show",
            "registry show [OPTIONS] NAME [log | stderr | stdout ]",
            "Show a replica's Ice log or what it wrote.\n" + ShowCommand.OPTIONS_HELP),
        new HelpEntry(
            "shutdown",
            "registry shutdown [NAME]",
            "Shut down replica NAME, or the one that this session is with."));
  }

  @Override
  void run(String command, List<String> arguments)
      throws CommandException, UserException, InterruptedException {
    switch (command) {
      case "list" -> {
        requireNone(command, arguments);
        for (String name : context.admin().getAllRegistryNames()) {
          context.console().line(name);
        }
      }
      case "describe" -> describe(requireOne(command, arguments));
      case "ping" -> {
        boolean up = context.admin().pingRegistry(requireOne(command, arguments));
        context.console().line(up ? "registry is up" : "registry is down");
      }
      case "show" -> new ShowCommand(context, ShowCommand.Kind.REGISTRY).run(arguments);
      case "shutdown" -> shutdown(arguments);
      default -> throw unknown(command);
    }
  }

  private void describe(String name) throws UserException {
    RegistryInfo info = context.admin().getRegistryInfo(name);
    context
        .console()
        .print("registry `" + name + "'\n{\n    host name = `" + info.hostname + "'\n}\n");
  }

  private void shutdown(List<String> arguments) throws CommandException, UserException {
    if (arguments.size() > 1) {
      throw requires("shutdown", "requires at most one argument");
    }
    if (arguments.isEmpty()) {
      context.admin().shutdown();
    } else {
      context.admin().shutdownRegistry(arguments.get(0));
    }
  }
}
