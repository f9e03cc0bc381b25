package dev.firn.systemtests;

import static dev.firn.systemtests.Json.identityOf;
import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code firn up}, the grid for developers. */
@FirnOnly
class UpTest {
  private static final Pattern MANAGER =
      Pattern.compile("^IceStormAdmin\\.TopicManager\\.Default=(\\S+:.*)$", Pattern.MULTILINE);
  private static final Pattern LOCATOR =
      Pattern.compile("^Ice\\.Default\\.Locator=(\\S+/Locator:.*)$", Pattern.MULTILINE);

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  /** A running grid and storm; their replicas are the children of one process. */
  private record Up(ChildProcess process, String locator, List<ProcessHandle> replicas) {

    void end(String signal) {
      process.signal(signal);
      assertThat(process.awaitExit(Await.LIMIT)).as(process.err()).isZero();
      assertThat(replicas).noneMatch(ProcessHandle::isAlive);
    }
  }

  /** Those that have a path of this lab on their command line. */
  private List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().commandLine().orElse("").contains(lab.directory().toString()))
        .toList();
  }

  private Up up(String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "up";
    System.arraycopy(options, 0, arguments, 1, options.length);
    ChildProcess process = lab.firn(arguments);
    String locator =
        Await.present(
            "the locator is printed",
            Cluster.LONG,
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("ended:\n" + process.out() + process.err());
              }
              var found = LOCATOR.matcher(process.out());
              return found.find() ? Optional.of(found.group(1)) : Optional.empty();
            });
    List<ProcessHandle> replicas =
        ProcessHandle.of(process.pid()).orElseThrow().children().toList();
    assertThat(replicas).hasSize(8);
    return new Up(process, locator, replicas);
  }

  @Test
  void anIceClientNeedsNothingButThePrintedLine() {
    Up up = up("--port", "0");
    IceClient server = lab.client("Ice.Default.Locator=" + up.locator());
    server.adapter("Greeter", "Endpoints=tcp -h 127.0.0.1", "AdapterId=Greeter");
    server.servant("Greeter", "greeter", "echo", java.util.Map.of("types", List.of("::Greeter")));
    server.activate("Greeter");
    IceClient client = lab.client("Ice.Default.Locator=" + up.locator());
    client.object("greeter@Greeter").call("ice_ping");
    // Any replica answers.
    Await.asserted(
        () ->
            assertThat(
                    client
                        .at("IceGrid.Query", "IceGrid/Query")
                        .call("findAllObjectsByType", "::IceGrid::Registry")
                        .items())
                .extracting(Json::identity)
                .containsExactlyInAnyOrder(
                    "IceGrid/Registry", "IceGrid/Registry-Replica1", "IceGrid/Registry-Replica2"));
    server.deactivate("Greeter");
    up.end("INT");
    assertThat(up.process().out())
        .contains(
            "Master: ended with status 0",
            "Replica1: ended with status 0",
            "Replica2: ended with status 0",
            "Storm1: ended with status 0",
            "Storm2: ended with status 0",
            "Storm3: ended with status 0",
            "node1: ended with status 0",
            "node2: ended with status 0");
    assertThat(lab.directory().resolve("temporary")).isEmptyDirectory();
  }

  @Test
  void aPublisherNeedsNothingButThePrintedLine() {
    Up up = up("--port", "0");
    String manager =
        Await.present(
            "the topic manager is printed",
            Await.LIMIT,
            () -> {
              var found = MANAGER.matcher(up.process().out());
              return found.find() ? Optional.of(found.group(1)) : Optional.empty();
            });
    IceClient client = lab.client();
    client.at("IceStorm.TopicManager", manager).call("create", "up");
    assertThat(client.at("IceStorm.TopicManager", manager).call("retrieve", "up").proxy())
        .contains("IceStorm/topic.up");
    up.end("INT");
  }

  @Test
  void theEndOfAReplicaIsALine() {
    Up up = up("--port", "0");
    up.replicas().get(0).destroyForcibly();
    Await.until(
        "the end is reported",
        () ->
            up.process().out().lines().anyMatch(line -> line.endsWith(": ended with status 137")));
    up.end("TERM");
  }

  @Test
  void aGivenDirectoryIsKeptAndUsedAgain() {
    Path directory = lab.subdirectory("kept");
    Up first = up("--port", "0", "--dir", directory.toString());
    IceClient client = lab.client("Ice.Default.Locator=" + first.locator());
    AdminSession session =
        AdminSession.of(
            client,
            client
                .at("IceGrid.Registry", "IceGrid/Registry")
                .call("createAdminSession", "user", "secret"));
    session.admin().call("addObjectWithType", proxyOf("kept:tcp -h 127.0.0.1 -p 1"), "::Kept");
    session.destroy();
    first.end("INT");
    Up second = up("--port", "0", "--dir", directory.toString());
    assertThat(
            lab.client("Ice.Default.Locator=" + second.locator())
                .at("IceGrid.Query", "IceGrid/Query")
                .call("findObjectById", identityOf("kept"))
                .proxy())
        .contains("-p 1 ");
    second.end("TERM");
  }

  @Test
  void aSignalDuringTheStartEndsAll() {
    for (int started : new int[] {1, 3, 6, 8}) {
      ChildProcess process = lab.firn("up", "--port", "0");
      ProcessHandle self = ProcessHandle.of(process.pid()).orElseThrow();
      Await.until(
          "replicas are started",
          () ->
              self.info().command().orElse("").endsWith("/java")
                  && self.children().count() >= started);
      process.signal("TERM");
      assertThat(process.awaitExit(Await.LIMIT)).as(process.err()).isZero();
      assertThat(process.err()).doesNotContain("firn up:").doesNotContain("Exception");
      assertThat(processes()).isEmpty();
    }
  }

  @Test
  void aPortInUseIsAnErrorAndNothingIsLeftRunning() {
    RegistryProcess other = lab.registry(Implementation.FIRN).start();
    ChildProcess process = lab.firn("up", "--port", Integer.toString(other.clientPort()));
    assertThat(process.awaitExit(Cluster.LONG)).isEqualTo(1);
    assertThat(process.out())
        .contains("an IceGrid registry is already running")
        .doesNotContain("Ice.Default.Locator=");
    assertThat(process.err()).contains("firn up: ");
    assertThat(processes()).extracting(ProcessHandle::pid).containsExactly(other.process().pid());
    lab.client().query(other).call("ice_ping");
    other.terminate();
  }
}
