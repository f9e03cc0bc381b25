package dev.firn.cli;

import dev.firn.wire.ParsedOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where a program takes its commands from. */
interface CommandInput extends LineSource, AutoCloseable {

  @Override
  void close() throws IOException;

  /**
   * The values of {@code -e}, or a terminal if there is one, or the lines of standard input.
   *
   * @param onInterrupt what to do at Ctrl-C on a terminal, while a command runs
   */
  static CommandInput open(
      ParsedOptions options,
      InputStream stream,
      StandardInput input,
      Console console,
      Completions completions,
      Runnable onInterrupt)
      throws IOException {
    if (options.has("e")) {
      var text = new StringBuilder();
      for (String value : options.values("e")) {
        text.append(value).append(';');
      }
      return new GivenText(text.toString());
    }
    console.print(BANNER);
    if (isTerminal(stream)) {
      return TerminalInput.open(completions, onInterrupt);
    }
    return new PipedLines(input, console);
  }

  /** Both ends must be a terminal, or line editing would garble what is piped. */
  static boolean isTerminal(InputStream stream) {
    return stream == System.in && UserTerminal.find().isPresent();
  }

  String BANNER =
      "Firn (Ice " + com.zeroc.Ice.Util.stringVersion() + " compatible); `help' for help\n";

  /** Commands given in one piece. */
  final class GivenText implements CommandInput {

    private Optional<String> text;

    GivenText(String text) {
      this.text = Optional.of(text);
    }

    @Override
    public Optional<String> next(boolean continued) {
      Optional<String> given = text;
      text = Optional.empty();
      return given;
    }

    @Override
    public void close() {}
  }

  /** Lines of standard input, with prompts. */
  final class PipedLines implements CommandInput {

    private final StandardInput input;
    private final Console console;

    PipedLines(StandardInput input, Console console) {
      this.input = input;
      this.console = console;
    }

    @Override
    public Optional<String> next(boolean continued) throws IOException {
      console.print(prompt(continued));
      Optional<String> line = input.readLine();
      return line.isEmpty() ? line : Optional.of(line.get() + "\n");
    }

    @Override
    public void close() {}
  }

  static String prompt(boolean continued) {
    return continued ? "(cont) " : ">>> ";
  }
}
