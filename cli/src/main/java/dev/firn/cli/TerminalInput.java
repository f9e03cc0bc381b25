package dev.firn.cli;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Lines typed on a terminal, with editing, history and completion. Loaded only there. */
final class TerminalInput implements CommandInput {

  private final Terminal terminal;
  private final LineReader reader;

  private TerminalInput(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
  }

  static TerminalInput open(Completions completions, Runnable onInterrupt) throws IOException {
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .signalHandler(Terminal.SignalHandler.SIG_DFL)
            .build();
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
