package dev.firn.cli;

import java.util.List;

/**
 * Understands the commands of icestormadmin: a command and its arguments. Any word may be an
 * argument, names of commands too.
 */
final class StormInterpreter implements Interpreter {

  private static final List<String> ALONE = List.of("help", "exit", "quit");

  private final StormCommands commands;
  private final Console console;
  private boolean tracing;

  StormInterpreter(StormCommands commands, Console console) {
    this.commands = commands;
    this.console = console;
  }

  @Override
  public void trace() {
    tracing = true;
  }

  @Override
  public boolean execute(List<Token> words) {
    if (tracing) {
      console.diagnose(Token.trace(words, this::isKeyword));
    }
    if (words.isEmpty()) {
      return true;
    }
    Token first = words.get(0);
    if (!isKeyword(first)) {
      console.error("syntax error");
      console.diagnose("unknown command `" + first.text() + "' (type `help' for more info)");
    } else if (ALONE.contains(first.text()) && words.size() > 1) {
      console.error("syntax error");
    } else if (first.is("help")) {
      console.print(commands.help());
    } else if (first.is("exit") || first.is("quit")) {
      return false;
    } else {
      commands.run(first.text(), words.stream().skip(1).map(Token::text).toList());
    }
    return true;
  }

  private boolean isKeyword(Token word) {
    return !word.quoted() && (ALONE.contains(word.text()) || StormCommands.has(word.text()));
  }
}
