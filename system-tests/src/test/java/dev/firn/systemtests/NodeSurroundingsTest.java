package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Any locale and limits do for a node, and servers get them as they were. */
@FirnOnly
class NodeSurroundingsTest {
  private final Lab lab = new Lab();
  private final Grid grid = Grid.of(lab, GridMix.ALL_FIRN, "node");

  @AfterEach
  void close() {
    lab.close();
  }

  /** As over ssh: the locale is named after the user's, and the host does not have it. */
  @Test
  void anUnknownLocaleHoldsUpNoServer() {
    List<String> ids = List.of("sérvér", "a", "B", "_c");
    NodeProcess node = grid.node("node").through("env", "LANG=xx_XX.UTF-8");
    grid.start();
    grid.add(
        GridApplication.of(
            "app",
            GridServer.python("always").activation("always"),
            GridServer.python("sérvér"),
            GridServer.python("a"),
            GridServer.python("B"),
            GridServer.python("_c")));
    for (String id : ids) {
      assertThat(grid.ask(id, "id")).isEqualTo(id);
    }
    assertThat(grid.ask("sérvér", "env LANG")).isEqualTo("xx_XX.UTF-8");
    assertThat(grid.ask("sérvér", "env LC_ALL")).isEqualTo("<unset>");
    grid.awaitState("always", "Active");
    node.terminate();
    node.start();
    grid.awaitNode("node");
    grid.awaitState("always", "Active");
    for (String id : ids) {
      assertThat(grid.ask(id, "id")).isEqualTo(id);
    }
    assertThat(node.servers().toFile().list()).hasSize(ids.size() + 1);
  }

  /** A Java machine raises its limit, for itself and what it starts; programs may loop over it. */
  @Test
  void serversHaveTheLimitOfOpenFilesThatTheNodeWasStartedWith() throws IOException {
    NodeProcess node = grid.node("node").through("prlimit", "--nofile=200:");
    grid.start();
    grid.add(GridApplication.of("app", GridServer.python("one")));
    String hard = limits(node.process().pid())[1];
    assertThat(Integer.parseInt(hard)).isGreaterThan(200);
    assertThat(limits(node.process().pid())[0]).isEqualTo(hard);
    assertThat(grid.ask("one", "filelimits")).isEqualTo("200 " + hard);
    assertThat(grid.ask("one", "env FIRN_OPEN_FILES")).isEqualTo("<unset>");
    assertThat(grid.ask("one", "inherited")).isEmpty();
  }

  /** Soft and hard. */
  private static String[] limits(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .findFirst()
        .orElseThrow()
        .substring("Max open files".length())
        .strip()
        .split(" +");
  }
}
