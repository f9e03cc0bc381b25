package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.ObjectInfo;
import java.util.ArrayList;
import java.util.List;

/** Completes categories, commands, and the ids of what the registry knows. */
final class CommandCompleter implements Completions {

  private static final int OBJECTS_MAX = 1000;

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
    try {
      return ids(category);
    } catch (LocalException exception) {
      // Completion is a convenience; the command itself will tell what is wrong.
      return List.of();
    }
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
          if (identities.size() < OBJECTS_MAX) {
            identities.add(Failures.identity(info.proxy.ice_getIdentity()));
          }
        }
        yield identities;
      }
      default -> List.of();
    };
  }
}
