package dev.firn.cli;

import java.io.IOException;

/** Executes the commands of an input one after the other. */
final class CommandLoop {

  /** Looked at before each command. */
  interface Check {
    void check() throws AdminException;
  }

  private CommandLoop() {}

  /**
   * Ends with the input, or with the command to leave.
   *
   * @param check ends the loop with an exception
   */
  static void run(CommandScanner scanner, Interpreter interpreter, Console console, Check check)
      throws AdminException, IOException, InterruptedException {
    while (true) {
      var words = scanner.next();
      if (words.isEmpty()) {
        break;
      }
      check.check();
      if (!interpreter.execute(words.get())) {
        break;
      }
      console.flush();
    }
    console.flush();
  }
}
