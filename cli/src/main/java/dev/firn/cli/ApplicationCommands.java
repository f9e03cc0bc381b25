package dev.firn.cli;

import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.PatchException;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.DescriptorException;
import dev.firn.model.Expansion;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.time.ZoneId;
import java.util.List;

/** The {@code application} commands. */
final class ApplicationCommands extends CommandCategory {

  private static final String ARGUMENTS = "DESC [TARGET ... ] [NAME=VALUE ... ]";
  private static final String ARGUMENTS_HELP =
      "\nTARGETs select parts of the file; NAME=VALUE sets a variable, whatever the file says.";

  private final AdminContext context;
  private final ApplicationFiles files;

  ApplicationCommands(AdminContext context) {
    this.context = context;
    files = new ApplicationFiles(context.admin());
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
            "Deploy the application of file DESC, and patch it unless -n is given."
                + ARGUMENTS_HELP),
        new HelpEntry(
            "remove",
            "application remove NAME",
            "Remove application NAME; its servers are stopped."),
        new HelpEntry("describe", "application describe NAME", "Describe application NAME."),
        new HelpEntry(
            "diff",
            "application diff [-s | --servers] [-p | --plan] " + ARGUMENTS,
            "Print what file DESC would change in the definition of the deployed application, or\n"
                + "with -s what it would change for its servers; -p adds why, and which of them\n"
                + "run now. On a terminal, the plan is shown without -p."
                + ARGUMENTS_HELP),
        new HelpEntry(
            "update",
            "application update [-n | --no-restart] [-p | --plan] " + ARGUMENTS,
            "Make the deployed application what file DESC says. With -n, refuse if that would\n"
                + "stop a server. -p, as a terminal, shows the plan first."
                + ARGUMENTS_HELP),
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
      case "add" -> add(options(command, new OptionParser().flag("n", "no-patch"), arguments));
      case "diff" ->
          diff(
              options(
                  command, new OptionParser().flag("s", "servers").flag("p", "plan"), arguments));
      case "update" ->
          update(
              options(
                  command,
                  new OptionParser().flag("n", "no-restart").flag("p", "plan"),
                  arguments));
      case "describe" -> describe(options(command, new OptionParser(), arguments));
      default -> throw unknown(command);
    }
  }

  private ParsedOptions options(String command, OptionParser parser, List<String> arguments)
      throws CommandException {
    ParsedOptions options = CommandOptions.parse(parser, arguments);
    if (options.arguments().isEmpty()) {
      throw requires(command, "requires at least one argument");
    }
    return options;
  }

  private void add(ParsedOptions options) throws CommandException, UserException {
    ApplicationDescriptor declared = files.parse(options.arguments());
    context.admin().addApplication(DescriptorWriter.application(declared));
    if (!options.has("no-patch")) {
      try {
        context.admin().patchApplication(declared.name(), true);
      } catch (PatchException exception) {
        context.console().warning(Failures.patchFailure(exception.reasons));
      }
    }
  }

  private void describe(ParsedOptions options) throws CommandException, UserException {
    ApplicationInfo info = ApplicationFiles.deployed(context.admin(), options.arguments().get(0));
    try {
      context
          .console()
          .print(
              ApplicationLayout.application(
                  info, Expansion.expand(info.descriptor()), ZoneId.systemDefault()));
    } catch (DescriptorException exception) {
      throw ApplicationFiles.invalid(exception);
    }
  }

  private void diff(ParsedOptions options) throws CommandException, UserException {
    Update update = compare(files.parse(options.arguments()));
    context
        .console()
        .print(
            options.has("servers")
                ? DiffLayout.servers(update.after().name(), update.plan())
                : DiffLayout.definition(update.changes(), update.before(), update.after()));
    showPlan(options, update);
  }

  private void update(ParsedOptions options) throws CommandException, UserException {
    ApplicationDescriptor declared = files.parse(options.arguments());
    if (context.terminal() || options.has("plan")) {
      showPlan(options, compare(declared));
    }
    var descriptor = DescriptorWriter.application(declared);
    if (!options.has("no-restart")) {
      context.admin().syncApplication(descriptor);
      return;
    }
    try {
      context.admin().syncApplicationWithoutRestart(descriptor);
    } catch (OperationNotExistException exception) {
      throw new CommandException("registry doesn't support updates without restart");
    }
  }

  private Update compare(ApplicationDescriptor declared) throws CommandException, UserException {
    return Update.between(ApplicationFiles.deployed(context.admin(), declared.name()), declared);
  }

  /** Scripts read what is printed without it, so it is for those who ask, and for people. */
  private void showPlan(ParsedOptions options, Update update) {
    if (context.terminal() || options.has("plan")) {
      var states = new ServerStates(context.admin());
      context.console().print(PlanLayout.plan(update, states::now));
    }
  }
}
