package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Ours and ZeroC's icegridadmin against the same registries, side by side. */
@Timeout(120)
class AdminComparisonTest {

  @TempDir static Path directory;

  private static ReferenceRegistry master;
  private static ReferenceRegistry replica;

  @BeforeAll
  static void start() throws Exception {
    master = ReferenceRegistry.start(directory.resolve("master"), "Compared");
    replica =
        ReferenceRegistry.start(
            directory.resolve("replica"),
            "Compared",
            "--IceGrid.Registry.ReplicaName=Replica1",
            "--Ice.Default.Locator=" + master.locator());
    while (!ours("", "-e", "registry list").out().startsWith("Replica1\n")) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (replica != null) {
      replica.close();
    }
    if (master != null) {
      master.close();
    }
  }

  private static List<String> arguments(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--Ice.Default.Locator=" + master.locator(), "-u", "user", "-p", "secret"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static ReferenceRegistry.Outcome ours(String input, String... more) {
    return ReferenceRegistry.firnAdmin(input, arguments(more));
  }

  private static ReferenceRegistry.Outcome theirs(String input, String... more) throws Exception {
    return ReferenceRegistry.icegridadmin(directory, input, arguments(more));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo; registry ping Master",
        "exit foo",
        "server",
        "server foo",
        "server 'help'",
        "\"server\" list",
        "registry \"list\"",
        "registry ping a help",
        "registry ping \"help\"",
        "registry help foo; registry ping help foo",
        "show copying; show copying foo; show help",
        "server template; server template foo; server 'template'; template list",
        "help foo bar; help template; help server template foo; exit help",
        "node ''; ''",
        "registry ping \"a\\\\b\\\"c\\nd\\q\"",
        "registry ping a'b;c'd; registry ping a\\b; re\"gistry\" ping Master",
        "registry ping X// foo; registry ping /* foo */ Master; registry ping 'a\\'b",
        "registry list; registry describe Master; registry describe Replica1; registry describe X",
        "registry ping Master; registry ping Replica1; registry ping X; registry ping",
        "registry shutdown a b; registry shutdown X; registry list a",
        "registry show Master stderr",
        "registry show -t 1 Master stdout",
        "registry show Master log",
        "registry show -t 1 Replica1 log",
        "registry show -t x Master log; registry show -t 1 -h 1 Master log",
        "registry show -f -h 1 Master stderr; registry show -x Master log",
        "registry show Master foo; registry show X log; registry show X stderr; registry show a",
        "object list; object list 'Compared/*'; object list '*Master'; object list nothing",
        "object describe; object describe Compared/Query; object find ::IceGrid::Query",
        "object add a:tcp ::T; object describe a; object list 'a*'; object find ::T;"
            + " object remove a",
        "object add a@b ::X; object add a@b ::X; object remove a; object remove a;"
            + " object describe a",
        "object add Compared/foo ::T; object remove Compared/Query; object add; object list a b",
        "object add nowhere",
        "adapter list; adapter endpoints x; adapter remove x; adapter list a; adapter endpoints",
        "node list; node load x; node ping x; node describe x; node shutdown x; node sockets x",
        "node sockets; node processors; node processors a b; node show X log; node show X stdout",
        "application list; application remove x; application patch x; application patch -x a",
        "application list a; application remove; application describe; application add",
        "server list; server state x; server pid x; server start x; server stop x; server patch x",
        "server signal x 9; server enable x; server disable x; server remove x; server show x log",
        "server properties x; server property x y; server stdout x y; server show x stdout",
        "server stdout a; server signal a; server property a; server list a; server state",
        "service list x; service start x y; service stop x y; service properties x y",
        "service start a; service properties a; service property a; service list",
        "server template describe a; server template instantiate a b; service template describe",
      })
  void commandsDoTheSame(String commands) throws Exception {
    assertThat(ours("", "-e", commands)).isEqualTo(theirs("", "-e", commands));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry list\nregistry ping Master",
        "registry list\nexit\nfoo\n",
        "registry \\\n ping Master\n",
        "registry ping \"a\nb\"\n",
        "// nothing\nregistry ping Master\n",
        "/* \n\n */ registry ping Master;registry ping X\n",
        "",
      })
  void pipedInputIsPromptedForTheSame(String input) throws Exception {
    var ours = ours(input);
    var theirs = theirs(input);
    assertThat(withoutBanner(ours.out())).isEqualTo(withoutBanner(theirs.out()));
    assertThat(ours.err()).isEqualTo(theirs.err());
    assertThat(ours.status()).isEqualTo(theirs.status());
  }

  private static String withoutBanner(String out) {
    return out.substring(out.indexOf('\n') + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-r,Master", "-r,Replica1", "-r,Nobody", "--replica=Replica1,-e,registry list"})
  void aReplicaIsChosenTheSame(String options) throws Exception {
    String[] more = (options + ",-e,registry list; object list x").split(",");
    assertThat(ours("", more)).isEqualTo(theirs("", more));
  }

  @Test
  void badOptionsAreRefusedTheSame() throws Exception {
    for (String option : List.of("-x", "--xx", "--host", "--help=3", "-dd", "foo", "-P=x")) {
      var ours = ReferenceRegistry.firnAdmin("", List.of(option));
      var theirs = ReferenceRegistry.icegridadmin(directory, "", List.of(option));
      assertThat(ours.status()).as(option).isEqualTo(theirs.status());
      assertThat(ours.err().lines().findFirst()).isEqualTo(theirs.err().lines().findFirst());
      assertThat(ours.out()).isEmpty();
    }
  }

  @Test
  void helpGoesToStandardErrorAndTheVersionToStandardOutput() {
    var help = ReferenceRegistry.firnAdmin("", List.of("-v", "--help"));
    assertThat(help.status()).isZero();
    assertThat(help.out()).isEmpty();
    assertThat(help.err()).startsWith("Usage: icegridadmin [options]\n");
    var version = ReferenceRegistry.firnAdmin("", List.of("-v"));
    assertThat(version.status()).isZero();
    assertThat(version.out()).isEqualTo(com.zeroc.Ice.Util.stringVersion() + "\n");
  }

  @Test
  void whatTheUserTypedWrongIsNotTheRegistrysFault() {
    assertThat(ours("", "-e", "object add 'a:xx'").err()).startsWith("error: invalid proxy `a:xx'");
    assertThat(ours("", "-e", "object add ''").err()).startsWith("error: invalid proxy `'");
    assertThat(ours("", "-e", "object remove a/b/c").err())
        .startsWith("error: invalid identity `a/b/c'");
  }

  @Test
  void headEndsItsLastLine() {
    var ours = ours("", "-e", "registry show -h 1 Master stdout; registry list");
    assertThat(ours.out()).isEqualTo("registry `Master' stdout: \nReplica1\nMaster\n");
    assertThat(ours("", "-e", "registry show -h 1 Master log").err())
        .isEqualTo("error: can't specify -h | --head option with log\n");
  }
}
