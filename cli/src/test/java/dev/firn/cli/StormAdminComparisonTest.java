package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ours and ZeroC's icestormadmin against the same services, side by side. */
@Timeout(120)
class StormAdminComparisonTest {

  @TempDir static Path directory;

  private static ReferenceStorm first;
  private static ReferenceStorm second;

  @BeforeAll
  static void start() throws Exception {
    first = ReferenceStorm.start(directory.resolve("a"), "First");
    second = ReferenceStorm.start(directory.resolve("b"), "Second");
  }

  @AfterAll
  static void stop() throws Exception {
    if (second != null) {
      second.close();
    }
    if (first != null) {
      first.close();
    }
  }

  private static List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--IceStormAdmin.TopicManager.A=" + second.manager(),
                "--IceStormAdmin.TopicManager.Default=" + first.manager(),
                "--IceStormAdmin.TopicManager.Default.ConnectionCached=1",
                "--IceStormAdmin.TopicManager.Down=Down/TopicManager:tcp -h 127.0.0.1 -p 1"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static ReferenceRegistry.Outcome ours(String input, List<String> arguments) {
    return ReferenceRegistry.inProcess(StormAdminMain::run, input, arguments);
  }

  private static ReferenceRegistry.Outcome theirs(String input, List<String> arguments)
      throws Exception {
    var outcome = ReferenceRegistry.run(directory, "icestormadmin", input, arguments);
    // Where in ZeroC's sources an exception was thrown is nobody's business.
    String err = outcome.err().replaceAll("(?m)^[a-zA-Z/]+\\.(cpp|h):[0-9]+: ", "");
    return new ReferenceRegistry.Outcome(outcome.status(), outcome.out(), err);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create a b; link a b 10; links; links First; unlink a b; links; destroy a b; topics",
        "create b aaa; link b aaa; link b aaa 7; unlink b aaa; unlink b aaa; destroy b aaa",
        "create a b c; link a b -5; link a c 3x; link b c x; links; destroy a b c",
        "create single; create single; destroy single; destroy single",
        "create a; create a x y; destroy x nope y; topics; destroy a",
        "topics; topics First; topics Second; topics Foo; links Foo; current Foo; replica Foo",
        "create Second/s First/f; topics; topics Second; link f Second/s 4; links;"
            + " current Second; topics; destroy s First/f",
        "current; current Second; current; create s; topics; destroy s",
        "topics a b; links a b; current a b; replica a b",
        "create; destroy; link; link a; link a b c d; unlink; unlink a; unlink a b c",
        "link nope nada; unlink nope nada; subscribers nope; link Foo/a b; create Foo/a",
        "create a/b/c; create /w; topics; destroy w",
        "create 'a b' \"c d\"; topics; subscribers 'a b'; destroy 'a b' \"c d\"",
        "create x'y z'; topics; destroy x'y z'; create Ünï; topics; destroy Ünï",
        "create topics; topics; subscribers topics; destroy topics",
        "create create destroy link unlink links help exit quit current; topics;"
            + " destroy create destroy link unlink links help exit quit current",
        "subscribers a; create a; create b; link a b; subscribers a b; destroy a b",
        "foo",
        "foo bar baz",
        "\"topics\"",
        "exit foo",
        "exit; topics",
        "quit; foo",
        "",
        ";;",
        "topics /* c */ ; topics",
      })
  void commandsDoTheSame(String commands) throws Exception {
    assertThat(ours("", arguments("-e", commands)))
        .isEqualTo(theirs("", arguments("-e", commands)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topics\ncreate p\ntopics\ndestroy p\n",
        "create q \\\n rr\ntopics\ndestroy q rr",
        "// nothing\ntopics\nexit\nfoo\n",
        "create 'a\nb'\ntopics\ndestroy 'a\nb'\n",
        "",
      })
  void pipedInputIsPromptedForTheSame(String input) throws Exception {
    var ours = ours(input, arguments());
    var theirs = theirs(input, arguments());
    assertThat(withoutBanner(ours.out())).isEqualTo(withoutBanner(theirs.out()));
    assertThat(ours.err()).isEqualTo(theirs.err());
    assertThat(ours.status()).isEqualTo(theirs.status());
  }

  private static String withoutBanner(String out) {
    return out.substring(out.indexOf('\n') + 1);
  }

  @Test
  void managerThatIsDownIsReportedTheSame() throws Exception {
    List<String> arguments = arguments("-e", "topics Down; create Down/x; create Down/x Down/y");
    var ours = ours("", arguments);
    var theirs = theirs("", arguments);
    // The system's words for a refused connection stand once more in the reference's.
    assertThat(ours.err().lines().filter(line -> !line.contains("onnection refused")))
        .isEqualTo(
            theirs.err().lines().filter(line -> !line.contains("onnection refused")).toList());
    assertThat(ours.err()).contains("::Ice::ConnectionRefusedException");
    assertThat(ours.status()).isOne();
  }

  @Test
  void severalCommandOptionsAreOneScript() throws Exception {
    List<String> arguments = arguments("-e", "create a b", "-e", "link a b 1", "-e", "links");
    List<String> cleaning = arguments("-e", "destroy a b");
    var theirs = theirs("", arguments);
    assertThat(theirs("", cleaning).status()).isZero();
    assertThat(ours("", arguments)).isEqualTo(theirs);
    assertThat(theirs.out()).isEqualTo("a to b with cost 1\n");
    assertThat(ours("", cleaning).status()).isZero();
  }

  @Test
  void withoutAManagerItEnds() {
    var ours = ours("", List.of("-e", "topics"));
    assertThat(ours.status()).isOne();
    assertThat(ours.err()).isEqualTo("icestormadmin: no manager proxies configured\n");
    var hostOnly = ours("", List.of("--IceStormAdmin.Host=127.0.0.1", "-e", "topics"));
    assertThat(hostOnly.err()).isEqualTo("icestormadmin: no manager proxies configured\n");
    var malformed = ours("", List.of("--IceStormAdmin.TopicManager.X=a:foo", "-e", "topics"));
    assertThat(malformed.err()).isEqualTo("icestormadmin: malformed proxy: a:foo\n");
  }

  @Test
  void finderNamesTheManager() throws Exception {
    String[] options = {
      "--IceStormAdmin.Host=127.0.0.1", "--IceStormAdmin.Port=" + first.port(), "-e"
    };
    for (String commands : List.of("current", "create a; topics; destroy a")) {
      List<String> arguments = new ArrayList<>(List.of(options));
      arguments.add(commands);
      assertThat(ours("", arguments)).isEqualTo(theirs("", arguments));
    }
    List<String> byName = new ArrayList<>(List.of(options));
    byName.add("topics First");
    assertThat(ours("", byName).status()).as("better than the reference").isZero();
  }

  @Test
  void notReplicatedIsAnErrorAndNothingElse() {
    var ours = ours("", arguments("-e", "replica; topics"));
    assertThat(ours.err()).isEqualTo("error: This topic is not replicated\n");
    assertThat(ours.status()).isOne();
  }

  @Test
  void topicsMayBeNamedLikeAnyCommand() {
    String all = "subscribers replica topics help";
    var ours =
        ours(
            "",
            arguments(
                "-e", "create " + all + "; topics; subscribers replica", "-e", "destroy " + all));
    assertThat(ours.err()).isEmpty();
    assertThat(ours.out()).isEqualTo("help\nreplica\nsubscribers\ntopics\nreplica: subscribers:\n");
  }

  @Test
  void inputThatEndsWithinACommentOrAStringIsExecuted() {
    assertThat(ours("", arguments("-e", "current // c")).out()).isEqualTo("First/TopicManager\n");
    assertThat(ours("", arguments("-e", "current /* c")).err())
        .isEqualTo("warning: EOF in comment\n");
    assertThat(ours("", arguments("-e", "topics 'c")).err()).startsWith("warning: EOF in string\n");
  }

  @Test
  void badOptionsAreRefusedTheSame() throws Exception {
    for (String option : List.of("-x", "--xx", "--help=3", "-dd", "foo")) {
      var ours = ours("", List.of(option));
      var theirs = theirs("", List.of(option));
      assertThat(ours.status()).as(option).isEqualTo(theirs.status());
      assertThat(ours.err().lines().findFirst()).isEqualTo(theirs.err().lines().findFirst());
      assertThat(ours.out()).isEmpty();
    }
  }

  @Test
  void helpAndVersion() {
    assertThat(ours("", List.of("-v", "--help")).err()).startsWith("Usage: icestormadmin");
    assertThat(ours("", List.of("-v")).out()).isEqualTo(com.zeroc.Ice.Util.stringVersion() + "\n");
    assertThat(ours("", arguments("-e", "help")).out()).contains("create TOPIC", "replica");
    assertThat(
            ours("", arguments("-d", "-e", "create 'a'; destroy a"))
                .err()
                .getBytes(StandardCharsets.UTF_8))
        .asString()
        .contains("keyword `create' string `a'");
  }
}
