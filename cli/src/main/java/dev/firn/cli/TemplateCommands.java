package dev.firn.cli;

import java.util.List;

/** The {@code server template} and {@code service template} commands; they need deployment. */
final class TemplateCommands extends CommandCategory {

  private final String name;

  TemplateCommands(String name) {
    this.name = name;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  List<HelpEntry> help() {
    var describe =
        new HelpEntry(
            "describe",
            name + " describe APPLICATION TEMPLATE",
            "Describe a template. " + Deployment.NOT_SUPPORTED);
    if (!name.equals("server template")) {
      return List.of(describe);
    }
    return List.of(
        new HelpEntry(
            "instantiate",
            name + " instantiate APPLICATION NODE TEMPLATE [NAME=VALUE ...]",
            "Add a server made from a template. " + Deployment.NOT_SUPPORTED),
        describe);
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException {
    switch (command) {
      case "instantiate" -> {
        if (arguments.size() < 3) {
          throw requires(command, "requires at least three arguments");
        }
      }
      case "describe" -> requireTwo(command, arguments);
      default -> throw unknown(command);
    }
    throw Deployment.notSupported(name + " " + command);
  }
}
