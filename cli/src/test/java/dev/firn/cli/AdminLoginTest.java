package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways to a registry and into it. */
@Timeout(120)
class AdminLoginTest {

  @TempDir Path directory;

  private static ReferenceRegistry.Outcome admin(String input, String... arguments) {
    return ReferenceRegistry.firnAdmin(input, List.of(arguments));
  }

  @Test
  void withoutAnyHintThereIsNoRegistry() {
    var outcome =
        admin(
            "",
            "--IceGridAdmin.Discovery.Interface=127.0.0.1",
            "--IceGridAdmin.Discovery.Port=15999",
            "--IceGridAdmin.Discovery.Timeout=10",
            "-e",
            "exit");
    assertThat(outcome.status()).isOne();
    assertThat(outcome.err())
        .isEqualTo(
            """
            icegridadmin: could not contact the registry:
            no default locator or router configured
            """);
  }

  @Test
  void anUnreachableLocatorIsNamedWithTheException() throws Exception {
    int port = ReferenceRegistry.freePort();
    var outcome =
        admin("", "--Ice.Default.Locator=G/Locator:tcp -h 127.0.0.1 -p " + port, "-e", "exit");
    assertThat(outcome.status()).isOne();
    assertThat(outcome.err())
        .startsWith(
            "icegridadmin: could not contact the default locator:\n"
                + "::Ice::ConnectionRefusedException:");
  }

  /** The reference crashes with an instance name. */
  @Test
  void aHostWithoutARegistryIsNamedWithTheException() throws Exception {
    String port = Integer.toString(ReferenceRegistry.freePort());
    List<String> arguments = new ArrayList<>(List.of("-H", "127.0.0.1", "-P", port, "-e", "exit"));
    for (int i = 0; i < 2; i++) {
      var outcome = ReferenceRegistry.firnAdmin("", arguments);
      assertThat(outcome.status()).isOne();
      assertThat(outcome.err())
          .startsWith(
              "icegridadmin: could not contact the registry running on `127.0.0.1':\n"
                  + "::Ice::ConnectionRefusedException:");
      arguments.addAll(List.of("-i", "Grid"));
    }
  }

  @Test
  void aHostIsAskedForItsLocator() throws Exception {
    try (var registry = ReferenceRegistry.start(directory, "Grid")) {
      String port = Integer.toString(registry.port());
      String[] login = {"-H", "127.0.0.1", "-P", port, "-u", "a", "-p", "b", "-e", "registry list"};
      assertThat(admin("", login).out()).isEqualTo("Master\n");
      var named = new ArrayList<>(List.of(login));
      named.addAll(List.of("-i", "Grid"));
      assertThat(ReferenceRegistry.firnAdmin("", named).status()).isZero();
      named.set(named.size() - 1, "Other");
      assertThat(ReferenceRegistry.firnAdmin("", named))
          .isEqualTo(
              new ReferenceRegistry.Outcome(
                  1,
                  "",
                  """
                  icegridadmin: registry running on `127.0.0.1' uses a different instance name:
                  Grid
                  """));
    }
  }

  @Test
  void discoveryFindsOneAndAsksAboutMany() throws Exception {
    int port = ReferenceRegistry.freePort();
    String[] discovery = {
      "--IceGrid.Registry.Discovery.Enabled=1",
      "--IceGrid.Registry.Discovery.Interface=127.0.0.1",
      "--IceGrid.Registry.Discovery.Port=" + port
    };
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--IceGridAdmin.Discovery.Interface=127.0.0.1",
                "--IceGridAdmin.Discovery.Port=" + port,
                "-u",
                "a",
                "-p",
                "b",
                "-e",
                "object list '*/Locator'"));
    try (var first = ReferenceRegistry.start(directory.resolve("a"), "GridA", discovery)) {
      var one = ReferenceRegistry.firnAdmin("", arguments);
      assertThat(one.status()).as(one.err()).isZero();
      assertThat(one.out())
          .startsWith("using discovered locator:\nproxy = `GridA/Locator ")
          .contains(" -p " + first.port())
          .endsWith("\nGridA/Locator\n");
      try (var second = ReferenceRegistry.start(directory.resolve("b"), "GridB", discovery)) {
        var many = ReferenceRegistry.firnAdmin("x\n3\n0\n2\n", arguments);
        assertThat(many.out())
            .startsWith("found 2 Ice locators:\n1: proxy = `Grid")
            .contains("please enter the locator number to use: ".repeat(4))
            .contains(" -p " + second.port());
        assertThat(many.status()).isZero();
        var none = ReferenceRegistry.firnAdmin("", arguments);
        assertThat(none.status()).isOne();
        arguments.addAll(List.of("-i", "GridB"));
        assertThat(ReferenceRegistry.firnAdmin("", arguments).out()).endsWith("\nGridB/Locator\n");
      }
    }
  }

  @Test
  void loginIsPromptedForAndMayBeRefused() throws Exception {
    try (var registry =
        ReferenceRegistry.start(
            directory, "Grid", "--IceGrid.Registry.AdminPermissionsVerifier=")) {
      String locator = "--Ice.Default.Locator=" + registry.locator();
      var refused = admin("\n  joe \nsecret\n", locator, "-e", "exit");
      var theirs =
          ReferenceRegistry.icegridadmin(
              directory, "\n  joe \nsecret\n", List.of(locator, "-e", "exit"));
      assertThat(refused).isEqualTo(theirs);
      assertThat(refused.out())
          .startsWith("user id: user id: password: \npermission denied:\nno admin permissions");
      assertThat(admin("joe\n", locator))
          .isEqualTo(new ReferenceRegistry.Outcome(1, "user id: password: ", ""));
    }
  }

  @Test
  void aSlaveTakesOverWithAWarningWhenTheMasterIsGone() throws Exception {
    try (var master = ReferenceRegistry.start(directory.resolve("m"), "Grid");
        var slave =
            ReferenceRegistry.start(
                directory.resolve("s"),
                "Grid",
                "--IceGrid.Registry.ReplicaName=Replica1",
                "--Ice.Default.Locator=" + master.locator())) {
      String[] list = {
        "--Ice.Default.Locator=" + slave.locator(), "-u", "a", "-p", "b", "-e", "registry list"
      };
      while (!admin("", list).out().equals("Replica1\nMaster\n")) {
        Thread.onSpinWait();
      }
      master.kill();
      var fallback = admin("", list);
      assertThat(fallback.out()).isEqualTo("Replica1\n");
      assertThat(fallback.err())
          .isEqualTo("icegridadmin: warning: could not contact master, using slave `Replica1'\n");
      assertThat(fallback.status()).isZero();
    }
  }

  @Test
  void aGlacierRouterIsAWayIn() throws Exception {
    ReferenceRegistry.require("glacier2router");
    try (var registry =
        ReferenceRegistry.start(
            directory,
            "Grid",
            "--IceGrid.Registry.AdminSessionManager.Endpoints=tcp -h 127.0.0.1")) {
      int port = ReferenceRegistry.freePort();
      Process router =
          ReferenceRegistry.launch(
              directory,
              List.of(
                  "glacier2router",
                  "--Ice.Default.Locator=" + registry.locator(),
                  "--Glacier2.InstanceName=Gate",
                  "--Glacier2.Client.Endpoints=tcp -h 127.0.0.1 -p " + port,
                  "--Glacier2.Server.Endpoints=tcp -h 127.0.0.1",
                  "--Glacier2.PermissionsVerifier=Gate/NullPermissionsVerifier",
                  "--Glacier2.SessionManager=Grid/AdminSessionManager"),
              port);
      try {
        String option = "--Ice.Default.Router=Gate/router:tcp -h 127.0.0.1 -p " + port;
        String[] list = {option, "-u", "a", "-p", "b", "-e", "registry list; registry ping Master"};
        assertThat(admin("", list))
            .isEqualTo(new ReferenceRegistry.Outcome(0, "Master\nregistry is up\n", ""));
      } finally {
        router.destroyForcibly().waitFor();
      }
    }
  }
}
