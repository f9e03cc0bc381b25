package dev.firn.cli;

import java.io.IOException;
import java.util.Optional;

/** Asks the user for what a login needs. */
final class Prompter {

  private final Console console;
  private final StandardInput input;

  Prompter(Console console, StandardInput input) {
    this.console = console;
    this.input = input;
  }

  /** Prompts once; empty at the end of input. */
  Optional<String> ask(String prompt) throws IOException {
    console.print(prompt);
    return input.readLine();
  }

  /** Prompts until something is typed. */
  String askUser() throws AdminException, IOException {
    while (true) {
      String user = ask("user id: ").orElseThrow(AdminException::silent).trim();
      if (!user.isEmpty()) {
        return user;
      }
    }
  }

  /** Prompts for a password, not echoed on a terminal. */
  String askPassword() throws AdminException, IOException {
    console.print("password: ");
    Optional<String> typed =
        UserTerminal.find().isPresent() ? TerminalInput.hidden(input) : input.readLine();
    String password = typed.orElseThrow(AdminException::silent).trim();
    console.print("\n");
    return password;
  }
}
