package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code firn component fence}, in a group without state: the service locator fences. */
@FirnOnly
class ComponentFenceTest {
  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void whoWasActiveStandsByAndTheNextHasAHigherEpoch() {
    group.startLocator();
    ComponentGroup.Instance one = group.instance(1).start();
    ComponentGroup.Instance two = group.instance(2).start();
    one.awaitState(client, "Standby");
    assertThat(one.replica(client).call("activate").bool()).isTrue();
    assertThat(fence("counter-2")).contains("counter-2 is fenced already: counter-1 is active");
    assertThat(one.state(client)).isEqualTo("Active");

    assertThat(fence("counter-1")).contains("epoch 2");
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    assertThat(two.replica(client).call("activate").bool()).isTrue();
    assertThat(two.status(client).get("epoch").number()).isEqualTo(3);
  }

  private String fence(String instance) {
    ChildProcess tool =
        lab.firn(
            "component",
            "--locator",
            group.locatorProxy(),
            "-g",
            "counter",
            "--ServiceLocatorManagementProxy=" + group.managementProxy(),
            "fence",
            instance);
    assertThat(tool.awaitExit(Duration.ofSeconds(60))).as(tool.err()).isZero();
    return tool.out();
  }
}
