package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Running servers learn of changed properties, and are stopped only where that was allowed. */
@EachGrid
class NodeUpdateTest {
  private Grid grid;
  private GridMix mix;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.mix = mix;
    grid = Grid.of(lab, mix, 1, "node", "second").start();
  }

  @AfterEach
  void restore() {
    grid.restore();
  }

  private static GridApplication app(GridServer... servers) {
    return GridApplication.of("app", servers);
  }

  private IceFailure refusal(GridApplication application) {
    IceFailure failure = grid.admin().failure("syncApplicationWithoutRestart", application.value());
    assertThat(failure.type()).isEqualTo("IceGrid.DeploymentException");
    return failure;
  }

  @Test
  void propertiesReachARunningServer() throws IOException {

    GridServer before = GridServer.python("one").with("A", "1").with("B", "stays").with("C", "x");
    grid.add(app(before));
    String pid = grid.ask("one", "pid");
    grid.syncWithoutRestart(
        app(GridServer.python("one").with("A", "2").with("B", "stays").with("D", "new")));
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    assertThat(grid.ask("one", "property A")).isEqualTo("2");
    assertThat(grid.ask("one", "property B")).isEqualTo("stays");
    assertThat(grid.ask("one", "property C")).isEmpty();
    assertThat(grid.ask("one", "property D")).isEqualTo("new");
    assertThat(grid.revision("app")).isEqualTo(2);
    grid.stop("one");
    assertThat(grid.ask("one", "property A")).isEqualTo("2");
    assertThat(grid.ask("one", "property C")).isEmpty();
    assertThat(Files.readString(grid.node("node").configuration("one", "config")))
        .contains("\nA=2\n", "\nD=new\n")
        .doesNotContain("\nC=");
  }

  @Test
  void propertiesReachAServerInJava() {
    grid.add(app(GridServer.java("java").with("A", "1")));
    String pid = grid.ask("java", "pid");
    grid.syncWithoutRestart(app(GridServer.java("java").with("A", "2")));
    assertThat(grid.ask("java", "pid")).isEqualTo(pid);
    assertThat(grid.ask("java", "property A")).isEqualTo("2");
  }

  @Test
  void valuesArriveAsTheyWereWritten() {
    assumeTrue(mix.node() == Implementation.FIRN, "the reference's nodes send them escaped");
    grid.add(app(GridServer.python("one").with("A", "1")));
    String pid = grid.ask("one", "pid");
    String value = " a # b = \\c ";
    grid.syncWithoutRestart(app(GridServer.python("one").with("A", value)));
    assertThat(grid.ask("one", "property A")).isEqualTo(value);
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    grid.stop("one");
    assertThat(grid.ask("one", "property A")).isEqualTo(value);
  }

  private static GridServer storms(String first, String second) {
    return GridServer.iceBox("box")
        .with("IceBox.UseSharedCommunicator.Shared", "1")
        .storm("Own", Map.of("Test", first))
        .storm("Shared", Map.of("Test", second));
  }

  private String serviceProperty(String facet, String property) {
    return grid.client()
        .at("Ice.PropertiesAdmin", grid.admin().call("getServerAdmin", "box"))
        .changed("ice_facet", facet)
        .call("getProperty", property)
        .text();
  }

  @Test
  void propertiesReachTheServicesOfAnIceBox() throws IOException {
    grid.add(app(storms("1", "one")));
    grid.start("box");
    long pid = grid.pid("box");
    String own = "IceBox.Service.Own.Properties";
    String shared = "IceBox.SharedCommunicator.Properties";
    assertThat(serviceProperty(own, "Own.Test")).isEqualTo("1");
    assertThat(serviceProperty(shared, "Shared.Test")).isEqualTo("one");
    grid.syncWithoutRestart(app(storms("2", "two")));
    assertThat(grid.pid("box")).isEqualTo(pid);
    assertThat(serviceProperty(own, "Own.Test")).isEqualTo("2");
    assertThat(serviceProperty(shared, "Shared.Test")).isEqualTo("two");
    grid.stop("box");
    grid.start("box");
    assertThat(serviceProperty(own, "Own.Test")).isEqualTo("2");
    assertThat(serviceProperty(shared, "Shared.Test")).isEqualTo("two");
    assertThat(Files.readString(grid.node("node").configuration("box", "config_Own")))
        .contains("\nOwn.Test=2\n");
  }

  @Test
  void otherServersComeAndGoWithoutRestart() {
    grid.add(app(GridServer.python("one"), GridServer.python("two")));
    String one = grid.ask("one", "pid");
    grid.syncWithoutRestart(
        app(GridServer.python("one"), GridServer.python("two"), GridServer.python("three")));
    assertThat(grid.ask("three", "id")).isEqualTo("three");
    assertThat(grid.ask("one", "pid")).isEqualTo(one);
    String three = grid.ask("three", "pid");
    grid.syncWithoutRestart(app(GridServer.python("one"), GridServer.python("three")));
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("one", "three");
    assertThat(grid.ask("one", "pid")).isEqualTo(one);
    assertThat(grid.ask("three", "pid")).isEqualTo(three);
  }

  @Test
  void whatNeedsARestartIsRefused() {
    grid.add(app(GridServer.python("one"), GridServer.python("two")));
    String pid = grid.ask("one", "pid");
    for (GridServer changed :
        List.of(
            GridServer.python("one").option("--other"),
            GridServer.python("one").env("A=B"),
            GridServer.python("one").activation("always"),
            GridServer.python("one").timeouts(7, 7),
            GridServer.python("one").set("pwd", "/"),
            GridServer.python("one").adapter("More"),
            GridServer.python("one").log("/tmp/a.log"))) {
      assertThat(refusal(app(changed, GridServer.python("two"))).reason())
          .contains("check for application `app' update failed:")
          .contains("the server `one' would need to be stopped");
    }
    assertThat(refusal(app(GridServer.python("two"))).reason())
        .contains("the server `one' would need to be stopped");
    assertThat(
            refusal(app(GridServer.python("two").option("--other"), GridServer.python("three")))
                .reason())
        .containsPattern("the servers `(one, two|two, one)' would need to be stopped");
    assertThat(grid.revision("app")).isEqualTo(1);
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    assertThat(grid.admin().call("getAllServerIds").texts()).containsExactly("one", "two");
    // Nobody is asked to move house either.
    assertThat(
            refusal(
                    new GridApplication("app")
                        .server("second", GridServer.python("one"))
                        .server("node", GridServer.python("two")))
                .reason())
        .contains("would need to be stopped");
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
  }

  @Test
  void aRestartThatIsAllowedHappensOnlyWhereItMust() {
    grid.add(
        app(
            GridServer.python("same"),
            GridServer.python("changed"),
            GridServer.python("always").activation("always")));
    String same = grid.ask("same", "pid");
    String changed = grid.ask("changed", "pid");
    grid.awaitState("always", "Active");
    long always = grid.pid("always");
    grid.sync(
        app(
            GridServer.python("same"),
            GridServer.python("changed").option("--other"),
            GridServer.python("always").activation("always").with("A", "1")));
    assertThat(grid.ask("same", "pid")).isEqualTo(same);
    assertThat(grid.state("changed")).isEqualTo("Inactive");
    assertThat(grid.ask("changed", "args")).startsWith("--other");
    assertThat(grid.ask("changed", "pid")).isNotEqualTo(changed);
    Await.until(
        "the server is back",
        () -> grid.state("always").equals("Active") && grid.pid("always") != always);
    assertThat(grid.ask("always", "property A")).isEqualTo("1");
  }

  @Test
  void aServerMovesToAnotherNode() {
    grid.add(app(GridServer.python("one")));
    long pid = Long.parseLong(grid.ask("one", "pid"));
    grid.sync(new GridApplication("app").server("second", GridServer.python("one")));
    assertThat(grid.admin().call("getServerInfo", "one").get("node").text()).isEqualTo("second");
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(grid.node("node").servers().resolve("one")).doesNotExist();
    assertThat(grid.ask("one", "id")).isEqualTo("one");
    assertThat(grid.node("second").configuration("one", "config")).exists();
  }

  @Test
  void aNodeThatIsDownIsNoReasonUnlessNothingMayRestart() {
    grid.add(
        new GridApplication("app")
            .server("node", GridServer.python("one"))
            .server("second", GridServer.python("two")));
    grid.node("second").terminate();
    Await.until("the node is down", () -> !grid.isUp(grid.master(), "second"));
    GridApplication changed =
        new GridApplication("app")
            .server("node", GridServer.python("one"))
            .server("second", GridServer.python("two").with("A", "1"));
    assertThat(refusal(changed).reason()).contains("the node `second' is down");
    assertThat(grid.revision("app")).isEqualTo(1);
    grid.sync(changed);
    assertThat(grid.revision("app")).isEqualTo(2);
    grid.node("second").start();
    grid.awaitNode("second");
    assertThat(grid.ask("two", "property A")).isEqualTo("1");
  }

  @Test
  void aMasterRestartAfterAnUpdateLeavesTheServerAsItIs() {
    grid.add(app(GridServer.python("one").with("A", "1")));
    String pid = grid.ask("one", "pid");
    grid.syncWithoutRestart(app(GridServer.python("one").with("A", "2")));
    grid.master().kill();
    grid.master().start();
    grid.restoreConnections();
    assertThat(grid.ask("one", "pid")).isEqualTo(pid);
    assertThat(grid.state("one")).isEqualTo("Active");
    assertThat(grid.ask("one", "property A")).isEqualTo("2");
    grid.stop("one");
    assertThat(grid.ask("one", "property A")).isEqualTo("2");
  }
}
