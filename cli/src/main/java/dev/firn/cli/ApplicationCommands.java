package dev.firn.cli;

import com.zeroc.Ice.UserException;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.util.List;

/** The {@code application} commands; those that read descriptors are not there yet. */
final class ApplicationCommands extends CommandCategory {

  private static final String ARGUMENTS = "DESC [TARGET ... ] [NAME=VALUE ... ]";

  private final AdminContext context;

  ApplicationCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "application";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry(
            "add",
            "application add [-n | --no-patch] " + ARGUMENTS,
            "Deploy the application of file DESC. " + Deployment.NOT_SUPPORTED),
        new HelpEntry("remove", "application remove NAME", "Remove application NAME."),
        new HelpEntry(
            "describe",
            "application describe NAME",
            "Describe application NAME. " + Deployment.NOT_SUPPORTED),
        new HelpEntry(
            "diff",
            "application diff [-s | --servers] " + ARGUMENTS,
            "Compare file DESC with what is deployed. " + Deployment.NOT_SUPPORTED),
        new HelpEntry(
            "update",
            "application update [-n | --no-restart] " + ARGUMENTS,
            "Update a deployed application from file DESC. " + Deployment.NOT_SUPPORTED),
        new HelpEntry(
            "patch",
            "application patch [-f | --force] NAME",
            "Patch application NAME; -f stops the servers that are in the way."),
        new HelpEntry("list", "application list", "Print the names of all applications."));
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException, UserException {
    switch (command) {
      case "list" -> {
        requireNone(command, arguments);
        for (String name : context.admin().getAllApplicationNames()) {
          context.console().line(name);
        }
      }
      case "remove" -> context.admin().removeApplication(requireOne(command, arguments));
      case "patch" -> {
        ParsedOptions options =
            CommandOptions.parse(new OptionParser().flag("f", "force"), arguments);
        String name = requireOne(command, options.arguments());
        context.admin().patchApplication(name, options.has("force"));
      }
      case "add" -> deploy(command, new OptionParser().flag("n", "no-patch"), arguments);
      case "diff" -> deploy(command, new OptionParser().flag("s", "servers"), arguments);
      case "update" -> deploy(command, new OptionParser().flag("n", "no-restart"), arguments);
      case "describe" -> {
        if (!arguments.isEmpty()) {
          context.admin().getApplicationInfo(arguments.get(0)); // an unknown name is told first
        }
        deploy(command, new OptionParser(), arguments);
      }
      default -> throw unknown(command);
    }
  }

  private void deploy(String command, OptionParser parser, List<String> arguments)
      throws CommandException {
    if (CommandOptions.parse(parser, arguments).arguments().isEmpty()) {
      throw requires(command, "requires at least one argument");
    }
    throw Deployment.notSupported(name() + " " + command);
  }
}
