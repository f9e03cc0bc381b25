package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The command-line tools show a log as it grows. */
@EachImplementation
class LogFollowTest {
  private Lab lab;
  private RegistryProcess registry;

  @Initializer
  void start(Lab lab, Implementation implementation) {
    this.lab = lab;
    registry = lab.registry(implementation).start();
  }

  private ChildProcess following(AdminTool tool) {
    ChildProcess followed = tool.begin(registry.locatorProxy(), "registry show -f Master log");
    Await.until(
        "what was logged is shown",
        () -> followed.out().contains("admin session `tester' created"));
    return followed;
  }

  @Test
  void whatIsLoggedMeanwhileIsShownUntilTheUserInterrupts() {
    Implementation.tested()
        .forEach(
            implementation -> {
              ChildProcess followed = following(lab.admin(implementation));
              assertThat(followed.out()).startsWith("registry `Master' log: \n");
              // Each tool is shown what was logged before, too.
              String user = "latecomer-" + implementation;
              assertThat(followed.out()).doesNotContain(user);
              lab.client().adminSession(registry, user);
              Await.until(
                  "the new line is shown",
                  () -> followed.out().contains("admin session `" + user + "' created"));
              followed.signal("INT");
              assertThat(followed.awaitExit(Await.LIMIT)).as(followed.err()).isZero();
            });
  }

  /** ZeroC's tool goes on, in silence. */
  @Test
  void whoFollowsIsToldThatTheConnectionIsLost() {
    ChildProcess followed = following(lab.admin(Implementation.FIRN));
    registry.kill();
    assertThat(followed.awaitExit(Await.LIMIT)).isEqualTo(1);
    assertThat(followed.err()).contains("error: ").contains("ConnectionLostException");
  }
}
