package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.NodeUpdateDescriptor;
import com.zeroc.IceGrid.ServerInfo;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.DescriptorException;
import dev.firn.wire.DescriptorReader;
import dev.firn.wire.OptionParser;
import dev.firn.wire.ParsedOptions;
import java.util.ArrayList;
import java.util.List;

/** The {@code server} commands. */
final class ServerCommands extends CommandCategory {

  private final AdminContext context;

  ServerCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "server";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry("list", "server list", "Print the ids of all servers."),
        new HelpEntry("remove", "server remove ID", "Remove server ID from its application."),
        new HelpEntry("describe", "server describe ID", "Describe server ID."),
        new HelpEntry(
            "properties", "server properties ID", "Print the properties of running server ID."),
        new HelpEntry("property", "server property ID NAME", "Print one property of server ID."),
        new HelpEntry("state", "server state ID", "Print the state of server ID."),
        new HelpEntry("pid", "server pid ID", "Print the process id of server ID."),
        new HelpEntry("start", "server start ID", "Start server ID."),
        new HelpEntry("stop", "server stop ID", "Stop server ID."),
        new HelpEntry("patch", "server patch [-f | --force] ID", "Patch server ID."),
        new HelpEntry(
            "signal",
            "server signal ID SIGNAL",
            "Send SIGNAL, a name such as SIGTERM or a number, to server ID."),
        new HelpEntry(
            "stdout",
            "server stdout ID MESSAGE",
            "Have server ID write MESSAGE to its standard output."),
        new HelpEntry(
            "stderr",
            "server stderr ID MESSAGE",
            "Have server ID write MESSAGE to its standard error."),
        new HelpEntry(
            "show",
            "server show [OPTIONS] ID [log | stderr | stdout | LOGFILE ]",
            "Show a server's Ice log, what it wrote, or a log file of its descriptor.\n"
                + ShowCommand.OPTIONS_HELP),
        new HelpEntry("enable", "server enable ID", "Allow server ID to be started."),
        new HelpEntry(
            "disable",
            "server disable ID",
            "Keep server ID from being started, on demand or by an administrator."));
  }

  @Override
  void run(String command, List<String> arguments)
      throws CommandException, UserException, InterruptedException {
    switch (command) {
      case "list" -> {
        requireNone(command, arguments);
        for (String id : context.admin().getAllServerIds()) {
          context.console().line(id);
        }
      }
      case "remove" -> remove(requireOne(command, arguments));
      case "describe" -> describe(requireOne(command, arguments));
      case "properties" -> process(requireOne(command, arguments)).properties("Properties");
      case "property" -> {
        requireTwo(command, arguments);
        process(arguments.get(0)).property("Properties", arguments.get(1));
      }
      case "state" -> state(requireOne(command, arguments));
      case "pid" -> {
        int pid = context.admin().getServerPid(requireOne(command, arguments));
        if (pid <= 0) {
          throw new CommandException("server is not running");
        }
        context.console().line(Integer.toString(pid));
      }
      case "start" -> context.admin().startServer(requireOne(command, arguments));
      case "stop" -> context.admin().stopServer(requireOne(command, arguments));
      case "patch" -> {
        ParsedOptions options =
            CommandOptions.parse(new OptionParser().flag("f", "force"), arguments);
        String id = requireOne(command, options.arguments());
        context.admin().patchServer(id, options.has("force"));
      }
      case "signal" -> {
        requireTwo(command, arguments);
        context.admin().sendSignal(arguments.get(0), arguments.get(1));
      }
      case "stdout", "stderr" -> {
        if (arguments.size() != 2) {
          throw requires("stdout or server stderr", "requires exactly two arguments");
        }
        process(arguments.get(0)).write(arguments.get(1), command.equals("stdout") ? 1 : 2);
      }
      case "show" -> new ShowCommand(context, ShowCommand.Kind.SERVER).run(arguments);
      case "enable", "disable" ->
          context.admin().enableServer(requireOne(command, arguments), command.equals("enable"));
      default -> throw unknown(command);
    }
  }

  private ServerProcess process(String id) throws UserException {
    return new ServerProcess(context.admin().getServerAdmin(id), context.console());
  }

  private void describe(String id) throws CommandException, UserException {
    ServerInfo info = context.admin().getServerInfo(id);
    var place =
        new ServerLayout.Place(
            info.application, info.uuid, info.revision, info.node, info.sessionId);
    try {
      context.console().print(ServerLayout.server(place, DescriptorReader.server(info.descriptor)));
    } catch (DescriptorException exception) {
      throw ApplicationFiles.invalid(exception);
    }
  }

  private void remove(String id) throws UserException {
    ServerInfo info = context.admin().getServerInfo(id);
    var node = new NodeUpdateDescriptor();
    node.name = info.node;
    node.removeServers = new String[] {id};
    var update = new ApplicationUpdateDescriptor();
    update.name = info.application;
    update.nodes = new ArrayList<>(List.of(node));
    context.admin().updateApplication(update);
  }

  private void state(String id) throws UserException {
    ServerState state = context.admin().getServerState(id);
    String enabled = context.admin().isServerEnabled(id) ? "enabled" : "disabled";
    String text =
        switch (state) {
          case Inactive -> "inactive (" + enabled + ")";
          case Activating -> "activating (" + enabled + ")";
          case Active -> "active (pid = " + context.admin().getServerPid(id) + ", " + enabled + ")";
          case ActivationTimedOut ->
              "activation timed out (pid = "
                  + context.admin().getServerPid(id)
                  + ", "
                  + enabled
                  + ")";
          case Deactivating -> "deactivating (" + enabled + ")";
          case Destroying -> "destroying (" + enabled + ")";
          case Destroyed -> "destroyed (" + enabled + ")";
        };
    context.console().line(text);
    if (state == ServerState.Inactive) {
      BackOff.of(context.admin(), id).ifPresent(context.console()::line);
    }
  }
}
