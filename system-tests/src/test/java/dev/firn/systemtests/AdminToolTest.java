package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command-line tools of both implementations, in one session with -e and through a pipe. */
@EachImplementation
class AdminToolTest {
  private Lab lab;
  private RegistryProcess registry;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
  }

  private Stream<AdminTool> tools() {
    return Implementation.tested().map(lab::admin);
  }

  @Test
  void objectsAreAddedDescribedAndRemoved() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result added =
                  tool.execute(
                      registry.locatorProxy(),
                      "object add 'tool/one:tcp -h 127.0.0.1 -p 7' ::Tool",
                      "object add 'tool/two @ Somewhere' ::Tool");
              assertThat(added.exit()).as(added.all()).isZero();
              assertThat(added.all()).isEmpty();
              AdminTool.Result listed =
                  tool.execute(
                      registry.locatorProxy(),
                      "object list tool/*; object find ::Tool; object describe tool/one");
              assertThat(listed.out().lines())
                  .contains(
                      "tool/one", "tool/two", "tool/two -t -e 1.1 @ Somewhere", "type = `::Tool'")
                  .contains("proxy = `tool/one -t -e 1.1:tcp -h 127.0.0.1 -p 7 -t 60000'");
              AdminTool.Result removed =
                  tool.execute(
                      registry.locatorProxy(),
                      "object remove tool/one",
                      "object remove tool/two; object list tool/*");
              assertThat(removed.exit()).isZero();
              assertThat(removed.out()).isBlank();
            });
  }

  @Test
  void mistakesAreToldAndCountedAndDoNotStopTheRest() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result result =
                  tool.execute(
                      registry.locatorProxy(),
                      "object remove nobody; adapter endpoints nowhere; server state none; node"
                          + " ping none",
                      "object remove IceGrid/Query; application describe none; registry ping none",
                      "registry ping Master");
              assertThat(result.exit()).isEqualTo(1);
              assertThat(result.err())
                  .contains("error: couldn't find object `nobody'")
                  .contains("error: couldn't find adapter `nowhere'")
                  .contains("error: couldn't find server `none'")
                  .contains("error: couldn't find node `none'")
                  .contains("::IceGrid::DeploymentException:")
                  .contains("error: couldn't find application `none'")
                  .contains("error: couldn't find registry `none'");
              assertThat(result.out()).contains("registry is up");
            });
  }

  @Test
  void syntaxErrorsNameTheCommand() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result result =
                  tool.execute(
                      registry.locatorProxy(),
                      "frobnicate; object; object frobnicate; object add; exit");
              assertThat(result.exit()).isEqualTo(1);
              assertThat(result.err())
                  .contains("unknown `frobnicate' command (see `help' for more info)")
                  .contains("invalid `object' command (see `object help' for more info)")
                  .contains("unknown `object frobnicate' command (see `object help' for more info)")
                  .contains("`object add' requires one or two arguments");
            });
  }

  @Test
  void adaptersAreListedWithTheirEndpoints() {
    IceClient client = lab.client();
    Remote adapters = client.locatorRegistry(registry);
    adapters.call(
        "setReplicatedAdapterDirectProxy",
        "ToolA",
        "ToolG",
        proxyOf("dummy:tcp -h 127.0.0.1 -p 1"));
    adapters.call(
        "setReplicatedAdapterDirectProxy",
        "ToolB",
        "ToolG",
        proxyOf("dummy:tcp -h 127.0.0.1 -p 2"));
    tools()
        .forEach(
            tool -> {
              AdminTool.Result result =
                  tool.execute(
                      registry.locatorProxy(),
                      "adapter list; adapter endpoints ToolA; adapter endpoints ToolG");
              assertThat(result.out().lines())
                  .containsExactly(
                      "ToolA",
                      "ToolB",
                      "ToolG",
                      "dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1 -t 60000",
                      "ToolA: dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1 -t 60000",
                      "ToolB: dummy -t -e 1.1:tcp -h 127.0.0.1 -p 2 -t 60000");
            });
    adapters.call("setAdapterDirectProxy", "ToolA", null);
    adapters.call("setAdapterDirectProxy", "ToolB", null);
  }

  @Test
  void theRegistryIsDescribed() {
    String host = lab.succeeding("/usr/bin/uname", "-n").trim();
    tools()
        .forEach(
            tool -> {
              AdminTool.Result result =
                  tool.execute(registry.locatorProxy(), "registry list; registry describe Master");
              assertThat(result.out())
                  .isEqualTo("Master\nregistry `Master'\n{\n    host name = `" + host + "'\n}\n");
            });
  }

  @Test
  void aSessionThroughAPipeShowsPromptsAndResults() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result result =
                  tool.interactive(
                      registry.locatorProxy(),
                      "registry list",
                      "object add 'piped:tcp -h 127.0.0.1 -p 1' ::Piped",
                      "object list \\",
                      "piped",
                      "// a comment",
                      "object remove piped; registry ping Master",
                      "exit");
              assertThat(result.exit()).as(result.all()).isZero();
              assertThat(result.out())
                  .contains(">>> Master\n")
                  .contains("(cont) piped\n")
                  .contains("registry is up");
            });
  }

  @Test
  void theToolKnowsWhereTheRegistryIsByHostAndPort() {
    tools()
        .forEach(
            tool -> {
              String port = Integer.toString(registry.clientPort());
              AdminTool.Result result =
                  tool.bare(
                      "--host",
                      "127.0.0.1",
                      "--port",
                      port,
                      "-u",
                      "a",
                      "-p",
                      "b",
                      "-e",
                      "registry list");
              assertThat(result.exit()).as(result.all()).isZero();
              assertThat(result.out()).isEqualTo("Master\n");
            });
  }

  @Test
  void anAbsentRegistryAndReplicaAreTold() {
    int nobody = Ports.free();
    tools()
        .forEach(
            tool -> {
              AdminTool.Result absent =
                  tool.execute("IceGrid/Locator:tcp -h 127.0.0.1 -p " + nobody, "registry list");
              assertThat(absent.exit()).isEqualTo(1);
              assertThat(absent.err())
                  .contains("could not contact the default locator")
                  .contains("ConnectionRefusedException");
              AdminTool.Result replica =
                  tool.bare(
                      "--Ice.Default.Locator=" + registry.locatorProxy(),
                      "-u",
                      "a",
                      "-p",
                      "b",
                      "--replica",
                      "Other",
                      "-e",
                      "registry list");
              assertThat(replica.exit()).isEqualTo(1);
              assertThat(replica.err()).contains("no active registry replica named `Other'");
            });
  }

  @Test
  void theRegistrysLogAndFilesAreShown() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result log =
                  tool.execute(registry.locatorProxy(), "registry show --tail 5 Master log");
              assertThat(log.exit()).as(log.all()).isZero();
              assertThat(log.out())
                  .startsWith("registry `Master' log: \n")
                  .contains("admin session `tester' created");
              AdminTool.Result file =
                  tool.execute(registry.locatorProxy(), "registry show Master stdout");
              assertThat(file.exit()).isEqualTo(1);
              assertThat(file.err())
                  .contains("error: couldn't access file:")
                  .contains("Ice.StdOut");
            });
  }

  @Test
  void whatIsTypedAheadOnATerminalIsNotLost() {
    tools()
        .forEach(
            tool -> {
              AdminTool.Result typed =
                  tool.onTerminal(
                      registry.locatorProxy(),
                      "tester",
                      "secret",
                      "object add 'typed:tcp -h 127.0.0.1 -p 7' ::Tool",
                      "object describe typed",
                      "object remove typed",
                      "object remove typed",
                      "quit");
              assertThat(typed.exit()).as(typed.all()).isEqualTo(1);
              assertThat(typed.out())
                  .contains("user id: ", "password: ", ">>> ")
                  .contains("proxy = `typed -t -e 1.1:tcp -h 127.0.0.1 -p 7 -t 60000'")
                  .containsOnlyOnce("error: couldn't find object `typed'");
            });
  }

  @Test
  void shutdownEndsTheRegistry() {
    tools()
        .forEach(
            tool -> {
              RegistryProcess ending =
                  lab.registry(registry.implementation(), "Ending").named("Master").start();
              AdminTool.Result result = tool.execute(ending.locatorProxy(), "registry shutdown");
              assertThat(result.exit()).as(result.all()).isZero();
              assertThat(ending.awaitExit()).isZero();
            });
  }
}
