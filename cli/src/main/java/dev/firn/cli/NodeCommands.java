package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeUnreachableException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code node} commands. */
final class NodeCommands extends CommandCategory {

  private record Host(int sockets, String nodes) {}

  private final AdminContext context;

  NodeCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "node";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry("list", "node list", "Print the names of all nodes."),
        new HelpEntry("describe", "node describe NAME", "Describe node NAME and its machine."),
        new HelpEntry("ping", "node ping NAME", "Tell whether node NAME is up."),
        new HelpEntry("load", "node load NAME", "Print the load averages of node NAME."),
        new HelpEntry(
            "sockets",
            "node sockets [NAME]",
            "Print the number of CPU sockets of node NAME, or of all nodes."),
        new HelpEntry(
            "show",
            "node show [OPTIONS] NAME [log | stderr | stdout ]",
            "Show a node's Ice log or what it wrote.\n" + ShowCommand.OPTIONS_HELP),
        new HelpEntry("shutdown", "node shutdown NAME", "Shut down node NAME."));
  }

  @Override
  boolean has(String word) {
    return word.equals("processors") || super.has(word);
  }

  @Override
  void run(String command, List<String> arguments)
      throws CommandException, UserException, InterruptedException {
    switch (command) {
      case "list" -> {
        requireNone(command, arguments);
        for (String name : context.admin().getAllNodeNames()) {
          context.console().line(name);
        }
      }
      case "describe" -> describe(requireOne(command, arguments));
      case "ping" -> {
        boolean up = context.admin().pingNode(requireOne(command, arguments));
        context.console().line(up ? "node is up" : "node is down");
      }
      case "load" -> {
        LoadInfo load = context.admin().getNodeLoad(requireOne(command, arguments));
        context
            .console()
            .line(
                "load average (1/5/15): "
                    + Formats.general(load.avg1)
                    + " / "
                    + Formats.general(load.avg5)
                    + " / "
                    + Formats.general(load.avg15));
      }
      case "sockets", "processors" -> sockets(arguments);
      case "show" -> new ShowCommand(context, ShowCommand.Kind.NODE).run(arguments);
      case "shutdown" -> context.admin().shutdownNode(requireOne(command, arguments));
      default -> throw unknown(command);
    }
  }

  private void describe(String name) throws UserException {
    NodeInfo info = context.admin().getNodeInfo(name);
    context
        .console()
        .print(
            "node `"
                + name
                + "'\n{\n"
                + "    operating system = `"
                + info.os
                + "'\n"
                + "    host name = `"
                + info.hostname
                + "'\n"
                + "    release = `"
                + info.release
                + "'\n"
                + "    version = `"
                + info.version
                + "'\n"
                + "    machine type = `"
                + info.machine
                + "'\n"
                + "    number of threads = `"
                + info.nProcessors
                + "'\n"
                + "}\n");
  }

  private void sockets(List<String> arguments) throws CommandException, UserException {
    if (arguments.size() > 1) {
      throw requires("sockets", "requires no more than one argument");
    }
    if (arguments.isEmpty()) {
      context.console().print(socketTable());
      return;
    }
    int count = context.admin().getNodeProcessorSocketCount(arguments.get(0));
    context.console().line(count > 0 ? Integer.toString(count) : "not supported");
  }

  private String socketTable() {
    Map<String, Host> hosts = new TreeMap<>();
    for (String node : context.admin().getAllNodeNames()) {
      try {
        String host = context.admin().getNodeHostname(node);
        int count = context.admin().getNodeProcessorSocketCount(node);
        Host known = hosts.get(host);
        hosts.put(host, new Host(count, known == null ? node : known.nodes() + " " + node));
      } catch (NodeNotExistException | NodeUnreachableException exception) {
        // The table shows what can be reached.
      }
    }
    var table = new StringBuilder();
    table.append(Formats.padded("Hostname", 20));
    table.append(Formats.padded("| # of sockets", 20));
    table.append(Formats.padded("| Nodes", 39)).append('\n');
    table.append(Formats.padded("=".repeat(69), 79)).append('\n');
    for (Map.Entry<String, Host> entry : hosts.entrySet()) {
      Host host = entry.getValue();
      table.append(Formats.padded(entry.getKey(), 20));
      table.append("| ").append(Formats.padded(Integer.toString(host.sockets()), 18));
      table.append("| ").append(Formats.padded(host.nodes(), 37)).append('\n');
    }
    return table.toString();
  }
}
