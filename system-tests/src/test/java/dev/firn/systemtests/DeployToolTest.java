package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Both icegridadmins at the same registries and nodes: each does what it should, and what one
 * prints the other prints too.
 */
@EachGrid
class DeployToolTest {
  private Lab lab;
  private GridMix mix;
  private Grid grid;

  @Initializer
  void start(Lab lab, GridMix mix) {
    this.lab = lab;
    this.mix = mix;
    grid = Grid.of(lab, mix, "node");
    Path templates =
        lab.write(
            "templates.xml",
            """
            <icegrid>
              <application name="Templates">
                <server-template id="Default">
                  <parameter name="id" default="default"/>
                  <server id="${id}" exe="/bin/true"/>
                </server-template>
                <properties id="Defaults"><property name="A" value="1"/></properties>
                <node name="ignored"/>
              </application>
            </icegrid>
            """);
    grid.master().with("IceGrid.Registry.DefaultTemplates", templates.toString());
    grid.node("node").with("IceGrid.Node.Output", lab.subdirectory("output").toString());
    grid.start();
  }

  @AfterEach
  void removeAll() {
    grid.removeAll();
  }

  static String rich() {
    try (InputStream in = DeployToolTest.class.getResourceAsStream("rich.xml")) {
      if (in == null) {
        throw new AssertionError("rich.xml is not there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("USER", System.getProperty("user.name"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private AdminTool.Result run(Implementation tool, String... commands) {
    return lab.admin(tool).execute(grid.locator(), commands);
  }

  /** The command's output, for each tool the same. */
  private AdminTool.Result same(String command) {
    return same(command, Function.identity());
  }

  /** What the reference's tool misprints, as it should be. */
  private static AdminTool.Result corrected(AdminTool.Result result) {
    return new AdminTool.Result(
        result.exit(),
        result
            .out()
            .replace("udpated", "updated")
            .replace("`<unknown load balancing policy>\n", "`ordered'\n")
            .replaceAll("(?m)(load balancing = `[a-z-]+)$", "$1'")
            .replaceAll("(?m)''$", "'"),
        result.err().replaceAll("error: src/\\w+/\\w+\\.cpp:\\d+: ", "error: "));
  }

  private AdminTool.Result same(String command, Function<String, String> view) {
    Map<Implementation, AdminTool.Result> results = new TreeMap<>();
    Implementation.tested().forEach(tool -> results.put(tool, corrected(run(tool, command))));
    AdminTool.Result first = results.values().iterator().next();
    for (Map.Entry<Implementation, AdminTool.Result> entry : results.entrySet()) {
      AdminTool.Result result = entry.getValue();
      assertThat(view.apply(result.out()))
          .as("%s with %s's tool", command, entry.getKey())
          .isEqualTo(view.apply(first.out()));
      assertThat(view.apply(result.err()))
          .as("%s with %s's tool", command, entry.getKey())
          .isEqualTo(view.apply(first.err()));
      assertThat(result.exit())
          .as("%s with %s's tool", command, entry.getKey())
          .isEqualTo(first.exit());
    }
    return first;
  }

  private String out(String command) {
    AdminTool.Result result = same(command);
    assertThat(result.err()).as(command).isEmpty();
    assertThat(result.exit()).as(command).isZero();
    return result.out();
  }

  private void succeeding(Implementation tool, String command) {
    AdminTool.Result result = run(tool, command);
    assertThat(result.all()).as("%s with %s's tool", command, tool).isEmpty();
    assertThat(result.exit()).isZero();
  }

  private void failing(String command, String text) {
    AdminTool.Result result = same(command);
    assertThat(result.err()).as(command).contains(text);
    assertThat(result.exit()).as(command).isEqualTo(1);
  }

  @Test
  void whatIsDeployedFromXmlIsDescribedAlike() {
    Path file = lab.write("rich.xml", rich());
    List<Json> descriptors = new ArrayList<>();
    for (Implementation tool : Implementation.tested().toList()) {
      succeeding(tool, "application add --no-patch \"" + file + "\"");
      descriptors.add(grid.admin().call("getApplicationInfo", "Rich").get("descriptor"));
      if (descriptors.size() < Implementation.tested().count()) {
        succeeding(tool, "application remove Rich");
      }
    }
    assertThat(descriptors).containsOnly(descriptors.get(0));
    assertThat(out("application list")).isEqualTo("Rich\n");
    assertThat(out("server list").lines())
        .containsExactly("box", "plain", "templated-1", "templated-2");
    assertThat(out("adapter list").lines())
        .contains("Adaptive", "Ordered", "SecondId", "box.A.Own", "box.B.B", "plain.First");
    for (String command :
        List.of(
            "application describe Rich",
            "server describe plain",
            "server describe box",
            "server describe templated-1",
            "server template describe Rich Template",
            "service template describe Rich Service",
            "service list box",
            "service describe box A",
            "service describe box B",
            "node list",
            "adapter endpoints Ordered",
            "adapter endpoints plain.First",
            "application diff \"" + file + "\"",
            "application diff --servers \"" + file + "\"",
            "object list *")) {
      assertThat(out(command)).as(command).isNotBlank();
    }
    assertThat(out("application describe Rich")).contains("application `Rich'", "`dark blue'");
    failing("server template describe Rich Nix", "no server template with id `Nix'");
    failing("service describe box Nix", "couldn't find service `Nix'");
    failing("service list plain", "server `plain' is not an IceBox server");
  }

  @Test
  void differencesAreShownAndUpdatesMade() {
    String xml = rich();
    Path before = lab.write("before.xml", xml);
    Path after =
        lab.write(
            "after.xml",
            xml.replace("name=\"Simple\" value=\"value\"", "name=\"Simple\" value=\"new value\"")
                .replace("<replica-group id=\"Plain\"/>", "")
                .replace("<variable name=\"empty\"/>", "<variable name=\"empty\" value=\"x\"/>"));
    for (Implementation tool : Implementation.tested().toList()) {
      succeeding(tool, "application add -n \"" + before + "\"");
      assertThat(out("application diff \"" + after + "\"")).contains("Rich", "plain", "Plain");
      assertThat(out("application diff --servers \"" + after + "\"")).contains("plain");
      succeeding(tool, "application update \"" + after + "\"");
      assertThat(grid.revision("Rich")).isEqualTo(2);
      succeeding(tool, "application update --no-restart \"" + before + "\"");
      assertThat(grid.revision("Rich")).isEqualTo(3);
      succeeding(tool, "server remove templated-2");
      assertThat(out("server list").lines()).containsExactly("box", "plain", "templated-1");
      succeeding(tool, "server template instantiate Rich other Template index=3");
      assertThat(out("server list").lines()).contains("templated-3");
      succeeding(tool, "application remove Rich");
      assertThat(out("application list")).isEmpty();
    }
  }

  @Test
  void targetsAndVariablesAreGiven() {
    Path file = lab.write("rich.xml", rich());
    for (Implementation tool : Implementation.tested().toList()) {
      succeeding(tool, "application add -n \"" + file + "\" debug color=green");
      Json variables =
          grid.admin().call("getApplicationInfo", "Rich").get("descriptor").get("variables");
      assertThat(variables.get("level").text()).isEqualTo("9");
      assertThat(variables.get("color").text()).isEqualTo("green");
      grid.remove("Rich");
    }
  }

  @Test
  void defaultTemplatesAreImported() {
    Json defaults = grid.admin().call("getDefaultApplicationDescriptor");
    assertThat(defaults.get("name").text()).isEmpty();
    assertThat(defaults.get("serverTemplates").fields()).containsOnlyKeys("Default");
    assertThat(defaults.get("propertySets").fields()).containsOnlyKeys("Defaults");
    assertThat(defaults.get("nodes").fields()).isEmpty();
    String text =
        "<icegrid><application name=\"app\" import-default-templates=\"%s\"><node name=\"node\">"
            + "<server-instance template=\"Default\" id=\"made\"/></node></application></icegrid>";
    Path without = lab.write("without.xml", text.formatted("false"));
    Path with = lab.write("with.xml", text.formatted("true"));
    for (Implementation tool : Implementation.tested().toList()) {
      assertThat(run(tool, "application add \"" + without + "\"").err()).contains("Default");
      succeeding(tool, "application add -n \"" + with + "\"");
      assertThat(out("server list")).isEqualTo("made\n");
      grid.remove("app");
    }
  }

  @Test
  void theToolParsesForOthers() {
    Path file = lab.write("parsed.xml", rich());
    List<Json> parsed = new ArrayList<>();
    for (Implementation tool : Implementation.tested().toList()) {
      ChildProcess server =
          lab.process("parser", List.of(tool.admin(), "--server", "--Ice.Default.Host=127.0.0.1"));
      Await.until("the proxy is printed", () -> server.out().contains("\n"));
      Remote parser =
          grid.client().at("IceGrid.FileParser", server.out().lines().findFirst().orElseThrow());
      parsed.add(parser.call("parse", file.toString(), null));
      IceFailure broken = parser.failure("parse", "/no/such/file.xml", null);
      assertThat(broken.type()).isEqualTo("IceGrid.ParseException");
      assertThat(broken.reason()).contains("/no/such/file.xml");
      server.signal("INT");
      assertThat(server.awaitExit(Await.LIMIT)).isZero();
    }
    assertThat(parsed).containsOnly(parsed.get(0));
    assertThat(parsed.get(0).get("name").text()).isEqualTo("Rich");
  }

  @Test
  void serversAreStartedStoppedAndAsked() {
    grid.add(
        GridApplication.of(
            "app",
            GridServer.python("one")
                .with("A", "value")
                .log(lab.write("one.log", "a\nb\n").toString()),
            GridServer.python("broken").set("exe", "/no/such/program")));
    for (Implementation tool : Implementation.tested().toList()) {
      assertThat(out("server state one")).isEqualTo("inactive (enabled)\n");
      failing("server pid one", "server is not running");
      succeeding(tool, "server start one");
      String pid = Long.toString(grid.pid("one"));
      assertThat(out("server state one")).isEqualTo("active (pid = " + pid + ", enabled)\n");
      assertThat(out("server pid one")).isEqualTo(pid + "\n");
      assertThat(out("server property one A")).isEqualTo("value\n");
      assertThat(out("server properties one")).contains("A=value\n", "Ice.ProgramName=one\n");
      assertThat(out("adapter endpoints one.Server")).contains("tcp -h 127.0.0.1 -p ");
      assertThat(out("server show one " + lab.directory().resolve("one.log"))).contains("\na\nb\n");
      assertThat(out("server show --tail 1 one " + lab.directory().resolve("one.log")))
          .contains("\nb\n")
          .doesNotContain("\na\n");
      succeeding(tool, "server stdout one \"a message\"");
      assertThat(out("server show one stdout")).contains("a message");
      succeeding(tool, "server disable one");
      assertThat(out("server state one")).isEqualTo("active (pid = " + pid + ", disabled)\n");
      succeeding(tool, "server enable one");
      failing("server start one", "The server is already active.");
      failing("server signal one SIGNOT", "unknown signal `SIGNOT'");
      succeeding(tool, "server signal one SIGTERM");
      grid.awaitState("one", "Inactive");
      succeeding(tool, "server start one");
      succeeding(tool, "server stop one");
      failing("server stop one", "The server is already inactive.");
      assertThat(out("adapter endpoints one.Server")).isEqualTo("<inactive>\n");
      failing("server properties one", "couldn't reach the server's Admin object");
    }
    failing("server start broken", "/no/such/program");
    failing("server state nix", "couldn't find server `nix'");
    failing("adapter endpoints nix", "couldn't find adapter `nix'");
    failing("application describe nix", "couldn't find application `nix'");
    failing("application remove nix", "couldn't find application `nix'");
    failing("application add /no/such/file.xml", "/no/such/file.xml");
  }

  @Test
  void aServerThatKeepsFailingIsShownWithItsBackOff() {
    assumeTrue(mix.node() == Implementation.FIRN, "the reference's nodes disable such servers");
    grid.add(GridApplication.of("app", GridServer.shell("failing", "exit 3").activation("always")));
    Await.asserted(
        () -> {
          String[] lines = run(Implementation.FIRN, "server state failing").out().split("\n");
          assertThat(lines).hasSize(3);
          assertThat(lines[0]).isEqualTo("inactive (enabled)");
          assertThat(lines[1]).startsWith("failures in a row: ").contains("3");
          assertThat(lines[2]).startsWith("starts again in ");
        });
  }

  @Test
  void nodesAndRegistriesAreDescribed() {
    assertThat(out("node list")).isEqualTo("node\n");
    assertThat(out("node ping node")).isEqualTo("node is up\n");
    // Numbers that change between two calls.
    Function<String, String> shape = text -> text.replaceAll("[0-9.e-]+", "N");
    assertThat(same("node load node", shape).out()).startsWith("load average (1/5/15): ");
    assertThat(out("node sockets node")).matches("[0-9]+\\n");
    assertThat(same("node sockets").exit()).isZero();
    assertThat(out("node describe node")).contains("node `node'");
    assertThat(out("registry list")).isEqualTo("Master\n");
    assertThat(out("registry ping Master")).isEqualTo("registry is up\n");
    assertThat(out("registry describe Master")).contains("Master");
    failing("node describe nix", "couldn't find node `nix'");
    failing("node ping nix", "couldn't find node `nix'");
    failing("registry describe nix", "couldn't find registry `nix'");
    // A log that has grown between two calls has lost its first line, too.
    Await.asserted(() -> assertThat(same("node show node log", shape).out()).contains("node"));
  }

  @Test
  void servicesAreStoppedAndStarted() {
    grid.add(
        GridApplication.of(
            "app", GridServer.iceBox("box").storm("Storm", Map.of("Test", "value"))));
    grid.start("box");
    for (Implementation tool : Implementation.tested().toList()) {
      assertThat(out("service list box")).isEqualTo("Storm\n");
      assertThat(out("service property box Storm Storm.Test")).isEqualTo("value\n");
      assertThat(out("service properties box Storm")).contains("Storm.Test=value\n");
      failing("service start box Storm", "the service `Storm' is already started");
      succeeding(tool, "service stop box Storm");
      failing("service stop box Storm", "the service `Storm' is already stopped");
      succeeding(tool, "service start box Storm");
      failing("service start box Nix", "couldn't find service `Nix'");
    }
  }

  @Test
  void aNodeIsShutDown() {
    for (Implementation tool : Implementation.tested().toList()) {
      succeeding(tool, "node shutdown node");
      assertThat(grid.node("node").awaitExit()).isZero();
      Await.until("the node is down", () -> !grid.isUp(grid.master(), "node"));
      failing("node ping node", "couldn't find node `node'");
      grid.node("node").start();
    }
  }
}
