package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionParserTest {

  private static final OptionParser PARSER =
      new OptionParser()
          .flag("h", "help")
          .flag("d", "debug")
          .value("H", "host")
          .value("import")
          .repeatableValue("e");

  private static ParsedOptions parse(String... arguments) throws BadOptionException {
    return PARSER.parse(List.of(arguments));
  }

  @Test
  void longAndShortFormsAreOneOption() throws Exception {
    assertThat(parse("--host=a").value("H")).isEqualTo("a");
    assertThat(parse("--host", "a").value("H")).isEqualTo("a");
    assertThat(parse("-H", "a").value("host")).isEqualTo("a");
    assertThat(parse("-Ha").value("host")).isEqualTo("a");
    assertThat(parse("--H=a").value("host")).isEqualTo("a");
    assertThat(parse("-H=a").value("host")).isEqualTo("=a");
    assertThat(parse("--host=a=b").value("host")).isEqualTo("a=b");
    assertThat(parse("-h").has("help")).isTrue();
    assertThat(parse().has("help")).isFalse();
    assertThat(parse().value("host")).isEmpty();
  }

  @Test
  void flagsCombineAndTheLastLetterMayTakeAValue() throws Exception {
    var group = parse("-hdHa");
    assertThat(group.has("help")).isTrue();
    assertThat(group.has("debug")).isTrue();
    assertThat(group.value("host")).isEqualTo("a");
    assertThat(parse("-dH", "a").value("host")).isEqualTo("a");
  }

  @Test
  void aValueMayLookLikeAnOptionOrBeEmpty() throws Exception {
    assertThat(parse("-H", "-d").value("host")).isEqualTo("-d");
    assertThat(parse("-H", "-d").has("debug")).isFalse();
    assertThat(parse("--host", "").has("host")).isTrue();
  }

  @Test
  void repeatableValuesKeepTheirOrder() throws Exception {
    assertThat(parse("-e", "a", "x", "-eb", "--e=c").values("e")).containsExactly("a", "b", "c");
  }

  @Test
  void theRestIsCollectedInOrder() throws Exception {
    assertThat(parse("x", "-d", "", "y").arguments()).containsExactly("x", "", "y");
    assertThat(parse("-d", "--", "-h", "--").arguments()).containsExactly("-h", "--");
    assertThat(parse("a", "-", "-h").arguments()).containsExactly("a", "-h");
    assertThat(parse("a", "-", "-h").has("h")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "-x,invalid option: `-x'",
        "-hdx,invalid option: `-x'",
        "--xx,invalid option: `--xx'",
        "--xx=3,invalid option: `--xx'",
        "---,invalid option: `---'",
        "--=3,invalid option: `--'",
        "--hel,invalid option: `--hel'",
        "--host,`--host' option requires an argument",
        "-H,`-H' option requires an argument",
        "-dH,`-H' option requires an argument",
        "--e,`-e' option requires an argument",
        "--host=,`host': option requires an argument",
        "--help=3,`help': option does not take an argument",
        "--help=,`help': option does not take an argument",
        "--host a --host b,`--host:' option cannot be repeated",
        "--host a -Hb,`-H:' option cannot be repeated",
        "-H a --host=b,`--host:' option cannot be repeated",
        "-dd,`-d:' option cannot be repeated",
        "--debug -d,`-d:' option cannot be repeated",
      })
  void refusesWithTheTextOfTheReference(String line, String text) {
    assertThatThrownBy(() -> PARSER.parse(List.of(line.split(" "))))
        .isInstanceOf(BadOptionException.class)
        .hasMessage(text);
  }

  @Test
  void anUndeclaredNameIsACallersBug() throws Exception {
    var options = parse();
    assertThatThrownBy(() -> options.has("nope")).isInstanceOf(IllegalArgumentException.class);
  }
}
