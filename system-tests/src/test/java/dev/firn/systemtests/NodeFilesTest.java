package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files of servers and of nodes, read through sessions with any replica. */
@EachGrid
class NodeFilesTest {
  private Lab lab;
  private Grid grid;
  private GridMix mix;
  private Path output;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.lab = lab;
    this.mix = mix;
    grid = Grid.of(lab, mix, 1, "node");
    output = lab.subdirectory("output");
    grid.node("node")
        .with("IceGrid.Node.Output", output.toString())
        .with("Ice.StdErr", output.resolve("node.err").toString());
    grid.startRegistries();
    // Its ready line goes to the file.
    grid.node("node").begin();
    grid.restoreConnections();
    Await.asserted(
        () -> assertThat(output.resolve("node.err")).content().contains("servers of node ready"));
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private void deploy(GridServer... servers) {
    grid.add(GridApplication.of("app", servers));
  }

  private AdminSession session() {
    return session(grid.master());
  }

  private AdminSession session(RegistryProcess registry) {
    return grid.client().adminSession(registry);
  }

  private Remote open(RegistryProcess registry, String operation, Object... arguments) {
    return grid.client()
        .at("IceGrid.FileIterator", session(registry).session().call(operation, arguments));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(
        file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Reads to the end of the file in pieces; what a consumer would print. */
  private static String read(Remote iterator, int size) {
    StringBuilder text = new StringBuilder();
    boolean end = false;
    while (!end) {
      Json piece = iterator.call("read", size);
      text.append(String.join("\n", piece.item(1).texts()));
      end = piece.item(0).bool();
    }
    return text.toString();
  }

  @Test
  void outputOfAServerIsReadThroughEveryReplica() {
    deploy(GridServer.python("printing"));
    grid.ask("printing", "print hello from one");
    grid.ask("printing", "print and again");
    for (RegistryProcess registry : grid.registries()) {
      assertThat(read(open(registry, "openServerStdOut", "printing", -1), 1024))
          .isEqualTo("hello from one\nand again\n");
      assertThat(read(open(registry, "openServerStdOut", "printing", 1), 1024))
          .isEqualTo("and again\n");
      assertThat(read(open(registry, "openServerStdErr", "printing", -1), 1024)).isEmpty();
    }
    assertThat(output.resolve("printing.out")).hasContent("hello from one\nand again\n");
    assertThat(output.resolve("printing.err")).isEmptyFile();
  }

  @Test
  void whatAServerSaysOfItsOutputCounts() {
    Path own = lab.directory().resolve("own.out");
    deploy(GridServer.python("one").with("Ice.StdOut", own.toString()));
    grid.ask("one", "print to a file of its own");
    assertThat(read(open(grid.master(), "openServerStdOut", "one", -1), 1024))
        .isEqualTo("to a file of its own\n");
    assertThat(own).hasContent("to a file of its own\n");
  }

  @Test
  void aLogIsReadWhileItGrows() throws IOException {
    Path log = lab.directory().resolve("growing.log");
    deploy(GridServer.python("one").log(log.toString()));
    IceFailure missing = session().session().failure("openServerLog", "one", log.toString(), -1);
    assertThat(missing.type()).isEqualTo("IceGrid.FileNotAvailableException");
    assertThat(missing.reason()).contains(log.toString());
    append(log, "line 1\nline 2\nline 3\n");
    for (RegistryProcess registry : grid.registries()) {
      Json all = open(registry, "openServerLog", "one", log.toString(), -1).call("read", 1024);
      assertThat(all.item(0).bool()).isTrue();
      assertThat(all.item(1).texts()).containsExactly("line 1", "line 2", "line 3", "");
    }
    assertThat(
            open(grid.master(), "openServerLog", "one", log.toString(), 2)
                .call("read", 1024)
                .item(1)
                .texts())
        .containsExactly("line 2", "line 3", "");
    assertThat(
            open(grid.master(), "openServerLog", "one", log.toString(), 100)
                .call("read", 1024)
                .item(1)
                .texts())
        .containsExactly("line 1", "line 2", "line 3", "");
    Remote iterator = open(grid.master(), "openServerLog", "one", log.toString(), 0);
    assertThat(iterator.call("read", 1024).item(1).texts()).isEmpty();
    append(log, "without an end");
    assertThat(iterator.call("read", 1024).item(1).texts()).containsExactly("without an end");
    append(log, " that comes later\n");
    assertThat(iterator.call("read", 1024).item(1).texts())
        .containsExactly(" that comes later", "");
    iterator.call("destroy");
    assertThat(iterator.failure("read", 1024).type()).isEqualTo("Ice.ObjectNotExistException");
  }

  @Test
  void longLinesComeInPieces() throws IOException {
    Path log = lab.directory().resolve("long.log");
    deploy(GridServer.python("one").log(log.toString()));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(("" + i % 10).repeat(i * 97));
    }
    String text = String.join("\n", lines) + "\n";
    append(log, text);
    for (int size : new int[] {64, 1024, 100_000}) {
      assertThat(read(open(grid.master(), "openServerLog", "one", log.toString(), -1), size))
          .as("reads of %d bytes", size)
          .isEqualTo(text);
    }
    IceFailure tooSmall =
        open(grid.master(), "openServerLog", "one", log.toString(), -1).failure("read", 5);
    assertThat(tooSmall.reason()).isEqualTo("maximum bytes per read request is too low");
  }

  @Test
  void onlyDeclaredFilesAreRead() {
    deploy(GridServer.python("one").log(lab.directory().resolve("declared.log").toString()));
    lab.write("declared.log", "text");
    String secret = lab.write("secret.log", "secret").toString();
    for (String path :
        List.of(
            secret,
            "/etc/passwd",
            lab.directory() + "/declared.log/../secret.log",
            lab.directory() + "/x/../secret.log",
            "../../../../../etc/passwd",
            "")) {
      IceFailure failure = session().session().failure("openServerLog", "one", path, -1);
      assertThat(failure.type()).as(path).isEqualTo("IceGrid.FileNotAvailableException");
      assertThat(failure.reason()).as(path).contains("unknown log file");
    }
    assertThat(
            read(
                open(
                    grid.master(), "openServerLog", "one", lab.directory() + "/./declared.log", -1),
                1024))
        .isEqualTo("text");
  }

  @Test
  void aLogThatIsNoLongerDeclaredIsNoLongerRead() {
    assumeTrue(mix.node() == Implementation.FIRN, "the reference's nodes forget no log");
    String log = lab.write("former.log", "text").toString();
    deploy(GridServer.python("one").log(log));
    assertThat(read(open(grid.master(), "openServerLog", "one", log, -1), 1024)).isEqualTo("text");
    grid.sync(GridApplication.of("app", GridServer.python("one")));
    assertThat(session().session().failure("openServerLog", "one", log, -1).type())
        .isEqualTo("IceGrid.FileNotAvailableException");
  }

  @Test
  void filesOfNodes() {
    for (RegistryProcess registry : grid.registries()) {
      assertThat(read(open(registry, "openNodeStdErr", "node", -1), 10_000))
          .contains("servers of node ready");
      IceFailure unset = session(registry).session().failure("openNodeStdOut", "node", -1);
      assertThat(unset.type()).isEqualTo("IceGrid.FileNotAvailableException");
      assertThat(unset.reason()).isEqualTo("Ice.StdOut configuration property is not set");
      assertThat(session(registry).session().failure("openNodeStdErr", "nix", -1).type())
          .isEqualTo("IceGrid.NodeNotExistException");
      assertThat(session(registry).session().failure("openServerStdOut", "nix", -1).type())
          .isEqualTo("IceGrid.ServerNotExistException");
    }
  }

  @Test
  void facetsOfServersAndNodesAreReachedThroughTheRegistry() {
    deploy(GridServer.python("one").with("A", "value"));
    IceFailure inactive =
        grid.client()
            .object(grid.admin().call("getServerAdmin", "one").proxy())
            .changed("ice_facet", "Process")
            .failure("ice_ping");
    assertThat(inactive.type()).isEqualTo("Ice.ObjectNotExistException");
    grid.start("one");
    Json server = grid.admin().call("getServerAdmin", "one");
    assertThat(
            grid.client()
                .at("Ice.PropertiesAdmin", server)
                .changed("ice_facet", "Properties")
                .call("getProperty", "A")
                .text())
        .isEqualTo("value");
    grid.client()
        .at("Ice.Process", server)
        .changed("ice_facet", "Process")
        .call("writeMessage", "a message", 1);
    Await.until(
        "the message is written",
        () -> read(open(grid.master(), "openServerStdOut", "one", -1), 1024).contains("a message"));
    Json node = grid.admin().call("getNodeAdmin", "node");
    assertThat(
            grid.client()
                .at("Ice.PropertiesAdmin", node)
                .changed("ice_facet", "Properties")
                .call("getProperty", "IceGrid.Node.Name")
                .text())
        .isEqualTo("node");
    assertThat(
            grid.client()
                .at("Ice.Object", node)
                .changed("ice_facet", "Logger")
                .call("ice_id")
                .text())
        .isEqualTo("::Ice::LoggerAdmin");
    grid.client().at("Ice.Process", server).changed("ice_facet", "Process").call("shutdown");
    grid.awaitState("one", "Inactive");
  }
}
