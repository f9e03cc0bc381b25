package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lines of a node's log that people and scripts look for, as the reference writes them. */
@FirnOnly
class NodeTraceTest {
  private final Lab lab = new Lab();
  private final Grid grid = Grid.of(lab, GridMix.ALL_FIRN, "node");

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void startsAndSignalsAreTracedInFull() {
    NodeProcess node = grid.node("node").options("--IceGrid.Node.Trace.Activator=2");
    grid.start();
    grid.add(
        GridApplication.of(
            "app",
            GridServer.shell("deaf", "trap '' TERM; while :; do sleep 0.1; done")
                .activation("manual")
                .timeouts(10, 1)
                .set("pwd", "/"),
            GridServer.exe("missing", "/missing/exe").activation("manual")));
    grid.start("deaf");
    long pid = grid.pid("deaf");
    grid.stop("deaf");
    node.awaitConsole("activating server `deaf'\n   path = ");
    assertThat(node.console())
        .containsPattern("\n   pwd = /\n   uid/gid = \\d+/\\d+\n   args = ")
        .contains("sent SIGTERM to server `deaf' (pid = " + pid + ")")
        .contains("sent SIGKILL to server `deaf' (pid = " + pid + ")")
        .contains("detected termination of server `deaf'\n   signal = SIGKILL");
    assertThat(grid.admin().failure("startServer", "missing").reason()).contains("cannot execute");
    node.awaitConsole(
        "icegridnode: warning: server activation failed for `missing':\n   cannot execute"
            + " `/missing/exe': No such file or directory");
  }
}
