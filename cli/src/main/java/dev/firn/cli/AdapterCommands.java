package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterInfo;
import java.util.List;

/** The {@code adapter} commands. */
final class AdapterCommands extends CommandCategory {

  private final AdminContext context;

  AdapterCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "adapter";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry("list", "adapter list", "Print the ids of all adapters and replica groups."),
        new HelpEntry(
            "endpoints",
            "adapter endpoints ID",
            "Print the endpoints of adapter or replica group ID."),
        new HelpEntry("remove", "adapter remove ID", "Remove adapter or replica group ID."));
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException, UserException {
    switch (command) {
      case "list" -> {
        requireNone(command, arguments);
        for (String id : context.admin().getAllAdapterIds()) {
          context.console().line(id);
        }
      }
      case "endpoints" -> endpoints(requireOne(command, arguments));
      case "remove" -> context.admin().removeAdapter(requireOne(command, arguments));
      default -> throw unknown(command);
    }
  }

  private void endpoints(String id) throws UserException {
    AdapterInfo[] members = context.admin().getAdapterInfo(id);
    if (members.length == 1 && members[0].id.equals(id)) {
      context.console().line(proxy(members[0]));
      return;
    }
    for (AdapterInfo member : members) {
      context.console().line((member.id.isEmpty() ? "<empty>" : member.id) + ": " + proxy(member));
    }
  }

  private static String proxy(AdapterInfo member) {
    return member.proxy == null ? "<inactive>" : member.proxy.toString();
  }
}
