package dev.firn.cli;

import com.zeroc.Ice.UserException;
import dev.firn.model.DescriptorException;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServiceDescriptor;
import dev.firn.model.ServiceInstanceDescriptor;
import dev.firn.wire.DescriptorReader;
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
            "describe", "service describe ID NAME", "Describe service NAME of server ID."),
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
        for (ServiceInstanceDescriptor service :
            iceBox(requireOne(command, arguments)).services()) {
          context
              .console()
              .line(service.descriptor().map(ServiceDescriptor::name).orElse(service.template()));
        }
      }
      case "describe" -> {
        requireTwo(command, arguments);
        ServiceDescriptor service = service(iceBox(arguments.get(0)), arguments.get(1));
        context.console().print(ServerLayout.service(service));
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

  private ServerDescriptor iceBox(String id) throws CommandException, UserException {
    ServerDescriptor server;
    try {
      server = DescriptorReader.server(context.admin().getServerInfo(id).descriptor);
    } catch (DescriptorException exception) {
      throw ApplicationFiles.invalid(exception);
    }
    if (!server.icebox()) {
      throw new CommandException("server `" + id + "' is not an IceBox server");
    }
    return server;
  }

  private static ServiceDescriptor service(ServerDescriptor iceBox, String name)
      throws CommandException {
    return iceBox.services().stream()
        .flatMap(service -> service.descriptor().stream())
        .filter(service -> service.name().equals(name))
        .findFirst()
        .orElseThrow(() -> ServerProcess.noSuchService(name));
  }

  /** Services that share a communicator have one facet in common. */
  private String propertiesFacet(String id, String name) throws CommandException, UserException {
    ServerDescriptor iceBox = iceBox(id);
    ServiceDescriptor service = service(iceBox, name);
    String shared =
        iceBox
            .communicator()
            .propertySet()
            .value("IceBox.UseSharedCommunicator." + service.name())
            .orElse("");
    return isPositive(shared)
        ? "IceBox.SharedCommunicator.Properties"
        : "IceBox.Service." + service.name() + ".Properties";
  }

  private static boolean isPositive(String text) {
    try {
      return Integer.parseInt(text.trim()) > 0;
    } catch (NumberFormatException exception) {
      return false;
    }
  }
}
