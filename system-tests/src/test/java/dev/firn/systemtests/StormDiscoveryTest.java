package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replicated storm where multicast is all that leads to the registry: for nodes and services. */
@FirnOnly
class StormDiscoveryTest {
  private static final Predicate<String> WITH_BOTH_OTHERS =
      Pattern.compile(": group: +\\d,\\d").asPredicate();

  private final Lab lab = new Lab();
  private final int port = Ports.free();
  private final Grid grid = Grid.of(lab, GridMix.ALL_FIRN, "node1", "node2");

  @BeforeEach
  void start() throws IOException {
    // A node of root's starts servers as nobody, who has to get to their directories.
    Files.setPosixFilePermissions(lab.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    grid.master()
        .with("IceGrid.Registry.Discovery.Enabled", "1")
        .with("IceGrid.Registry.Discovery.Port", Integer.toString(port))
        .with("IceGrid.Registry.Discovery.Interface", "127.0.0.1")
        .with(
            "IceGrid.Registry.DefaultTemplates",
            Implementation.HOME.resolve("dist/templates.xml").toString());
    for (NodeProcess node : grid.nodes()) {
      node.with("Ice.Default.Locator", "")
          .with("Ice.Plugin.IceLocatorDiscovery", "IceLocatorDiscovery:createIceLocatorDiscovery")
          .with("IceLocatorDiscovery.Interface", "127.0.0.1")
          .with("IceLocatorDiscovery.Port", Integer.toString(port))
          // A node gives its servers the plug-in and the name of the instance, and no more.
          .with(
              "IceGrid.Node.PropertiesOverride",
              "IceLocatorDiscovery.Interface=127.0.0.1 IceLocatorDiscovery.Port=" + port);
    }
    grid.start();
  }

  @AfterEach
  void close() {
    grid.removeAll();
    lab.close();
  }

  @Test
  void replicasFormAGroupThatTakesUpdates() {
    deployStorm();
    Await.until(
        "a coordinator has both others",
        Grid.LONG,
        () ->
            storm("topics").exit() == 0
                && storm("replica").out().lines().anyMatch(WITH_BOTH_OTHERS));
    assertThat(storm("create ticks; topics").all()).isEqualTo("ticks\n");
    for (int id = 0; id < 3; id++) {
      grid.awaitState("HA" + id, "Active");
    }
    assertThat(grid.node("node1").configuration("HA0", "config"))
        .content()
        .doesNotContain("Ice.Default.Locator")
        .contains("Ice.Plugin.IceLocatorDiscovery.cpp=")
        .contains("Ice.Plugin.IceLocatorDiscovery.java=")
        .contains("IceLocatorDiscovery.InstanceName=IceGrid");
  }

  private void deployStorm() {
    StringBuilder content =
        new StringBuilder(
            "<icegrid><application name='Storms' import-default-templates='true'>"
                + "<replica-group id='TM'><object identity='HA/TopicManager'"
                + " type='::IceStorm::TopicManager'/></replica-group><replica-group id='P'/>");
    for (int id = 0; id < 3; id++) {
      content.append(
          """
          <node name='node%d'><server-instance template='IceStorm-HA' instance-name='HA' node-id='%d'
            exe='%s' node-endpoints='tcp -h 127.0.0.1' topic-manager-endpoints='tcp -h 127.0.0.1'
            publish-endpoints='tcp -h 127.0.0.1' topic-manager-replica-group='TM'
            publish-replica-group='P'/></node>
          """
              .formatted(id % 2 + 1, id, Implementation.FIRN.iceBox()));
    }
    content.append("</application></icegrid>");
    AdminTool.Result added =
        lab.admin(Implementation.FIRN)
            .execute(
                grid.locator(),
                "application add -n " + lab.write("storms.xml", content.toString()));
    assertThat(added.exit()).as(added.all()).isZero();
  }

  /** The tool finds the registry by multicast, too. */
  private AdminTool.Result storm(String commands) {
    ChildProcess tool =
        lab.process(
            "storm-admin",
            List.of(
                Implementation.FIRN.stormAdmin(),
                "--Ice.Plugin.IceLocatorDiscovery=IceLocatorDiscovery:createIceLocatorDiscovery",
                "--IceLocatorDiscovery.Interface=127.0.0.1",
                "--IceLocatorDiscovery.Port=" + port,
                "--IceStormAdmin.TopicManager.Default=HA/TopicManager",
                "-e",
                commands));
    int exit = tool.awaitExit(Await.LIMIT);
    return new AdminTool.Result(exit, tool.out(), tool.err());
  }
}
