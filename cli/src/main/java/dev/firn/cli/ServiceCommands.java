package dev.firn.cli;

import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.PropertyDescriptor;
import com.zeroc.IceGrid.ServerDescriptor;
import com.zeroc.IceGrid.ServiceInstanceDescriptor;
import java.util.List;

/** The {@code service} commands: services of IceBox servers. */
final class ServiceCommands extends CommandCategory {

  private final AdminContext context;

  ServiceCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "service";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry("list", "service list ID", "Print the services of IceBox server ID."),
        new HelpEntry(
            "describe",
            "service describe ID NAME",
            "Describe service NAME of server ID. " + Deployment.NOT_SUPPORTED),
        new HelpEntry("start", "service start ID NAME", "Start service NAME of server ID."),
        new HelpEntry("stop", "service stop ID NAME", "Stop service NAME of server ID."),
        new HelpEntry(
            "properties",
            "service properties ID NAME",
            "Print the properties of service NAME of running server ID."),
        new HelpEntry(
            "property",
            "service property ID NAME PROPERTY",
            "Print one property of service NAME of running server ID."));
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException, UserException {
    switch (command) {
      case "list" -> {
        for (ServiceInstanceDescriptor service : iceBox(requireOne(command, arguments)).services) {
          context.console().line(nameOf(service));
        }
      }
      case "describe" -> {
        requireTwo(command, arguments);
        throw Deployment.notSupported("service describe");
      }
      case "start" -> {
        requireTwo(command, arguments);
        process(arguments.get(0)).startService(arguments.get(1));
      }
      case "stop" -> {
        requireTwo(command, arguments);
        process(arguments.get(0)).stopService(arguments.get(1));
      }
      case "properties" -> {
        if (arguments.size() != 2) {
          throw requires(command, "requires exactly two argument");
        }
        String facet = propertiesFacet(arguments.get(0), arguments.get(1));
        process(arguments.get(0)).properties(facet);
      }
      case "property" -> {
        if (arguments.size() != 3) {
          throw requires(command, "requires exactly three arguments");
        }
        String facet = propertiesFacet(arguments.get(0), arguments.get(1));
        process(arguments.get(0)).property(facet, arguments.get(2));
      }
      default -> throw unknown(command);
    }
  }

  private ServerProcess process(String id) throws UserException {
    return new ServerProcess(context.admin().getServerAdmin(id), context.console());
  }

  private IceBoxDescriptor iceBox(String id) throws CommandException, UserException {
    ServerDescriptor descriptor = context.admin().getServerInfo(id).descriptor;
    if (descriptor instanceof IceBoxDescriptor iceBox) {
      return iceBox;
    }
    throw new CommandException("server `" + id + "' is not an IceBox server");
  }

  /** Services that share a communicator have one facet in common. */
  private String propertiesFacet(String id, String service) throws CommandException, UserException {
    IceBoxDescriptor iceBox = iceBox(id);
    boolean found = false;
    for (ServiceInstanceDescriptor instance : iceBox.services) {
      found |= nameOf(instance).equals(service);
    }
    if (!found) {
      throw ServerProcess.noSuchService(service);
    }
    String value = "";
    for (PropertyDescriptor property : iceBox.propertySet.properties) {
      if (property.name.equals("IceBox.UseSharedCommunicator." + service)) {
        value = property.value;
      }
    }
    return isPositive(value)
        ? "IceBox.SharedCommunicator.Properties"
        : "IceBox.Service." + service + ".Properties";
  }

  private static boolean isPositive(String text) {
    try {
      return Integer.parseInt(text.trim()) > 0;
    } catch (NumberFormatException exception) {
      return false;
    }
  }

  private static String nameOf(ServiceInstanceDescriptor service) {
    return service.descriptor == null ? service.template : service.descriptor.name;
  }
}
