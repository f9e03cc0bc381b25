package dev.firn.cli;

import java.util.List;

/**
 * Understands one command and has it executed.
 *
 * <p>A command is CATEGORY COMMAND and its arguments. {@code help} may follow the category or the
 * command, or precede them; further on it is an argument like any other.
 */
final class CommandInterpreter implements Interpreter {

  private static final String GENERAL_HELP =
      """
      help                      Show this text.
      exit, quit                Leave the program.
      CATEGORY help             Show the commands of CATEGORY.
      CATEGORY COMMAND help     Show the help of one command.

      Categories:

        application: deployed applications
        node: nodes that run servers
        registry: registry replicas
        server: deployed servers
        service: services within IceBox servers
        adapter: object adapters
        object: well-known objects
        server template: templates of servers
        service template: templates of services

      """;

  private final Commands commands;
  private final Console console;
  private boolean tracing;

  CommandInterpreter(Commands commands, Console console) {
    this.commands = commands;
    this.console = console;
  }

  @Override
  public void trace() {
    tracing = true;
  }

  @Override
  public boolean execute(List<Token> words) throws InterruptedException {
    if (tracing) {
      trace(words);
    }
    if (words.isEmpty()) {
      return true;
    }
    Token first = words.get(0);
    int count = words.size();
    if (first.is("help")) {
      help(words);
    } else if (count == 1 && (first.is("exit") || first.is("quit"))) {
      return false;
    } else if (count == 2 && first.isKeyword() && words.get(1).is("help")) {
      printHelp(first.text(), "");
    } else if (first.is("show") && count > 1 && isLicenceText(words.get(1))) {
      if (count == 2) {
        console.line("This command is not implemented.");
      } else {
        syntaxError();
      }
    } else {
      categoryCommand(words);
    }
    return true;
  }

  private void trace(List<Token> words) {
    console.diagnose(Token.trace(words, Token::isKeyword));
  }

  private static boolean isLicenceText(Token word) {
    return word.is("copying") || word.is("warranty");
  }

  private void categoryCommand(List<Token> words) throws InterruptedException {
    Token first = words.get(0);
    String category = first.text();
    int count = words.size();
    boolean template = isTemplate(words, 0);
    int commandIndex = template ? 2 : 1;
    if (template) {
      category += " template";
    } else if (!commands.has(category)) {
      console.error("syntax error");
      console.diagnose("unknown `" + category + "' command (see `help' for more info)");
      return;
    }
    if (template && count == 3 && words.get(2).is("help")) {
      printHelp(category, "");
      return;
    }
    boolean known =
        !first.quoted()
            && count > commandIndex
            && words.get(commandIndex).isKeyword()
            && commands.has(category, words.get(commandIndex).text());
    if (!known) {
      if (template) {
        syntaxError();
      } else {
        rejectCommand(category, words);
      }
      return;
    }
    String command = words.get(commandIndex).text();
    List<Token> arguments = words.subList(commandIndex + 1, count);
    if (!arguments.isEmpty() && arguments.get(0).is("help")) {
      if (arguments.size() == 1) {
        printHelp(category, command);
      } else {
        syntaxError();
      }
      return;
    }
    commands.run(category, command, texts(arguments));
  }

  private static boolean isTemplate(List<Token> words, int index) {
    return words.size() > index + 1
        && (words.get(index).is("server") || words.get(index).is("service"))
        && words.get(index + 1).is("template");
  }

  private void rejectCommand(String category, List<Token> words) {
    console.error("syntax error");
    Token first = words.get(0);
    Token second = words.size() > 1 ? words.get(1) : first;
    if (words.size() == 1 || first.quoted() || second.isKeyword()) {
      console.diagnose(
          "invalid `" + category + "' command (see `" + category + " help' for more info)");
      return;
    }
    String full = category + " " + second.text();
    if (second.text().isEmpty() || commands.has(category, second.text())) {
      console.diagnose("invalid `" + full + "' command (see `" + full + " help' for more info)");
    } else {
      console.diagnose(
          "unknown `" + full + "' command (see `" + category + " help' for more info)");
    }
  }

  private void help(List<Token> words) {
    int count = words.size();
    if (count == 1) {
      console.print(GENERAL_HELP);
      return;
    }
    boolean template = isTemplate(words, 1);
    boolean malformed = template && count > 4;
    for (Token word : words.subList(1, count)) {
      malformed |= word.is("help");
    }
    if (malformed) {
      console.print(GENERAL_HELP);
      syntaxError();
    } else if (template) {
      printHelp(words.get(1).text() + " template", count > 3 ? words.get(3).text() : "");
    } else {
      printHelp(words.get(1).text(), count > 2 ? words.get(2).text() : "");
    }
  }

  private void printHelp(String category, String command) {
    String text = commands.help(category, command);
    if (text.isEmpty()) {
      boolean named = !command.isEmpty() && commands.has(category);
      console.error("unknown command `" + category + (named ? " " + command : "") + "'");
    } else {
      console.print(text);
    }
  }

  private void syntaxError() {
    console.error("syntax error");
  }

  private static List<String> texts(List<Token> words) {
    var texts = new String[words.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = words.get(i).text();
    }
    return List.of(texts);
  }
}
