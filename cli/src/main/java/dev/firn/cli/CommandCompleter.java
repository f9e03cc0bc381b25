package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ServiceInstanceDescriptor;
import com.zeroc.IceGrid.TemplateDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Completes categories, commands, files, and the ids of what the registry knows. */
final class CommandCompleter implements Completions {

  private static final int IDS_MAX = 1000;
  private static final List<String> FROM_FILES = List.of("add", "diff", "update");
  private static final List<String> SIGNALS =
      List.of(
          "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGCONT",
          "SIGSTOP");

  private final AdminContext context;
  private final AdminCommands commands;

  CommandCompleter(AdminContext context, AdminCommands commands) {
    this.context = context;
    this.commands = commands;
  }

  @Override
  public List<String> candidates(List<String> words) {
    List<String> rest = words;
    if (!rest.isEmpty() && rest.get(0).equals("help")) {
      rest = rest.subList(1, rest.size());
    }
    if (rest.isEmpty()) {
      List<String> all = new ArrayList<>(List.of("help", "exit", "quit"));
      for (String category : commands.categories()) {
        if (category.indexOf(' ') < 0) {
          all.add(category);
        }
      }
      return all;
    }
    String category = rest.get(0);
    int argument = 2;
    if (rest.size() > 1 && rest.get(1).equals("template")) {
      category += " template";
      argument = 3;
    }
    if (rest.size() == argument - 1) {
      List<String> all = new ArrayList<>(commands.commands(category));
      all.add("help");
      if (argument == 2 && commands.has(category + " template")) {
        all.add("template");
      }
      return all;
    }
    String command = rest.get(argument - 1);
    List<String> given = new ArrayList<>(rest.subList(argument, rest.size()));
    given.removeIf(word -> word.startsWith("-"));
    try {
      return arguments(category, command, given);
    } catch (LocalException | UserException exception) {
      // Completion is a convenience; the command itself will tell what is wrong.
      return List.of();
    }
  }

  private List<String> arguments(String category, String command, List<String> given)
      throws UserException {
    if (category.equals("application") && FROM_FILES.contains(command)) {
      return given.isEmpty() ? files() : List.of();
    } else if (given.isEmpty()) {
      return ids(category);
    } else if (category.endsWith(" template")) {
      return templates(category, command, given);
    } else if (command.equals("show")) {
      return shown(category, given);
    } else if (category.equals("service") && given.size() == 1) {
      return services(given.get(0));
    } else if (command.equals("signal") && given.size() == 1) {
      return SIGNALS;
    }
    return List.of();
  }

  /** Descriptors in the working directory, and directories to go on in by hand. */
  private static List<String> files() {
    try (Stream<Path> all = Files.list(Path.of(""))) {
      return all.map(path -> Files.isDirectory(path) ? path + "/" : path.toString())
          .filter(name -> name.endsWith(".xml") || name.endsWith("/"))
          .sorted()
          .limit(IDS_MAX)
          .toList();
    } catch (IOException exception) {
      return List.of();
    }
  }

  private List<String> templates(String category, String command, List<String> given)
      throws UserException {
    boolean instantiate = command.equals("instantiate");
    if (instantiate && given.size() == 1) {
      return List.of(context.admin().getAllNodeNames());
    }
    ApplicationDescriptor application = context.admin().getApplicationInfo(given.get(0)).descriptor;
    Map<String, TemplateDescriptor> templates =
        category.startsWith("server") ? application.serverTemplates : application.serviceTemplates;
    if (given.size() == (instantiate ? 2 : 1)) {
      return List.copyOf(templates.keySet());
    }
    TemplateDescriptor template = instantiate ? templates.get(given.get(2)) : null;
    return template == null
        ? List.of()
        : template.parameters.stream().map(name -> name + "=").toList();
  }

  private List<String> shown(String category, List<String> given) throws UserException {
    if (given.size() > 1) {
      return List.of();
    }
    List<String> all = new ArrayList<>(List.of("log", "stderr", "stdout"));
    if (category.equals("server")) {
      all.addAll(List.of(context.admin().getServerInfo(given.get(0)).descriptor.logs));
    }
    return all;
  }

  private List<String> services(String server) throws UserException {
    List<String> names = new ArrayList<>();
    if (context.admin().getServerInfo(server).descriptor instanceof IceBoxDescriptor iceBox) {
      for (ServiceInstanceDescriptor service : iceBox.services) {
        names.add(service.descriptor == null ? service.template : service.descriptor.name);
      }
    }
    return names;
  }

  private List<String> ids(String category) {
    AdminPrx admin = context.admin();
    return switch (category) {
      case "application", "server template", "service template" ->
          List.of(admin.getAllApplicationNames());
      case "node" -> List.of(admin.getAllNodeNames());
      case "registry" -> List.of(admin.getAllRegistryNames());
      case "server", "service" -> List.of(admin.getAllServerIds());
      case "adapter" -> List.of(admin.getAllAdapterIds());
      case "object" -> {
        List<String> identities = new ArrayList<>();
        for (ObjectInfo info : admin.getAllObjectInfos("")) {
          if (identities.size() < IDS_MAX) {
            identities.add(Failures.identity(info.proxy.ice_getIdentity()));
          }
        }
        yield identities;
      }
      default -> List.of();
    };
  }
}
