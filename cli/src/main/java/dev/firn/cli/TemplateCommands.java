package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import dev.firn.model.ApplicationDescriptor;
import java.util.List;
import java.util.TreeMap;

/** The {@code server template} and {@code service template} commands. */
final class TemplateCommands extends CommandCategory {

  /** What the templates are templates of. */
  enum Kind {
    SERVER("server template"),
    SERVICE("service template");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final AdminContext context;
  private final Kind kind;

  TemplateCommands(AdminContext context, Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  @Override
  String name() {
    return kind.words;
  }

  @Override
  List<HelpEntry> help() {
    var describe =
        new HelpEntry(
            "describe",
            name() + " describe APPLICATION TEMPLATE",
            "Describe a template of APPLICATION.");
    if (kind == Kind.SERVICE) {
      return List.of(describe);
    }
    return List.of(
        new HelpEntry(
            "instantiate",
            name() + " instantiate APPLICATION NODE TEMPLATE [NAME=VALUE ...]",
            "Add a server made from a template of APPLICATION to NODE, with these values for the\n"
                + "template's parameters."),
        describe);
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException, UserException {
    switch (command) {
      case "instantiate" -> {
        if (arguments.size() < 3) {
          throw requires(command, "requires at least three arguments");
        }
        instantiate(arguments);
      }
      case "describe" -> {
        requireTwo(command, arguments);
        describe(arguments.get(0), arguments.get(1));
      }
      default -> throw unknown(command);
    }
  }

  private void instantiate(List<String> arguments) throws UserException {
    var instance = new ServerInstanceDescriptor();
    instance.template = arguments.get(2);
    instance.parameterValues = new TreeMap<>();
    for (String value : arguments.subList(3, arguments.size())) {
      int equals = value.indexOf('=');
      if (equals >= 0) {
        instance.parameterValues.put(value.substring(0, equals), value.substring(equals + 1));
      }
    }
    context.admin().instantiateServer(arguments.get(0), arguments.get(1), instance);
  }

  private void describe(String application, String id) throws CommandException, UserException {
    ApplicationDescriptor descriptor =
        ApplicationFiles.deployed(context.admin(), application).descriptor();
    String text = "";
    if (kind == Kind.SERVER) {
      var template = descriptor.serverTemplates().get(id);
      text = template == null ? "" : ServerLayout.serverTemplate(id, template);
    } else {
      var template = descriptor.serviceTemplates().get(id);
      text = template == null ? "" : ServerLayout.serviceTemplate(id, template);
    }
    if (text.isEmpty()) {
      throw new CommandException("no " + kind.words + " with id `" + id + "'");
    }
    context.console().print(text);
  }
}
