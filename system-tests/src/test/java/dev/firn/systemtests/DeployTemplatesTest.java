package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Storms that are deployed with the product's default templates run, by themselves and as a group.
 */
@EachGrid
class DeployTemplatesTest {
  private static final String ENDPOINTS =
      "topic-manager-endpoints='tcp -h 127.0.0.1' publish-endpoints='tcp -h 127.0.0.1'";

  private static final Predicate<String> WITH_BOTH_OTHERS =
      Pattern.compile(": group: +\\d,\\d").asPredicate();

  private Lab lab;
  private GridMix mix;
  private Grid grid;

  @Initializer
  void start(Lab lab, GridMix mix) throws IOException {
    // A node of root's starts servers as nobody, who has to get to their directories.
    Files.setPosixFilePermissions(lab.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    this.lab = lab;
    this.mix = mix;
    grid = Grid.of(lab, mix, "node1", "node2");
    grid.master()
        .with(
            "IceGrid.Registry.DefaultTemplates",
            Implementation.HOME.resolve("dist/templates.xml").toString());
    grid.start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  private AdminTool.Result admin(String commands) {
    return lab.admin(mix.registry()).execute(grid.locator(), commands);
  }

  private void deploy(String content) {
    var file =
        lab.write(
            "storms.xml",
            "<icegrid><application name='Storms' import-default-templates='true'>"
                + content
                + "</application></icegrid>");
    AdminTool.Result added = admin("application add -n " + file);
    assertThat(added.exit()).as(added.all()).isZero();
  }

  private AdminTool.Result storm(String instance, String commands) {
    ChildProcess tool =
        lab.process(
            "storm-admin",
            List.of(
                mix.node().stormAdmin(),
                "--Ice.Default.Locator=" + grid.locator(),
                "--IceStormAdmin.TopicManager.Default=" + instance + "/TopicManager",
                "-e",
                commands));
    int exit = tool.awaitExit(Await.LIMIT);
    return new AdminTool.Result(exit, tool.out(), tool.err());
  }

  @Test
  void aStormStartsWhenSomebodyCallsIt() {
    deploy(
        "<node name='node1'><server-instance template='IceStorm' exe='%s' %s/></node>"
            .formatted(mix.node().iceBox(), ENDPOINTS));
    assertThat(grid.state("Storms.IceStorm")).isEqualTo("Inactive");
    AdminTool.Result created = storm("Storms.IceStorm", "create ticks; topics");
    assertThat(created.all()).isEqualTo("ticks\n");
    grid.awaitState("Storms.IceStorm", "Active");
    // Its topics are in its directory on the node: they outlive it.
    grid.stop("Storms.IceStorm");
    assertThat(storm("Storms.IceStorm", "topics").all()).isEqualTo("ticks\n");
  }

  @Test
  void replicasOfAStormFindEachOtherOnTheirNodes() {
    StringBuilder content =
        new StringBuilder(
            "<replica-group id='TM'><object identity='HA/TopicManager'"
                + " type='::IceStorm::TopicManager'/></replica-group><replica-group id='P'/>");
    for (int id = 0; id < 3; id++) {
      content.append(
          """
          <node name='node%d'><server-instance template='IceStorm-HA' instance-name='HA' node-id='%d'
            exe='%s' %s node-endpoints='tcp -h 127.0.0.1' topic-manager-replica-group='TM'
            publish-replica-group='P'/></node>
          """
              .formatted(id % 2 + 1, id, mix.node().iceBox(), ENDPOINTS));
    }
    deploy(content.toString());
    // Whoever was first invites the others and leads them.
    Await.until(
        "a coordinator has both others",
        Grid.LONG,
        () ->
            storm("HA", "topics").exit() == 0
                && storm("HA", "replica").out().lines().anyMatch(WITH_BOTH_OTHERS));
    assertThat(storm("HA", "create ticks; topics").all()).isEqualTo("ticks\n");
    for (int id = 0; id < 3; id++) {
      grid.awaitState("HA" + id, "Active");
    }
  }
}
