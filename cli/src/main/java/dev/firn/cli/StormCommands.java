package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.IdentityParseException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceStorm.LinkExists;
import com.zeroc.IceStorm.LinkInfo;
import com.zeroc.IceStorm.NoSuchLink;
import com.zeroc.IceStorm.NoSuchTopic;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands of icestormadmin. */
final class StormCommands {

  /** In the order in which help shows them. */
  private static final List<HelpEntry> COMMANDS =
      List.of(
          new HelpEntry("create", "create TOPIC...", "Create topics."),
          new HelpEntry("destroy", "destroy TOPIC...", "Destroy topics."),
          new HelpEntry("link", "link FROM TO [COST]", "Pass events of FROM on to TO (cost: 0)."),
          new HelpEntry("unlink", "unlink FROM TO", "No longer pass events of FROM on to TO."),
          new HelpEntry("links", "links [INSTANCE]", "Print all links, with their costs."),
          new HelpEntry("topics", "topics [INSTANCE]", "Print the names of all topics."),
          new HelpEntry(
              "subscribers", "subscribers TOPIC...", "Print who subscribed to these topics."),
          new HelpEntry(
              "current",
              "current [INSTANCE]",
              "Print which topic manager is used, or use that of INSTANCE."),
          new HelpEntry(
              "replica", "replica [INSTANCE]", "Print what each replica knows of its group."));

  private static final Pattern LEADING_INTEGER = Pattern.compile("\\s*([+-]?\\d{1,9}).*");

  private final Communicator communicator;
  private final StormManagers managers;
  private final Console console;

  StormCommands(Communicator communicator, StormManagers managers, Console console) {
    this.communicator = communicator;
    this.managers = managers;
    this.console = console;
  }

  static boolean has(String command) {
    return COMMANDS.stream().anyMatch(entry -> entry.command().equals(command));
  }

  static List<String> names() {
    return COMMANDS.stream().map(HelpEntry::command).toList();
  }

  String help() {
    var text = new StringBuilder();
    text.append(new HelpEntry("help", "help", "Show this text.").text());
    text.append(new HelpEntry("exit", "exit, quit", "Leave the program.").text());
    COMMANDS.forEach(entry -> text.append(entry.text()));
    return text.append("A topic of another manager is INSTANCE/TOPIC.\n").toString();
  }

  /** Executes a command that {@link #has} knows; its failure is reported on the console. */
  void run(String command, List<String> arguments) {
    try {
      switch (command) {
        case "create", "destroy" -> createOrDestroy(command, arguments);
        case "link" -> link(arguments);
        case "unlink" -> unlink(arguments);
        case "links" -> links(manager(command, arguments));
        case "topics" -> topics(manager(command, arguments)).keySet().forEach(console::line);
        case "subscribers" -> subscribers(arguments);
        case "current" -> current(arguments);
        case "replica" -> new ReplicaReport(console).print(manager(command, arguments));
        default -> throw new IllegalArgumentException("unknown command: " + command);
      }
    } catch (CommandException | UserException | LocalException failure) {
      console.error(describe(failure));
    } finally {
      console.flush();
    }
  }

  private void createOrDestroy(String command, List<String> topics)
      throws CommandException, UserException {
    requireSome(command, topics);
    for (String topic : topics) {
      try {
        if (command.equals("create")) {
          var name = new TopicName(topic);
          name.manager().create(name.name());
        } else {
          find(topic).destroy();
        }
      } catch (CommandException | UserException | LocalException failure) {
        if (topics.size() == 1) {
          throw failure;
        }
        console.warning(describe(failure));
      }
    }
  }

  private void link(List<String> arguments) throws CommandException, UserException {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw requires("link", "two or three arguments");
    }
    TopicPrx from = find(arguments.get(0));
    TopicPrx to = find(arguments.get(1));
    from.link(to, arguments.size() == 3 ? leadingInteger(arguments.get(2)) : 0);
  }

  /** As C's atoi: what is no number is 0. */
  private static int leadingInteger(String text) {
    Matcher matcher = LEADING_INTEGER.matcher(text);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private void unlink(List<String> arguments) throws CommandException, UserException {
    if (arguments.size() != 2) {
      throw requires("unlink", "exactly two arguments");
    }
    TopicPrx from = find(arguments.get(0));
    from.unlink(find(arguments.get(1)));
  }

  private void links(TopicManagerPrx manager) {
    topics(manager)
        .forEach(
            (name, topic) -> {
              for (LinkInfo link : topic.getLinkInfoSeq()) {
                console.line(name + " to " + link.name + " with cost " + link.cost);
              }
            });
  }

  private void subscribers(List<String> topics) throws CommandException, UserException {
    requireSome("subscribers", topics);
    for (String name : topics) {
      TopicPrx topic = managers.current().retrieve(name);
      console.line(name + ": subscribers:");
      for (Identity subscriber : topic.getSubscribers()) {
        console.line("\t" + communicator.identityToString(subscriber));
      }
    }
  }

  private void current(List<String> arguments) throws CommandException {
    TopicManagerPrx manager = manager("current", arguments);
    if (arguments.isEmpty()) {
      console.line(communicator.identityToString(manager.ice_getIdentity()));
    } else {
      manager.ice_ping();
      managers.use(manager);
    }
  }

  static Map<String, TopicPrx> topics(TopicManagerPrx manager) {
    return new TreeMap<>(manager.retrieveAll());
  }

  /** The manager that the only argument names, by default the current one. */
  private TopicManagerPrx manager(String command, List<String> arguments) throws CommandException {
    if (arguments.size() > 1) {
      throw requires(command, "at most one argument");
    }
    return arguments.isEmpty() ? managers.current() : managers.of(arguments.get(0));
  }

  private TopicPrx find(String text) throws CommandException, NoSuchTopic {
    var topic = new TopicName(text);
    return topic.manager().retrieve(topic.name());
  }

  /** A topic as it is typed: {@code TOPIC} or {@code INSTANCE/TOPIC}. */
  private final class TopicName {
    private final Identity identity;

    TopicName(String text) {
      identity = Util.stringToIdentity(text);
    }

    String name() {
      return identity.name;
    }

    TopicManagerPrx manager() throws CommandException {
      return identity.category.isEmpty() ? managers.current() : managers.of(identity.category);
    }
  }

  private static void requireSome(String command, List<String> arguments) throws CommandException {
    if (arguments.isEmpty()) {
      throw requires(command, "at least one argument");
    }
  }

  private static CommandException requires(String command, String what) {
    return new CommandException(
        "`" + command + "' requires " + what + " (type `help' for more info)");
  }

  private static String describe(Exception failure) {
    if (failure instanceof CommandException e) {
      return e.text();
    } else if (failure instanceof LinkExists e) {
      return "link `" + e.name + "' already exists";
    } else if (failure instanceof NoSuchLink e) {
      return "couldn't find link `" + e.name + "'";
    } else if (failure instanceof TopicExists e) {
      return "topic `" + e.name + "' exists";
    } else if (failure instanceof NoSuchTopic e) {
      return "couldn't find topic `" + e.name + "'";
    } else if (failure instanceof UserException e) {
      return e.ice_id();
    } else if (failure instanceof IdentityParseException e) {
      return "invalid identity `" + Failures.badInput(e) + "'";
    } else if (failure instanceof LocalException e) {
      return "couldn't reach IceStorm service:\n" + Failures.text(e);
    }
    throw new IllegalArgumentException(failure);
  }
}
