package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandScannerTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(
          new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));

  /** Hands out lines and notes which of them were asked for as continuations. */
  private static final class Lines implements LineSource {

    private final ArrayDeque<String> lines;
    private final List<Boolean> continued = new ArrayList<>();

    Lines(String... lines) {
      this.lines = new ArrayDeque<>(List.of(lines));
    }

    @Override
    public Optional<String> next(boolean isContinued) {
      continued.add(isContinued);
      return Optional.ofNullable(lines.poll());
    }
  }

  private List<List<String>> scan(String... lines) {
    return scan(new Lines(lines));
  }

  private List<List<String>> scan(LineSource source) {
    var scanner = new CommandScanner(source, console, true);
    List<List<String>> commands = new ArrayList<>();
    try {
      for (var next = scanner.next(); next.isPresent(); next = scanner.next()) {
        commands.add(next.get().stream().map(Token::text).toList());
      }
    } catch (IOException exception) {
      throw new AssertionError(exception);
    }
    return commands;
  }

  @Test
  void commandsEndAtSemicolonsAndNewlines() {
    assertThat(scan("a b;c\n", "\n", " d"))
        .containsExactly(List.of("a", "b"), List.of("c"), List.of(), List.of("d"));
    assertThat(scan("")).isEmpty();
    assertThat(scan("a\u000b\t\f\rb;")).containsExactly(List.of("a", "b"));
  }

  @Test
  void doubleQuotesEscapeOnlyQuoteAndBackslash() {
    assertThat(scan("\"a\\\\b\\\"c\\nd\\q\"")).containsExactly(List.of("a\\b\"c\\nd\\q"));
  }

  @Test
  void singleQuotesAreLiteral() {
    assertThat(scan("'a\\\\b\"c;d'")).containsExactly(List.of("a\\\\b\"c;d"));
    assertThat(scan("'a\\'b")).containsExactly(List.of("a\\", "b"));
  }

  @Test
  void aQuotedPartBelongsToItsWord() {
    assertThat(scan("n=\"a b\"c d'e;f' \"g\"h"))
        .containsExactly(List.of("n=a bc", "de;f", "g", "h"));
  }

  @Test
  void stringsSpanLines() {
    assertThat(scan("\"a\n", "b\" c\n")).containsExactly(List.of("a\nb", "c"));
    assertThat(scan("x\"a\n", "b\"c\n")).containsExactly(List.of("xa\nbc"));
  }

  @Test
  void commentsCountOnlyWhereAWordStarts() {
    assertThat(scan("a // b;c\n", "d\n")).containsExactly(List.of("a", "d"));
    assertThat(scan("a /* b;\n", "c */ d\n")).containsExactly(List.of("a", "d"));
    assertThat(scan("a// b/*c*/ d")).containsExactly(List.of("a//", "b/*c*/", "d"));
    assertThat(scan("/b /")).containsExactly(List.of("/b", "/"));
  }

  @Test
  void aBackslashContinuesTheCommandWhereAWordStarts() {
    var lines = new Lines("a \\ \n", "b\n", "c\\\n", "d\n");
    assertThat(scan(lines)).containsExactly(List.of("a", "b"), List.of("c\\"), List.of("d"));
    assertThat(lines.continued).containsExactly(false, true, false, false, false);
    assertThat(scan("\\a \\")).containsExactly(List.of("\\a", "\\"));
  }

  @Test
  void anUnfinishedStringOrCommentEndsWithAWarning() {
    assertThat(scan("a 'b")).containsExactly(List.of("a", "b"));
    assertThat(scan("a b\"c")).containsExactly(List.of("a", "bc"));
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("warning: EOF in string\nwarning: EOF in string\n");
    err.reset();
    assertThat(scan("a /* b\n")).containsExactly(List.of("a"));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("warning: EOF in comment\n");
    assertThat(console.errors()).isZero();
  }

  @Test
  void anOversizedLineIsDroppedWithAnError() {
    assertThat(scan("a".repeat((1 << 20) + 1), "b\n")).containsExactly(List.of("b"));
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("error: input line too long\n");
    assertThat(console.errors()).isOne();
  }

  @Test
  void onlyUnquotedWordsAreKeywords() {
    assertThat(new Token("server", false).isKeyword()).isTrue();
    assertThat(new Token("server", true).isKeyword()).isFalse();
    assertThat(new Token("Server", false).isKeyword()).isFalse();
  }
}
