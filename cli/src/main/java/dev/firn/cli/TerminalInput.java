package dev.firn.cli;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** What is typed on a terminal, with editing, history and completion. Loaded only there. */
final class TerminalInput implements CommandInput {
  private static final int COLUMNS = 80;
  private static final int ROWS = 24;

  private final Terminal terminal;
  private final LineReader reader;

  private TerminalInput(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
  }

  static TerminalInput open(Completions completions, Runnable onInterrupt) throws IOException {
    Terminal terminal = terminal().signalHandler(Terminal.SignalHandler.SIG_DFL).build();
    if (terminal.getSize().getColumns() <= 0) {
      // A pseudo-terminal that nobody gave a size: nothing of a line would be shown.
      terminal.setSize(Size.of(COLUMNS, ROWS));
    }
    terminal.handle(Terminal.Signal.INT, signal -> onInterrupt.run());
    // Quotes and backslashes are the scanner's business.
    var parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(false);
    parser.setEofOnEscapedNewLine(false);
    parser.setEscapeChars(null);
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer(
                (self, line, candidates) ->
                    completions.candidates(line.words().subList(0, line.wordIndex())).stream()
                        .map(Candidate::new)
                        .forEach(candidates::add))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    return new TerminalInput(terminal, reader);
  }

  private static TerminalBuilder terminal() {
    return TerminalBuilder.builder()
        .system(true)
        // Else JLine asks the terminal what it can do, and drops what was typed ahead meanwhile.
        .graphemeCluster(false);
  }

  /**
   * Reads a line while the terminal does not show what is typed. The console of the JDK would take
   * all that was typed ahead, too.
   */
  static Optional<String> hidden(StandardInput input) throws IOException {
    // Ctrl-C has to end the JVM in order, or the terminal would stay as it is.
    try (Terminal terminal = terminal().nativeSignals(false).build()) {
      Attributes shown = terminal.getAttributes();
      Attributes hidden = new Attributes(shown);
      hidden.setLocalFlag(Attributes.LocalFlag.ECHO, false);
      terminal.setAttributes(hidden);
      try {
        return input.readLine();
      } finally {
        terminal.setAttributes(shown);
      }
    }
  }

  @Override
  public Optional<String> next(boolean continued) {
    while (true) {
      try {
        return Optional.of(reader.readLine(CommandInput.prompt(continued)) + "\n");
      } catch (UserInterruptException exception) {
        // Ctrl-C at the prompt only drops what was typed.
      } catch (EndOfFileException exception) {
        return Optional.empty();
      }
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
