package dev.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.RegistryPrx;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ours and ZeroC's icegridadmin side by side, against a registry and a node of ZeroC's with
 * applications.
 */
@Timeout(120)
class DeploymentComparisonTest {

  @TempDir static Path directory;

  private static ReferenceRegistry registry;
  private static Process node;

  @BeforeAll
  static void start() throws Exception {
    ReferenceRegistry.require("icegridnode");
    registry = ReferenceRegistry.start(directory.resolve("registry"), "Deployed");
    Files.createDirectories(directory.resolve("node"));
    // A node that runs as root starts its servers as nobody, who has to get there.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    node =
        new ProcessBuilder(
                "icegridnode",
                "--Ice.Default.Locator=" + registry.locator(),
                "--Ice.Default.Host=127.0.0.1",
                "--IceGrid.Node.Name=n1",
                "--IceGrid.Node.Data=" + directory.resolve("node"),
                "--IceGrid.Node.Endpoints=tcp -h 127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("node.out").toFile())
            .start();
    await("node ping n1", "node is up\n");
    Files.writeString(directory.resolve("lines.log"), "one\n\ntwo\nno newline");
    write(
        "box.xml",
        """
        <icegrid><application name="Boxes"><node name="n1">
          <icebox id="Cage" exe="icebox" activation="manual">
            <service name="own" entry="IceStormService,37:createIceStorm">
              <adapter name="own.TopicManager" endpoints="tcp -h 127.0.0.1"/>
              <adapter name="own.Publish" endpoints="tcp -h 127.0.0.1"/>
              <properties>
                <property name="own.LMDB.Path" value="${service.data}"/>
                <property name="own.LMDB.MapSize" value="10"/>
                <property name="own.Trace.Topic" value="2"/>
              </properties>
            </service>
            <service name="shared" entry="IceStormService,37:createIceStorm">
              <adapter name="shared.TopicManager" endpoints="tcp -h 127.0.0.1"/>
              <adapter name="shared.Publish" endpoints="tcp -h 127.0.0.1"/>
              <properties>
                <property name="shared.LMDB.Path" value="${service.data}"/>
                <property name="shared.LMDB.MapSize" value="10"/>
              </properties>
            </service>
            <property name="IceBox.UseSharedCommunicator.shared" value="1"/>
            <log path="%s/lines.log"/>
          </icebox>
        </node></application></icegrid>
        """
            .formatted(directory));
    write(
        "other.xml",
        """
        <icegrid><application name="Other"><variable name="v" value="1"/>
          <distrib icepatch="nobody/server"/>
          <server-template id="T"><parameter name="i"/>
            <server id="T-${i}" exe="/bin/${v}"/>
          </server-template>
          <node name="n1"><server id="Other" exe="/bin/false"/>
            <target name="more"><server id="More" exe="/bin/false"/></target>
          </node>
        </application></icegrid>
        """);
    write("nothing.xml", "<icegrid><application name=\"Boxes\"/></icegrid>");
    write(
        "invalid.xml",
        """
        <icegrid><application name="Boxes"><node name="n1">
          <server-instance template="T"/></node></application></icegrid>
        """);
    success("application add -n " + resource("app.xml") + "; application add box.xml");
    var started = ours("server start Cage");
    assertThat(started.status())
        .as("%s", started.err() + Files.readString(directory.resolve("node.out")))
        .isZero();
  }

  private static String resource(String name) throws URISyntaxException {
    return Path.of(
            requireNonNull(DeploymentComparisonTest.class.getResource("/deployment/" + name))
                .toURI())
        .toString();
  }

  private static void write(String name, String xml) throws Exception {
    Files.writeString(directory.resolve(name), xml, UTF_8);
  }

  private static void await(String command, String output) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (!ours(command).out().equals(output)) {
      if (System.nanoTime() > deadline) {
        fail("%s never says %s", command, output);
      }
      Thread.onSpinWait();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (node != null) {
      ours("application remove Boxes");
      node.destroy();
      if (!node.waitFor(20, TimeUnit.SECONDS)) {
        node.destroyForcibly().waitFor();
      }
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** File names in commands are relative to the directory of the test. */
  private static List<String> arguments(String commands) {
    return new ArrayList<>(
        List.of(
            "--Ice.Default.Locator=" + registry.locator(),
            "-u",
            "user",
            "-p",
            "secret",
            "-e",
            commands
                .replaceAll("(?<![/\\w])(\\w+)\\.xml", directory + "/$1.xml")
                .replace("LOG", "" + log())));
  }

  private static Path log() {
    return directory.resolve("lines.log");
  }

  private static ReferenceRegistry.Outcome ours(String commands) {
    return ReferenceRegistry.firnAdmin("", arguments(commands));
  }

  private static ReferenceRegistry.Outcome theirs(String commands) throws Exception {
    return ReferenceRegistry.icegridadmin(directory, "", arguments(commands));
  }

  private static void success(String commands) {
    assertThat(ours(commands)).isEqualTo(new ReferenceRegistry.Outcome(0, "", ""));
  }

  /** Theirs with its words put right, and without where in its sources an error arose. */
  private static ReferenceRegistry.Outcome corrected(ReferenceRegistry.Outcome outcome) {
    return new ReferenceRegistry.Outcome(
        outcome.status(),
        outcome
            .out()
            .replace("udpated", "updated")
            .replace("= `adaptive\n", "= `adaptive'\n")
            .replace("= `round-robin\n", "= `round-robin'\n")
            .replace("''\n", "'\n"),
        outcome.err().replaceAll("error: src/\\w+/\\w+\\.cpp:\\d+: ", "error: "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application list; server list; adapter list; object list; node list",
        "server describe Echo-1; server describe Plain; server describe Sleeper",
        "server describe Cage; service describe Cage own; service list Cage; service list BoxT-5",
        "server describe x; service describe x y; service describe Plain y; service list Plain",
        "service describe Cage x; server describe; server describe a b; service describe Cage",
        "server template describe App EchoTemplate; service template describe App Svc",
        "server template describe App x; service template describe App x",
        "server template describe x y; service template describe x y",
        "server template instantiate x n1 y; server template instantiate App n1 x a=b",
        "server template instantiate App n1 EchoTemplate a",
        "application describe Boxes; application describe x; application describe x y",
        "application diff box.xml; application diff -s box.xml",
        "application diff nothing.xml; application diff --servers nothing.xml",
        "application diff invalid.xml; application diff -s invalid.xml",
        "application diff other.xml; application diff -x other.xml; application diff -s",
        "application update invalid.xml; application update other.xml; application update",
        "application update -n nothing.xml; application update --no-restart invalid.xml",
        "application add box.xml; application add invalid.xml; application add -n nofile.xml",
        "application patch Boxes; application patch -f x",
        "service properties Cage own; service properties Cage shared; service properties Plain x",
        "service property Cage own own.Trace.Topic; service property Cage shared nothing",
        "service stop Cage own; service stop Cage own; service start Cage own; service start Cage"
            + " own",
        "service start Cage x; service stop Cage x; service start Plain x; service properties Cage"
            + " x",
        "server property Cage Ice.ProgramName; server properties Cage; server properties Plain",
        "server start Plain; server pid Plain; server stop Echo-1; server state Echo-1",
        "server disable Echo-1; server state Echo-1; server start Echo-1; server enable Echo-1",
        "server state Cage; server start Cage; server signal Cage SIGFOO; server signal Cage"
            + " SIGCONT",
        "server stdout Cage x; server stderr Cage x; server stdout Plain x; server stderr x y",
        "server patch Plain; server patch x; server remove x; server pid Cage",
        "adapter endpoints Cage.own.own.Publish; adapter endpoints Group; adapter endpoints Simple",
        "adapter endpoints Echo-1.Echo; adapter remove Echo-1.Echo; adapter endpoints x",
        "object describe echo-1; object find ::Echo; object remove echo-1; object list echo*",
        "node ping n1; node ping n2; node load n2; node describe n2; node sockets n1",
        "node describe n1; node sockets; node sockets n2; node shutdown n2; node show n2 log",
        "node show n1 foo; node show n1 stdout; node show n1 log; node show -t 1 n1 log",
        "server show Cage log",
        "server show -t 2 Cage log; server show Plain log; server show x log; server show Cage",
        "server show Cage LOG; server show -t 2 Cage LOG; server show -t 9 Cage LOG",
        "server show -h 2 Cage LOG",
        "server show -h 9 Cage LOG",
        "server show Cage /etc/passwd; server show Cage stdout; server show Plain LOG",
        "server show -t 1 -h 1 Cage LOG; server show -t 0 Cage LOG; server show -f -h 1 Cage LOG",
      })
  void commandsDoTheSame(String commands) throws Exception {
    assertThat(ours(commands)).isEqualTo(corrected(theirs(commands)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application add other.xml; server list; application remove Other",
        "application add -n other.xml v=2 more; server list; server describe More; server template"
            + " instantiate Other n1 T i=7 x; server describe T-7; application diff other.xml;"
            + " application update other.xml; server remove Other; application describe Other;"
            + " application remove Other; application remove Other",
        "application add -n other.xml; application update other.xml v=3; application update -n"
            + " other.xml v=4 more; server list; application diff other.xml; application diff -s"
            + " other.xml; application remove Other",
      })
  // The reference lists a server that was removed until its node has forgotten it.
  void changesAreTheSame(String commands) throws Exception {
    assertThat(timeless(ours(commands))).isEqualTo(timeless(corrected(theirs(commands))));
  }

  private static ReferenceRegistry.Outcome timeless(ReferenceRegistry.Outcome outcome) {
    return new ReferenceRegistry.Outcome(
        outcome.status(), outcome.out().replaceAll("(uuid|time) = `[^']*'", "$1"), outcome.err());
  }

  @Test
  void applicationsAreDescribedTheSame() throws Exception {
    assertThat(ours("application describe App"))
        .isEqualTo(corrected(theirs("application describe App")));
  }

  @Test
  void aPlanIsShownToWhoAsks() {
    var diff = ours("application diff -p nothing.xml");
    assertThat(diff.status()).isZero();
    assertThat(diff.out())
        .isEqualTo(
            """
            application `Boxes'
            {
                nodes
                {
                    node `n1' removed
                }
            }
            plan for application `Boxes', which has revision 1
            {
                server `Cage' on node `n1': removed (stopped), running now
                servers: 1 removed, 0 untouched
            }
            """);
    assertThat(ours("application update -n -p nothing.xml").out())
        .isEqualTo(diff.out().substring(diff.out().indexOf("plan")));
  }

  @Test
  void whatMayFollowIsKnown() throws Exception {
    try (Communicator communicator = Util.initialize()) {
      AdminSessionPrx session =
          RegistryPrx.uncheckedCast(
                  communicator.stringToProxy(
                      "Deployed/Registry:tcp -h 127.0.0.1 -p " + registry.port()))
              .createAdminSession("a", "b");
      var console = new Console(System.out, System.err);
      var context =
          new AdminContext(
              communicator, session, session.getAdmin(), console, new Interrupts(), true);
      var completer = new CommandCompleter(context, new AdminCommands(context));
      assertThat(completer.candidates(List.of("application", "describe")))
          .containsExactly("App", "Boxes");
      assertThat(completer.candidates(List.of("service", "stop", "Cage")))
          .containsExactly("own", "shared");
      assertThat(completer.candidates(List.of("service", "stop", "Cage", "own"))).isEmpty();
      assertThat(completer.candidates(List.of("server", "show", "-f", "Cage")))
          .containsExactly("log", "stderr", "stdout", log().toString());
      assertThat(completer.candidates(List.of("server", "template", "instantiate", "App")))
          .contains("n1");
      assertThat(completer.candidates(List.of("server", "template", "instantiate", "App", "n1")))
          .containsExactly("BoxT", "EchoTemplate");
      assertThat(
              completer.candidates(
                  List.of("server", "template", "instantiate", "App", "n1", "BoxT")))
          .containsExactly("n=");
      assertThat(completer.candidates(List.of("service", "template", "describe", "App")))
          .containsExactly("Svc");
      assertThat(completer.candidates(List.of("server", "signal", "Cage"))).contains("SIGTERM");
      assertThat(completer.candidates(List.of("server", "show", "nothing"))).isEmpty();
      session.destroy();
    }
  }

  @Test
  void aParserIsServedToGraphicalTools() throws Exception {
    var process =
        // A background script ignores SIGINT, and so would its children.
        new ProcessBuilder(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AdminMain.class.getName(),
                "--server")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var communicator = Util.initialize()) {
      String proxy = process.inputReader(UTF_8).readLine();
      var parser = com.zeroc.IceGrid.FileParserPrx.uncheckedCast(communicator.stringToProxy(proxy));
      assertThat(parser.parse(directory.resolve("other.xml").toString(), null).name)
          .isEqualTo("Other");
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> parser.parse("/nowhere.xml", null))
          .isInstanceOfSatisfying(
              com.zeroc.IceGrid.ParseException.class,
              e -> assertThat(e.reason).isEqualTo("unable to open file `/nowhere.xml'"));
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
