package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.systemtests.ComponentFixture.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent ocf:ice:replica with a real instance, and the probe. */
@FirnOnly
class ComponentAgentTest {
  private static final int SUCCESS = 0;
  private static final int ERROR = 1;
  private static final int UNIMPLEMENTED = 3;
  private static final int NOT_INSTALLED = 5;
  private static final int NOT_CONFIGURED = 6;
  private static final int NOT_RUNNING = 7;
  private static final int PROMOTED = 8;
  private static final int FAILED_PROMOTED = 9;

  private final ComponentFixture fixture = new ComponentFixture();
  private ChildProcess locator;
  private Instance instance;
  private Map<String, String> environment;

  @BeforeEach
  void start() {
    locator = fixture.locator();
    instance = fixture.instance("nothing-1");
    String command =
        Implementation.HOME.resolve("bin/firn")
            + " '"
            + String.join("' '", instance.arguments())
            + "'";
    environment = new TreeMap<>();
    environment.put("HA_RSCTMP", fixture.lab.directory().toString());
    environment.put("OCF_FUNCTIONS_DIR", fixture.lab.directory().toString());
    environment.put("OCF_RESKEY_instance", "nothing-1");
    environment.put("OCF_RESKEY_proxy", instance.proxy());
    environment.put("OCF_RESKEY_http", instance.health());
    environment.put("OCF_RESKEY_start_cmd", command);
    environment.put("OCF_RESKEY_firn", Implementation.HOME.resolve("bin/firn").toString());
    environment.put("OCF_RESKEY_probe", Implementation.HOME.resolve("cluster/ha-probe").toString());
    environment.put("OCF_RESKEY_log", fixture.lab.directory().resolve("instance.log").toString());
  }

  @AfterEach
  void stop() throws IOException {
    agent("stop");
    fixture.close();
  }

  @Test
  void everyActionHasItsReturnCodeInEveryState() throws IOException {
    // Not running.
    assertAgent("monitor", NOT_RUNNING);
    assertAgent("promote", NOT_RUNNING);
    assertAgent("demote", NOT_RUNNING);
    assertAgent("stop", SUCCESS);
    // Standing by.
    assertAgent("start", SUCCESS);
    assertAgent("start", SUCCESS);
    assertAgent("monitor", SUCCESS);
    assertAgent("demote", SUCCESS);
    Await.until("it stands by", () -> probe("standby") == 0);
    // Active.
    assertAgent("promote", SUCCESS);
    assertAgent("promote", SUCCESS);
    assertAgent("monitor", PROMOTED);
    assertThat(probe("is-active")).isZero();
    assertAgent("start", SUCCESS);
    assertAgent("demote", SUCCESS);
    assertAgent("monitor", SUCCESS);
    assertThat(probe("is-active")).isEqualTo(1);
    // Stopped while active.
    assertAgent("promote", SUCCESS);
    assertAgent("stop", SUCCESS);
    assertAgent("monitor", NOT_RUNNING);
    assertThat(probe("is-active")).isEqualTo(2);
  }

  @Test
  void theStartLastsUntilItStandsBy() {
    locator.signal("KILL");
    locator.awaitExit(Await.LIMIT);
    ChildProcess start = begin("start");
    Await.until("it says that it starts", () -> probe("live") == 0);
    assertThat(start.isAlive()).isTrue();
    assertThat(probe("standby")).isEqualTo(1);
    fixture.locator();
    assertThat(start.awaitExit(Duration.ofSeconds(90))).as(start.err()).isZero();
    assertThat(probe("standby")).isZero();
  }

  @Test
  void withoutALocatorTheStartDoesNotFail() {
    locator.signal("KILL");
    locator.awaitExit(Await.LIMIT);
    environment.put("OCF_RESKEY_CRM_meta_timeout", "10000");
    ChildProcess start = agent("start");
    assertThat(status(start)).isZero();
    assertThat(start.err()).contains("the service locator does not know it yet");
    assertAgent("promote", SUCCESS);
  }

  @Test
  void withoutTheProbeTheToolIsAsked() throws IOException {
    environment.remove("OCF_RESKEY_http");
    assertAgent("start", SUCCESS);
    assertAgent("monitor", SUCCESS);
    Await.until("it stands by", () -> probe("standby") == 0);
    assertAgent("promote", SUCCESS);
    assertAgent("monitor", PROMOTED);
    assertAgent("stop", SUCCESS);
    assertAgent("monitor", NOT_RUNNING);
  }

  @Test
  void whoHasDiedIsNotRunningAndWhoHangsHasFailed() throws IOException {
    assertAgent("start", SUCCESS);
    Await.until("it stands by", () -> probe("standby") == 0);
    signal("STOP");
    assertAgent("monitor", ERROR);
    signal("CONT");
    assertAgent("monitor", SUCCESS);
    assertAgent("promote", SUCCESS);
    assertAgent("monitor", PROMOTED);
    signal("STOP");
    assertAgent("monitor", FAILED_PROMOTED);
    signal("KILL");
    Await.until("it is gone", () -> status(agent("monitor")) == NOT_RUNNING);
    assertAgent("stop", SUCCESS);
    assertAgent("start", SUCCESS);
    assertAgent("monitor", SUCCESS);
  }

  @Test
  void whoCannotBeMadeActiveHasFailedAlsoWithoutTheProbe() throws IOException {
    environment.remove("OCF_RESKEY_http");
    environment.compute(
        "OCF_RESKEY_start_cmd", (key, command) -> "env DO_NOTHING_FAILS=1 " + command);
    assertAgent("start", SUCCESS);
    Await.until("it stands by", () -> probe("standby") == 0);
    assertAgent("promote", ERROR);
    assertAgent("monitor", SUCCESS);
    assertAgent("promote", ERROR);
    assertAgent("monitor", ERROR);
    assertAgent("stop", SUCCESS);
  }

  @Test
  void aCloneHasAnInstanceOfItsOwnOnEachNode() {
    int backplane = Ports.free();
    int health = Ports.free();
    environment.put("OCF_RESKEY_instance", "nothing-%n");
    environment.put("OCF_RESKEY_proxy", "nothing-%n.Replica:tcp -h 127.0.0.%n -p " + backplane);
    environment.put("OCF_RESKEY_http", "127.0.0.%n:" + health);
    environment.put("OCF_RESKEY_log", fixture.lab.directory().resolve("%n.log").toString());
    environment.compute(
        "OCF_RESKEY_start_cmd",
        (key, command) ->
            command.replace("nothing-1", "nothing-%n")
                + " '--nothing-%n.Backplane.Endpoints=tcp -h 127.0.0.%n -p "
                + backplane
                + "' --nothing-%n.Health.Endpoint=127.0.0.%n:"
                + health);
    List<String> nodes = List.of("11", "12");
    try {
      nodes.forEach(
          node -> {
            environment.put("OCF_RESKEY_CRM_meta_on_node", node);
            assertAgent("monitor", NOT_RUNNING);
            assertAgent("start", SUCCESS);
          });
      assertAgent("promote", SUCCESS);
      assertAgent("monitor", PROMOTED);
      environment.put("OCF_RESKEY_CRM_meta_on_node", "11");
      assertAgent("monitor", SUCCESS);
      assertThat(fixture.lab.directory().resolve("11.log")).exists();
    } finally {
      nodes.forEach(
          node -> {
            environment.put("OCF_RESKEY_CRM_meta_on_node", node);
            assertAgent("stop", SUCCESS);
          });
    }
  }

  @Test
  void whatIsMissingIsSaid() {
    assertAgent("meta-data", SUCCESS);
    assertAgent("validate-all", SUCCESS);
    assertAgent("notify", SUCCESS);
    assertAgent("dance", UNIMPLEMENTED);
    environment.put("OCF_RESKEY_firn", "/nowhere/firn");
    assertAgent("monitor", NOT_INSTALLED);
    assertAgent("stop", SUCCESS);
    environment.remove("OCF_RESKEY_proxy");
    assertAgent("start", NOT_CONFIGURED);
  }

  private void assertAgent(String action, int code) {
    ChildProcess agent = agent(action);
    assertThat(status(agent)).as(action + ": " + agent.out() + agent.err()).isEqualTo(code);
  }

  private ChildProcess agent(String action) {
    ChildProcess agent = begin(action);
    agent.awaitExit(Duration.ofSeconds(90));
    return agent;
  }

  private ChildProcess begin(String action) {
    return fixture.lab.process(
        action,
        List.of(Implementation.HOME.resolve("cluster/replica").toString(), action),
        environment);
  }

  private static int status(ChildProcess process) {
    return process.awaitExit(Duration.ofSeconds(1));
  }

  private int probe(String what) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Implementation.HOME.resolve("cluster/ha-probe").toString(),
                instance.health(),
                what));
    return fixture.lab.process("probe", command, Map.of("TIMEOUT", "50")).awaitExit(Await.LIMIT);
  }

  private void signal(String name) throws IOException {
    Path file = fixture.lab.directory().resolve("ice-replica-nothing-1.pid");
    String pid = Files.readString(file).split(" ", 2)[0];
    assertThat(fixture.lab.process("kill", List.of("kill", "-" + name, pid)).awaitExit(Await.LIMIT))
        .isZero();
    if (name.equals("STOP")) {
      // Its threads run on until one of them has taken the signal.
      Await.until("it is stopped", () -> stat(pid).contains(") T "));
    }
  }

  private static String stat(String pid) {
    try {
      return Files.readString(Path.of("/proc", pid, "stat"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
