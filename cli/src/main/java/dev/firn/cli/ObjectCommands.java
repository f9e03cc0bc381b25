package dev.firn.cli;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.ObjectInfo;
import java.util.List;

/** The {@code object} commands: well-known objects. */
final class ObjectCommands extends CommandCategory {

  private final AdminContext context;

  ObjectCommands(AdminContext context) {
    this.context = context;
  }

  @Override
  String name() {
    return "object";
  }

  @Override
  List<HelpEntry> help() {
    return List.of(
        new HelpEntry(
            "add",
            "object add PROXY [TYPE]",
            "Make the object of PROXY well known. Without TYPE, the registry asks the\n"
                + "object, which must be running."),
        new HelpEntry("remove", "object remove IDENTITY", "Remove a well-known object."),
        new HelpEntry("find", "object find TYPE", "Print the proxies of all objects of TYPE."),
        new HelpEntry(
            "describe",
            "object describe [EXPR]",
            "Print proxy and type of the objects whose identity matches EXPR, which may\n"
                + "contain one *."),
        new HelpEntry(
            "list", "object list [EXPR]", "Print the identities of the objects that match EXPR."));
  }

  @Override
  void run(String command, List<String> arguments) throws CommandException, UserException {
    switch (command) {
      case "add" -> add(arguments);
      case "remove" -> context.admin().removeObject(identity(requireOne(command, arguments)));
      case "find" -> {
        for (ObjectInfo info :
            context.admin().getObjectInfosByType(requireOne(command, arguments))) {
          context.console().line(proxy(info));
        }
      }
      case "describe" -> describe(pattern(command, arguments));
      case "list" -> {
        for (ObjectInfo info : context.admin().getAllObjectInfos(pattern(command, arguments))) {
          context.console().line(Failures.identity(info.proxy.ice_getIdentity()));
        }
      }
      default -> throw unknown(command);
    }
  }

  private void add(List<String> arguments) throws CommandException, UserException {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw requires("add", "requires one or two arguments");
    }
    ObjectPrx proxy = proxy(arguments.get(0));
    if (arguments.size() == 1) {
      context.admin().addObject(proxy);
    } else {
      context.admin().addObjectWithType(proxy, arguments.get(1));
    }
  }

  private void describe(String expression) throws CommandException, UserException {
    if (!expression.isEmpty() && expression.indexOf('*') < 0) {
      ObjectInfo info = context.admin().getObjectInfo(identity(expression));
      context.console().line("proxy = `" + proxy(info) + "'");
      context.console().line("type = `" + info.type + "'");
      return;
    }
    for (ObjectInfo info : context.admin().getAllObjectInfos(expression)) {
      context.console().line("proxy = `" + proxy(info) + "' type = `" + info.type + "'");
    }
  }

  private String pattern(String command, List<String> arguments) throws CommandException {
    if (arguments.size() > 1) {
      throw requires(command, "requires at most one argument");
    }
    return arguments.isEmpty() ? "" : arguments.get(0);
  }

  private ObjectPrx proxy(String text) throws CommandException {
    ObjectPrx proxy = null;
    String detail = "it is empty";
    try {
      proxy = context.communicator().stringToProxy(text);
    } catch (LocalException exception) {
      detail = Failures.badInput(exception);
      if (detail.isEmpty()) {
        detail = Failures.text(exception);
      }
    }
    if (proxy == null) {
      throw new CommandException("invalid proxy `" + text + "': " + detail);
    }
    return proxy;
  }

  private static Identity identity(String text) throws CommandException {
    try {
      Identity identity = Util.stringToIdentity(text);
      if (!identity.name.isEmpty()) {
        return identity;
      }
      throw new CommandException("invalid identity `" + text + "': the name is empty");
    } catch (LocalException exception) {
      throw new CommandException(
          "invalid identity `" + text + "': " + Failures.badInput(exception));
    }
  }

  private static String proxy(ObjectInfo info) {
    return String.valueOf(info.proxy);
  }
}
