package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Applications that are broken, hostile or too much: whoever sent them is told, nothing half is
 * left, and a server that was there before goes on.
 */
@EachGrid
class DeployBadInputTest {
  private Lab lab;
  private Grid grid;
  private GridMix mix;
  private long witness;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.lab = lab;
    this.mix = mix;
    grid = Grid.of(lab, mix, "node").start();
    grid.add(GridApplication.of("witness", GridServer.python("witness")));
    grid.start("witness");
    witness = grid.pid("witness");
  }

  @AfterEach
  void theWitnessIsWell() {
    for (String application : grid.applications()) {
      if (!application.equals("witness")) {
        grid.remove(application);
      }
    }
    assertThat(grid.ask("witness", "pid")).isEqualTo(Long.toString(witness));
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("witness");
  }

  private void refusedByTools(String name, String xml, String... words) {
    Path file = lab.write(name, xml);
    for (Implementation tool : Implementation.tested().toList()) {
      AdminTool.Result result =
          lab.admin(tool).execute(grid.locator(), "application add \"" + file + "\"");
      assertThat(result.exit()).as("%s with %s's tool", name, tool).isEqualTo(1);
      assertThat(result.err()).as("%s with %s's tool", name, tool).contains(words);
      assertThat(grid.applications()).containsExactly("witness");
    }
  }

  private static String application(String content) {
    return "<icegrid><application name=\"bad\">" + content + "</application></icegrid>";
  }

  private static String server(String attributes, String content) {
    return application(
        "<node name=\"node\"><server " + attributes + ">" + content + "</server></node>");
  }

  @Test
  void brokenXml() {
    refusedByTools("unclosed.xml", "<icegrid><application name=\"bad\">", "error: ");
    refusedByTools("empty.xml", "", "error: ");
    refusedByTools("text.xml", "this is no XML", "error: ");
    refusedByTools("binary.xml", "<icegrid>\u0001\u0002</icegrid>", "error: ");
    refusedByTools("unknown.xml", application("<thing/>"), "thing");
    refusedByTools("attribute.xml", server("id=\"s\" exe=\"e\" nix=\"1\"", ""), "nix");
    refusedByTools("missing.xml", server("id=\"s\"", ""), "exe");
    refusedByTools("mode.xml", server("id=\"s\" exe=\"e\" activation=\"x\"", ""), "activation");
    refusedByTools("variable.xml", server("id=\"${nix}\" exe=\"e\"", ""), "nix");
    refusedByTools(
        "refid.xml",
        server("id=\"s\" exe=\"e\"", "<properties><properties refid=\"nix\"/></properties>"),
        "nix");
    refusedByTools(
        "template.xml",
        application("<node name=\"node\"><server-instance template=\"nix\"/></node>"),
        "nix");
    refusedByTools(
        "twice.xml",
        application(
            "<node name=\"node\"><server id=\"s\" exe=\"e\"/><server id=\"s\" exe=\"e\"/></node>"),
        "`s'");
    refusedByTools(
        "group.xml",
        server(
            "id=\"s\" exe=\"e\"", "<adapter name=\"A\" replica-group=\"nix\" endpoints=\"tcp\"/>"),
        "nix");
  }

  @Test
  @FirnOnly
  void entitiesAreNotExpanded() {
    StringBuilder bomb = new StringBuilder("<!DOCTYPE icegrid [<!ENTITY a0 \"lol\">");
    for (int i = 1; i < 12; i++) {
      bomb.append("<!ENTITY a" + i + " \"" + ("&a" + (i - 1) + ";").repeat(10) + "\">");
    }
    bomb.append("]>").append(application("<description>&a11;</description>"));
    Path file = lab.write("bomb.xml", bomb.toString());
    String secret = lab.write("secret", "the-secret").toString();
    Path external =
        lab.write(
            "external.xml",
            "<!DOCTYPE icegrid [<!ENTITY x SYSTEM \"file://"
                + secret
                + "\">]>"
                + application("<description>&x;</description>"));
    for (Path hostile : List.of(file, external)) {
      AdminTool.Result result =
          lab.admin(Implementation.FIRN)
              .execute(grid.locator(), "application add \"" + hostile + "\"");
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.all()).contains("DOCTYPE").doesNotContain("the-secret");
    }
  }

  @Test
  void includesAndVariablesThatGoInCircles() {
    assumeTrue(mix.registry() == Implementation.FIRN, "the reference's programs crash");
    Path file = lab.directory().resolve("circle.xml");
    lab.write("circle.xml", application("<include file=\"" + file + "\"/>"));
    AdminTool.Result result =
        lab.admin(Implementation.FIRN).execute(grid.locator(), "application add \"" + file + "\"");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("circle.xml");
    IceFailure failure =
        grid.admin()
            .failure(
                "addApplication",
                GridApplication.of("bad", GridServer.python("${a}"))
                    .variable("a", "${b}")
                    .variable("b", "${a}")
                    .value());
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
  }

  @Test
  void namesThatLeaveTheNodesDirectories() {
    assumeTrue(
        mix.registry() == Implementation.FIRN || mix.node() == Implementation.FIRN,
        "the reference's nodes write where the name says");
    for (String id : List.of("../escaped", "../../escaped", "a/b", "..", ".", "/tmp/escaped")) {
      IceFailure failure =
          grid.admin()
              .failure(
                  "addApplication",
                  GridApplication.of("bad", GridServer.pythonWithoutAdapters(id)).value());
      assertThat(failure.type()).as(id).isEqualTo("IceGrid.DeploymentException");
      assertThat(grid.applications()).as(id).containsExactly("witness");
    }
    assertThat(grid.node("node").data().resolve("escaped")).doesNotExist();
    assertThat(grid.node("node").directory().resolve("escaped")).doesNotExist();
    assertThat(Path.of("/tmp/escaped")).doesNotExist();
    try (var servers = Files.list(grid.node("node").servers())) {
      assertThat(servers.map(path -> path.getFileName().toString())).containsExactly("witness");
    } catch (java.io.IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  @Test
  void valuesThatLookLikeMore() {
    grid.add(
        GridApplication.of(
            "bad",
            GridServer.python("hostile")
                .env("SEMICOLON=; touch " + lab.directory() + "/touched")
                .env("QUOTES='\"`$(touch " + lab.directory() + "/touched)`\"'")
                .option("$(touch " + lab.directory() + "/touched)")
                .option("--Ice.Config=/no/such/file")
                .with("Quoted", "\"a\" 'b' = # ; $(c)")));
    // Its own configuration comes last, and is what counts.
    assertThat(grid.ask("hostile", "id")).isEqualTo("hostile");
    assertThat(grid.ask("hostile", "property Quoted")).isEqualTo("\"a\" 'b' = # ; $(c)");
    assertThat(lab.directory().resolve("touched")).doesNotExist();
  }

  @Test
  void aPropertyCannotSmuggleALine() {
    assumeTrue(mix.node() == Implementation.FIRN, "the reference's nodes write two lines");
    try {
      grid.add(
          GridApplication.of(
              "bad", GridServer.python("smuggler").with("A", "1\nIce.Admin.ServerId=witness")));
    } catch (IceFailure refused) {
      assertThat(refused.type()).isEqualTo("IceGrid.DeploymentException");
      return;
    }
    assertThat(grid.ask("smuggler", "id")).isEqualTo("smuggler");
  }

  @Test
  void descriptorsWithHolesAreRefused() {
    assumeTrue(mix.registry() == Implementation.FIRN, "the reference's registry may crash");
    Object empty =
        Map.of("$struct", "IceGrid.NodeDescriptor", "servers", Arrays.asList(new Object[] {null}));
    Object application =
        Map.of(
            "$struct",
            "IceGrid.ApplicationDescriptor",
            "name",
            "bad",
            "nodes",
            Map.of("node", empty));
    IceFailure failure = grid.admin().failure("addApplication", application);
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
  }

  @Test
  void aServerThatEndsAtOnceIsTriedAgainUntilItIsWell() {
    assumeTrue(
        mix.node() == Implementation.FIRN, "the reference's nodes disable such a server for ever");
    Path cure = lab.directory().resolve("cure");
    grid.add(
        GridApplication.of(
            "bad",
            GridServer.shell("sick", "test -e " + cure + " || exit 3; exec sleep 600")
                .activation("always")));
    grid.node("node").awaitConsole("sick");
    assertThat(grid.isEnabled("sick")).isTrue();
    lab.write("cure", "");
    grid.awaitState("sick", "Active");
    Await.until("it stays", () -> lab.leftovers().pids("sleep\000600").size() == 1);
  }

  @Test
  void aFullDiskIsAnErrorOfTheUpdateOnly() {
    assumeTrue(
        mix.node() == Implementation.FIRN,
        "the reference's nodes do not notice what was not written");
    Path small = lab.subdirectory("small");
    assumeTrue(
        Files.exists(Path.of("/bin/mount")) && mountTmpfs(small),
        "no right to mount a file system");
    NodeProcess node =
        lab.node(mix.node(), "small")
            .with("Ice.Default.Locator", grid.locator())
            .with("IceGrid.Node.Data", small.toString())
            .start();
    try {
      grid.add(
          new GridApplication("fits").server("small", GridServer.python("fits").with("A", "1")));
      assertThat(grid.ask("fits", "property A")).isEqualTo("1");
      List<String> unwritten = new ArrayList<>();
      for (String application : List.of("fits", "new")) {
        GridServer huge = GridServer.python(application).with("Huge", "x".repeat(600_000));
        Object value = new GridApplication(application).server("small", huge).value();
        IceFailure failure =
            grid.admin()
                .failure(application.equals("new") ? "addApplication" : "syncApplication", value);
        assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
        unwritten.add(failure.reason());
      }
      assertThat(unwritten).allMatch(reason -> !reason.isBlank());
      assertThat(grid.applications()).containsExactlyInAnyOrder("witness", "fits");
      assertThat(grid.ask("fits", "property A")).isEqualTo("1");
      assertThat(grid.ask("fits", "property Huge")).isEmpty();
    } finally {
      grid.remove("fits");
      node.terminate();
    }
  }

  /** A file system of 512 KB that is gone with the laboratory; false if that is not allowed. */
  private boolean mountTmpfs(Path directory) {
    ChildProcess mount =
        lab.process(
            "mount",
            List.of("/bin/mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", directory.toString()));
    if (mount.awaitExit(Await.LIMIT) != 0) {
      return false;
    }
    lab.own(
        () -> {
          Process unmount =
              new ProcessBuilder("/bin/umount", "-l", directory.toString()).inheritIO().start();
          unmount.waitFor();
        });
    return true;
  }
}
