package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The commands of icegridadmin. */
final class AdminCommands implements Commands {

  private final Map<String, CommandCategory> categories = new TreeMap<>();
  private final Console console;

  AdminCommands(AdminContext context) {
    console = context.console();
    add(new ApplicationCommands(context));
    add(new NodeCommands(context));
    add(new RegistryCommands(context));
    add(new ServerCommands(context));
    add(new ServiceCommands(context));
    add(new AdapterCommands(context));
    add(new ObjectCommands(context));
    add(new TemplateCommands(context, TemplateCommands.Kind.SERVER));
    add(new TemplateCommands(context, TemplateCommands.Kind.SERVICE));
  }

  private void add(CommandCategory category) {
    categories.put(category.name(), category);
  }

  @Override
  public boolean has(String category) {
    return categories.containsKey(category);
  }

  @Override
  public boolean has(String category, String command) {
    CommandCategory found = categories.get(category);
    return found != null && found.has(command);
  }

  @Override
  public String help(String category, String command) {
    CommandCategory found = categories.get(category);
    var text = new StringBuilder();
    if (found != null) {
      for (HelpEntry entry : found.help()) {
        if (command.isEmpty() || entry.command().equals(command)) {
          text.append(entry.text());
        }
      }
    }
    return text.toString();
  }

  /** The names of the categories, in order. */
  List<String> categories() {
    return List.copyOf(categories.keySet());
  }

  /** The names of a category's commands, in the order of its help. */
  List<String> commands(String category) {
    CommandCategory found = categories.get(category);
    if (found == null) {
      return List.of();
    }
    var names = new String[found.help().size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = found.help().get(i).command();
    }
    return List.of(names);
  }

  @Override
  public void run(String category, String command, List<String> arguments)
      throws InterruptedException {
    CommandCategory found = categories.get(category);
    if (found == null) {
      throw new IllegalArgumentException("unknown category: " + category);
    }
    try {
      found.run(command, arguments);
    } catch (CommandException exception) {
      console.error(exception.text());
    } catch (UserException exception) {
      console.error(Failures.describe(exception));
    } catch (LocalException exception) {
      console.error("couldn't reach the IceGrid registry:\n" + Failures.text(exception));
    } finally {
      console.flush();
    }
  }
}
