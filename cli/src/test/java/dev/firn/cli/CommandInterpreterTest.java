package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandInterpreterTest {

  /** Two categories, one of them a pair of words; notes what is called. */
  private static final class RecordedCommands implements Commands {

    private final Map<String, List<String>> known =
        Map.of(
            "server", List.of("list", "start"),
            "registry", List.of("ping", "list"),
            "server template", List.of("describe"),
            "service template", List.of("describe"),
            "service", List.of("start"));
    private final List<String> calls = new ArrayList<>();

    @Override
    public boolean has(String category) {
      return known.containsKey(category);
    }

    @Override
    public boolean has(String category, String command) {
      return known.getOrDefault(category, List.of()).contains(command);
    }

    @Override
    public String help(String category, String command) {
      if (command.isEmpty() ? has(category) : has(category, command)) {
        return "HELP " + category + "/" + command + "\n";
      }
      return "";
    }

    @Override
    public void run(String category, String command, List<String> arguments) {
      calls.add(category + "/" + command + arguments);
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));
  private final RecordedCommands commands = new RecordedCommands();

  /** Executes until the input or the program ends; true if the program did. */
  private boolean execute(String text) throws IOException, InterruptedException {
    var scanner = new CommandScanner(new CommandInput.GivenText(text), console, true);
    var interpreter = new CommandInterpreter(commands, console);
    for (Optional<List<Token>> next = scanner.next(); next.isPresent(); next = scanner.next()) {
      if (!interpreter.execute(next.get())) {
        return true;
      }
    }
    console.flush();
    return false;
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "foo|unknown `foo' command (see `help' for more info)",
        "foo list bar|unknown `foo' command (see `help' for more info)",
        "ping|unknown `ping' command (see `help' for more info)",
        "exit foo|unknown `exit' command (see `help' for more info)",
        "foo help|unknown `foo' command (see `help' for more info)",
        "show foo|unknown `show' command (see `help' for more info)",
        "''|unknown `' command (see `help' for more info)",
        "server|invalid `server' command (see `server help' for more info)",
        "server ping|invalid `server' command (see `server help' for more info)",
        "server help list|invalid `server' command (see `server help' for more info)",
        "\"server\" list|invalid `server' command (see `server help' for more info)",
        "\"server\" foo|invalid `server' command (see `server help' for more info)",
        "server foo list|unknown `server foo' command (see `server help' for more info)",
        "server 'help'|unknown `server help' command (see `server help' for more info)",
        "server 'template'|unknown `server template' command (see `server help' for more info)",
        "server 'list'|invalid `server list' command (see `server list help' for more info)",
        "server ''|invalid `server ' command (see `server  help' for more info)",
      },
      delimiter = '|')
  void aCommandThatIsNoneIsASyntaxErrorWithAHint(String text, String hint) throws Exception {
    assertThat(execute(text + "; registry ping")).isFalse();
    assertThat(err()).isEqualTo("error: syntax error\n" + hint + "\n");
    assertThat(console.errors()).isOne();
    assertThat(commands.calls).containsExactly("registry/ping[]");
  }

  @ParameterizedTest
  @CsvSource({
    "server template",
    "server template foo",
    "server template 'describe'",
    "server template help foo",
    "server template describe help foo",
    "registry ping help foo",
    "show copying foo",
  })
  void aMalformedEndIsAPlainSyntaxError(String text) throws Exception {
    execute(text);
    assertThat(err()).isEqualTo("error: syntax error\n");
    assertThat(commands.calls).isEmpty();
  }

  @Test
  void argumentsAreAnyWords() throws Exception {
    execute(
        "server start; registry ping a help; registry ping 'help' list \"\"; "
            + "service template describe x");
    assertThat(commands.calls)
        .containsExactly(
            "server/start[]",
            "registry/ping[a, help]",
            "registry/ping[help, list, ]",
            "service template/describe[x]");
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "help server,HELP server/",
    "server help,HELP server/",
    "help 'server',HELP server/",
    "help server list,HELP server/list",
    "server list help,HELP server/list",
    "help server list foo,HELP server/list",
    "server template help,HELP server template/",
    "help server template,HELP server template/",
    "help 'server template',HELP server template/",
    "help server template describe,HELP server template/describe",
    "server template describe help,HELP server template/describe",
  })
  void helpMayStandBeforeOrAfter(String text, String expected) throws Exception {
    execute(text);
    assertThat(out()).isEqualTo(expected + "\n");
    assertThat(console.errors()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "help foo,foo",
    "help foo bar,foo",
    "help list,list",
    "exit help,exit",
    "help server foo,server foo",
    "help server template foo,server template foo",
  })
  void helpForTheUnknownIsAnError(String text, String named) throws Exception {
    execute(text);
    assertThat(err()).isEqualTo("error: unknown command `" + named + "'\n");
  }

  @Test
  void generalHelpListsTheCategories() throws Exception {
    execute("help");
    assertThat(out()).contains("\n  service template: ").contains("exit, quit ");
    assertThat(console.errors()).isZero();
    execute("help help");
    assertThat(err()).isEqualTo("error: syntax error\n");
  }

  @Test
  void exitAndQuitEndTheProgram() throws Exception {
    assertThat(execute("registry list; exit; registry ping")).isTrue();
    assertThat(execute("quit")).isTrue();
    assertThat(execute("'exit'")).isFalse();
    assertThat(commands.calls).containsExactly("registry/list[]");
  }

  @Test
  void theLicenceTextsAreNotThere() throws Exception {
    execute("show copying; show warranty");
    assertThat(out()).isEqualTo("This command is not implemented.\n".repeat(2));
    assertThat(console.errors()).isZero();
  }

  @Test
  void aTraceTellsKeywordsFromStrings() throws Exception {
    var scanner = new CommandScanner(new CommandInput.GivenText("server 'list' x"), console, true);
    var interpreter = new CommandInterpreter(commands, console);
    interpreter.trace();
    interpreter.execute(scanner.next().orElseThrow());
    assertThat(err()).startsWith("command: keyword `server' string `list' string `x'\n");
  }
}
