package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry gives the role: nobody else has to decide anything. */
@FirnOnly
class ComponentManagerTest {
  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final RegistryProcess registry = lab.registry(Implementation.FIRN);
  private ComponentGroup.Instance one;
  private ComponentGroup.Instance two;

  @BeforeEach
  void start() {
    group.startLocator();
    group.startReplicator();
    registry.start();
    one = managed(1);
    two = managed(2);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private ComponentGroup.Instance managed(int number) {
    return group
        .member(number)
        .with("Manager", "firn")
        .withGlobal("Ice.Default.Locator", registry.locatorProxy())
        .start();
  }

  private ComponentGroup.Instance active() {
    return Await.present(
        "exactly one is active",
        () -> {
          List<ComponentGroup.Instance> active =
              List.of(one, two).stream()
                  .filter(
                      instance ->
                          instance.process().isAlive()
                              && instance.replica(client).call("isActive").bool())
                  .toList();
          return active.size() == 1
              ? java.util.Optional.of(active.get(0))
              : java.util.Optional.empty();
        });
  }

  private ComponentGroup.Instance other(ComponentGroup.Instance instance) {
    return instance == one ? two : one;
  }

  @Test
  void oneBecomesActiveAndTheOtherWhenItDiesOrStops() {
    ComponentGroup.Instance first = active();
    for (int i = 1; i <= 10; i++) {
      assertThat(first.counter(client).call("increment").number()).isEqualTo(i);
    }
    other(first).awaitState(client, "Standby");
    first.process().kill();
    ComponentGroup.Instance second = active();
    assertThat(second).isNotSameAs(first);
    assertThat(second.counter(client).call("increment").number()).isEqualTo(11);

    first.start();
    first.awaitState(client, "Standby");
    second.process().signal("TERM");
    assertThat(second.process().awaitExit(Await.LIMIT)).isZero();
    assertThat(active()).isSameAs(first);
    assertThat(first.counter(client).call("increment").number()).isEqualTo(12);
  }

  @Test
  void whileTheRegistryIsDownTheActiveOneGoesOn() {
    ComponentGroup.Instance first = active();
    first.counter(client).call("increment");
    long counter = 1;
    for (int restart = 0; restart < 3; restart++) {
      registry.kill();
      for (int i = 0; i < 100; i++) {
        counter++;
        assertThat(first.counter(client).call("increment").number()).isEqualTo(counter);
      }
      registry.start();
      assertThat(active()).isSameAs(first);
      counter++;
      assertThat(first.counter(client).call("increment").number()).isEqualTo(counter);
    }
    assertThat(first.process().out())
        .as("the role did not move")
        .doesNotContain("ACTIVE -> DEACTIVATING");
  }

  @Test
  void aSwitchoverThatCannotAskTheRegistryTouchesNothing() {
    other(active()).awaitState(client, "Standby");
    ChildProcess without = switchover();
    assertThat(without.awaitExit(Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(without.err()).contains("give --Ice.Default.Locator");
    String locator = "--Ice.Default.Locator=" + registry.locatorProxy();
    registry.kill();
    ChildProcess unanswered = switchover(locator);
    assertThat(unanswered.awaitExit(Duration.ofSeconds(1))).isEqualTo(2);
    assertThat(unanswered.err()).contains("no registry says who has the role");
    for (ComponentGroup.Instance instance : List.of(one, two)) {
      assertThat(instance.process().out())
          .as("nobody was told to stand by")
          .doesNotContainPattern("ACTIVE -> DEACTIVATING.*reason=asked-to");
    }
  }

  private ChildProcess switchover(String... properties) {
    List<String> command =
        new ArrayList<>(
            List.of("component", "--locator", group.locatorProxy(), "-g", "counter", "switchover"));
    command.addAll(List.of(properties));
    ChildProcess tool = lab.firn(command.toArray(new String[0]));
    tool.awaitExit(Duration.ofSeconds(90));
    return tool;
  }

  @Test
  void aHungHolderLosesTheRoleAndAnswersNobody() {
    ComponentGroup.Instance first = active();
    ComponentGroup.Instance second = other(first);
    first.counter(client).call("increment");
    second.awaitState(client, "Standby");
    first.process().pause();
    var asked = first.counter(client).begin("value");
    second.awaitState(client, "Active");
    assertThat(second.counter(client).call("increment").number()).isEqualTo(2);
    first.process().signal("CONT");
    first.awaitState(client, "Standby");
    Json answer;
    try {
      answer = PythonClient.await(asked);
    } catch (IceFailure expected) {
      return;
    }
    throw new AssertionError("the old holder answered " + answer);
  }
}
