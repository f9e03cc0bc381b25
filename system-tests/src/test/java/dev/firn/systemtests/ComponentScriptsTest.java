package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.systemtests.ComponentFixture.Instance;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What {@code cluster/install} installs, keepalived's script, and the units of systemd. */
@FirnOnly
class ComponentScriptsTest {
  private static final Path CLUSTER = Implementation.HOME.resolve("cluster");
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final ComponentFixture fixture = new ComponentFixture();
  private final Path run = fixture.lab.subdirectory("run");

  @AfterEach
  void close() {
    fixture.close();
  }

  private Path install() {
    Path root = fixture.lab.subdirectory("root");
    String installed =
        fixture.lab.succeeding(CLUSTER.resolve("install").toString(), root.toString());
    assertThat(installed.lines())
        .containsExactly(
            root + "/usr/local/lib/firn/ha-probe",
            root + "/usr/local/lib/firn/keepalived-notify",
            root + "/usr/lib/ocf/resource.d/ice/replica");
    return root;
  }

  private ChildProcess script(Path script, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return fixture.lab.process(script.getFileName().toString(), command, environment);
  }

  @Test
  void whatIsInstalledRuns() throws IOException {
    Path root = install();
    for (String file :
        List.of(
            "usr/local/lib/firn/ha-probe",
            "usr/local/lib/firn/keepalived-notify",
            "usr/lib/ocf/resource.d/ice/replica")) {
      assertThat(root.resolve(file)).isExecutable();
      assertThat(Files.readString(root.resolve(file))).doesNotContain("@FIRN@", "@PROBE@");
    }
    fixture.locator();
    Instance instance = fixture.instance("nothing-1");
    fixture.run(instance);
    Map<String, String> environment =
        Map.of(
            "HA_RSCTMP",
            run.toString(),
            "OCF_FUNCTIONS_DIR",
            run.toString(),
            "OCF_RESKEY_instance",
            "nothing-1",
            "OCF_RESKEY_proxy",
            instance.proxy(),
            "OCF_RESKEY_start_cmd",
            "false",
            "OCF_RESKEY_probe",
            root.resolve("usr/local/lib/firn/ha-probe").toString(),
            "OCF_RESKEY_http",
            instance.health());
    Path agent = root.resolve("usr/lib/ocf/resource.d/ice/replica");
    // The installed agent knows where firn is.
    assertThat(script(agent, environment, "validate-all").awaitExit(LIMIT)).isZero();
    assertThat(script(agent, environment, "monitor").awaitExit(LIMIT)).isZero();
    assertThat(script(agent, environment, "promote").awaitExit(LIMIT)).isZero();
    assertThat(script(agent, environment, "monitor").awaitExit(LIMIT)).isEqualTo(8);
    ChildProcess probe =
        script(root.resolve("usr/local/lib/firn/ha-probe"), Map.of(), instance.health());
    assertThat(probe.awaitExit(LIMIT)).isZero();
    assertThat(probe.out()).isEqualTo("active\n");

    Path notify = root.resolve("usr/local/lib/firn/keepalived-notify");
    Map<String, String> where = Map.of("FIRN_RUN", run.toString());
    assertThat(script(notify, where, "standby", instance.proxy()).awaitExit(LIMIT)).isZero();
    assertThat(fixture.status("-p", instance.proxy(), "is-active")).isEqualTo(1);
    assertThat(script(notify, where, "promote", instance.proxy()).awaitExit(LIMIT)).isZero();
    assertThat(fixture.status("-p", instance.proxy(), "is-active")).isZero();
  }

  @Test
  void theAgentDescribesItself() throws Exception {
    ChildProcess agent = script(CLUSTER.resolve("replica"), Map.of(), "meta-data");
    assertThat(agent.awaitExit(LIMIT)).isZero();
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    NodeList actions =
        factory
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(agent.out())))
            .getElementsByTagName("action");
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < actions.getLength(); i++) {
      names.add(actions.item(i).getAttributes().getNamedItem("name").getNodeValue());
    }
    assertThat(names)
        .contains("start", "stop", "promote", "demote", "notify", "monitor", "validate-all");
  }

  @Test
  void aPromotionIsRepeatedUntilItSucceeds() {
    fixture.locator();
    Instance instance = fixture.instance("nothing-1");
    Path notify = CLUSTER.resolve("keepalived/notify");
    ChildProcess early = notify(notify, "promote", instance);
    Await.until("it has tried", () -> !early.err().isEmpty());
    fixture.run(instance);
    assertThat(early.awaitExit(LIMIT)).as(early.err()).isZero();
    assertThat(fixture.status("-p", instance.proxy(), "is-active")).isZero();
  }

  @Test
  void theNextNotificationOvertakesAPromotion() {
    fixture.locator();
    Instance instance = fixture.instance("nothing-1");
    Path notify = CLUSTER.resolve("keepalived/notify");
    ChildProcess promoting = notify(notify, "promote", instance);
    Await.until("it has tried", () -> !promoting.err().isEmpty());
    ChildProcess standing = notify(notify, "standby", instance);
    assertThat(promoting.awaitExit(LIMIT)).isEqualTo(1);
    fixture.run(instance);
    standing.awaitExit(LIMIT);
    assertThat(fixture.status("-p", instance.proxy(), "is-active")).isEqualTo(1);
  }

  @Test
  void whatKeepalivedCannotMeanIsAUsageError() {
    Path notify = CLUSTER.resolve("keepalived/notify");
    assertThat(script(notify, Map.of()).awaitExit(LIMIT)).isEqualTo(3);
    assertThat(script(notify, Map.of(), "promote").awaitExit(LIMIT)).isEqualTo(3);
    assertThat(script(notify, Map.of(), "dance", "a:tcp -p 1").awaitExit(LIMIT)).isEqualTo(3);
  }

  private ChildProcess notify(Path notify, String role, Instance instance) {
    return script(
        notify,
        Map.of(
            "FIRN_RUN", run.toString(), "FIRN", Implementation.HOME.resolve("bin/firn").toString()),
        role,
        instance.proxy());
  }

  @Test
  void systemdAcceptsTheUnits() throws IOException {
    Peers.require("systemd-analyze");
    Path units = fixture.lab.subdirectory("units");
    for (String unit :
        List.of("firn-component@.service", "firn-locator.service", "firn-replicator.service")) {
      String text = Files.readString(CLUSTER.resolve("systemd").resolve(unit));
      // It looks whether the program is there.
      assertThat(text).contains("ExecStart=/opt/firn/bin/firn component ");
      Files.writeString(
          units.resolve(unit.replace("@", "@counter-1")),
          text.replace("/opt/firn/", Implementation.HOME + "/"));
    }
    for (String unit :
        List.of(
            "firn-component@counter-1.service",
            "firn-locator.service",
            "firn-replicator.service")) {
      ChildProcess verify =
          fixture.lab.process(
              "verify",
              List.of("systemd-analyze", "verify", "--man=no", units.resolve(unit).toString()));
      assertThat(verify.awaitExit(LIMIT)).as(verify.err()).isZero();
      // Whatever else is wrong on this machine is not about ours.
      assertThat(verify.err()).doesNotContain(unit);
    }
  }

  @Test
  void eachProgramTellsSystemdWhenItIsReadyAndWhenItEnds() {
    Path socket = fixture.lab.directory().resolve("notify.socket");
    ChildProcess listener =
        fixture.lab.process(
            "listener",
            List.of(
                Peers.PYTHON.toString(),
                "-u",
                "-c",
                """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind(sys.argv[1])
                print("listening")
                while True: print(s.recv(4096).decode())
                """,
                socket.toString()));
    Await.until("the socket is there", () -> listener.out().contains("listening"));
    Instance instance = fixture.instance("nothing-1");
    List<List<String>> programs =
        List.of(
            List.of(
                "component",
                "locator",
                "--Firn.Locator.Endpoints=tcp -h 127.0.0.1 -p " + Ports.free(),
                "--Firn.Locator.Management.Endpoints=tcp -h 127.0.0.1 -p " + Ports.free()),
            List.of(
                "component",
                "replicator",
                "--Firn.Replicator.Register=0",
                "--Firn.Replicator.Data=" + fixture.lab.subdirectory("replicator"),
                "--Firn.Replicator.Endpoints=tcp -h 127.0.0.1 -p " + Ports.free()),
            instance.arguments());
    int number = 0;
    for (List<String> program : programs) {
      number++;
      List<String> command =
          new ArrayList<>(List.of(Implementation.HOME.resolve("bin/firn").toString()));
      command.addAll(program);
      ChildProcess process =
          fixture.lab.process("unit", command, Map.of("NOTIFY_SOCKET", socket.toString()));
      awaitTold(listener, "READY=1", number);
      process.signal("TERM");
      assertThat(process.awaitExit(LIMIT)).as(process.err()).isZero();
      awaitTold(listener, "STOPPING=1", number);
    }
  }

  private static void awaitTold(ChildProcess listener, String what, int times) {
    Await.until(
        what + " for the " + times + ". time",
        () -> listener.out().lines().filter(what::equals).count() == times);
  }
}
