package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node's launcher does to the node and, through it, to servers. */
@FirnOnly
class NodeDaemonTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aDaemonAndItsServersWriteNowhereUnlessItIsConfigured() throws IOException {
    expectStandardError("/dev/null");
  }

  @Test
  void serversOfADaemonWriteIntoItsFile() throws IOException {
    Path file = lab.directory().resolve("node-stderr");
    expectStandardError(file.toString(), "--Ice.StdErr=" + file);
  }

  private void expectStandardError(String ofServer, String... options) throws IOException {
    Grid grid = Grid.of(lab, GridMix.ALL_FIRN, "node");
    grid.startRegistries();
    Path pidfile = lab.directory().resolve("pid");
    String[] all = new String[options.length + 3];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(
        new String[] {"--daemon", "--pidfile", pidfile.toString()}, 0, all, options.length, 3);
    NodeProcess launcher = grid.node("node").options(all).begin();
    assertThat(launcher.awaitExit()).as(launcher.console()).isZero();
    long node = Long.parseLong(Files.readString(pidfile).strip());
    grid.awaitNode("node");
    grid.add(
        GridApplication.of(
            "app",
            GridServer.shell("noisy", "echo said by the server >&2; exec sleep 1000")
                .activation("manual")));
    grid.start("noisy");
    assertThat(standardError(node)).isEqualTo("/dev/null");
    assertThat(standardError(grid.pid("noisy"))).isEqualTo(ofServer);
    if (options.length > 0) {
      Await.asserted(() -> assertThat(Path.of(ofServer)).content().contains("said by the server"));
    }
    ProcessHandle.of(node).ifPresent(ProcessHandle::destroy);
    Await.until("the daemon ends", () -> ProcessHandle.of(node).isEmpty());
    assertThat(lab.leftovers().ofServer("noisy")).isEmpty();
  }

  private static String standardError(long pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/2")).toString();
  }

  @Test
  void aDaemonThatCannotWriteItsPidFileIsNone() {
    Grid grid = Grid.of(lab, GridMix.ALL_FIRN, "node");
    grid.startRegistries();
    Path pidfile = lab.directory().resolve("missing").resolve("pid");
    NodeProcess launcher =
        grid.node("node").options("--daemon", "--pidfile", pidfile.toString()).begin();
    assertThat(launcher.awaitExit()).isEqualTo(1);
    assertThat(launcher.console()).contains("failure occurred in daemon").contains(pidfile + "");
    assertThat(grid.admin().call("getAllNodeNames").texts()).isEmpty();
  }

  @Test
  void aNodeThatWasStartedWithSignalsIgnoredEndsAllTheSame() {
    Path data = lab.subdirectory("ignoring");
    ChildProcess node =
        lab.process(
            "ignoring",
            List.of(
                "/bin/sh",
                "-c",
                "trap '' HUP INT QUIT TERM; exec \"$0\" \"$@\"",
                Implementation.FIRN.node(),
                "--IceGrid.Node.Name=node",
                "--IceGrid.Node.Data=" + data,
                "--IceGrid.Node.Endpoints=tcp -h 127.0.0.1",
                "--Ice.Default.Locator=IceGrid/Locator:tcp -h 127.0.0.1 -p 1"));
    Await.until("the node starts", () -> Files.isDirectory(data.resolve("distrib")));
    node.signal("TERM");
    assertThat(node.awaitExit(Await.LIMIT)).as(node.err()).isZero();
  }
}
