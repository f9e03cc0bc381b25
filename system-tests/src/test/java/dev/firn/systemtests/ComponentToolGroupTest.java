package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code firn component} with a group that has state: moving the role, fencing, watching. */
@FirnOnly
class ComponentToolGroupTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int FAILED = 1;
  private static final int NOT_SYNCHRONIZED = 5;

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final ComponentGroup.Instance one = group.member(1);
  private final ComponentGroup.Instance two = group.member(2);

  @BeforeEach
  void start() {
    group.startLocator();
    group.startReplicator();
    one.start();
    two.start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 1, 10);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private ChildProcess begin(String... arguments) {
    List<String> command = new ArrayList<>(List.of("component", "--locator", group.locatorProxy()));
    // The tool finds the management object where the instances do.
    command.add(group.locatorProxies().get(1));
    command.addAll(List.of(arguments));
    return lab.firn(command.toArray(new String[0]));
  }

  private void assertTool(int status, String... arguments) {
    ChildProcess tool = begin(arguments);
    assertThat(tool.awaitExit(LIMIT)).as(tool.err() + tool.out()).isEqualTo(status);
  }

  @Test
  void theRoleMovesWithoutLossAndBack() {
    assertTool(0, "-g", "counter", "switchover", "--to", "counter-2");
    two.count(client, 11, 20);
    assertThat(one.state(client)).isEqualTo("Standby");
    assertTool(0, "-g", "counter", "switchover");
    one.count(client, 21, 30);

    // To one that cannot take it the role does not move.
    two.process().kill();
    assertTool(FAILED, "-g", "counter", "switchover", "--to", "counter-2");
    one.awaitState(client, "Active");
    one.count(client, 31, 40);
  }

  @Test
  void whoIsFencedCanNeverPublishAgain() {
    assertTool(0, "-g", "counter", "fence", "counter-1");
    one.awaitState(client, "Standby");
    assertThat(one.counter(client).failure("increment").type()).contains("ConnectionRefused");
    ChildProcess again = begin("-g", "counter", "fence", "counter-1");
    assertThat(again.awaitExit(LIMIT)).isZero();
    assertThat(again.out()).contains("counter-1 is fenced already");
    assertTool(FAILED, "-g", "counter", "list");

    assertTool(0, "-n", "counter-2", "promote");
    two.count(client, 11, 20);
    assertThat(two.status(client).get("epoch").number()).isGreaterThan(2);
    assertTool(0, "-g", "counter", "list");
  }

  @Test
  void aFencedOneThatHungIsFencedWhenItComesBack() {
    one.process().pause();
    assertTool(0, "-g", "counter", "fence");
    one.process().signal("CONT");
    one.awaitState(client, "Standby");
    two.activate(client);
    two.count(client, 11, 12);
  }

  @Test
  void whoLacksUpdatesSaysSo() {
    two.awaitInStepWith(one, client);
    group.replicator().kill();
    Await.until(
        "unprotected",
        () -> one.status(client).get("lastError").text().startsWith("unprotected: "));
    ChildProcess list = begin("-g", "counter", "list");
    assertThat(list.awaitExit(LIMIT)).as(list.err()).isZero();
    assertThat(list.out()).containsPattern("counter-1 +active .* unprotected\n");
    one.process().kill();
    two.awaitState(client, "Syncing");
    assertTool(NOT_SYNCHRONIZED, "-n", "counter-2", "promote");
    assertTool(0, "-n", "counter-2", "promote", "--accept-loss");
    two.count(client, 11, 12);
  }

  @Test
  void eachChangeIsALine() {
    ChildProcess watch = begin("-g", "counter", "watch");
    Await.until("both are shown", () -> watch.out().lines().count() >= 2);
    assertThat(watch.out())
        .containsPattern("counter-1 +active")
        .containsPattern("counter-2 +standby");
    one.replica(client).call("standby");
    two.activate(client);
    Await.until(
        "the changes are shown",
        () -> watch.out().matches("(?s).*counter-1 +standby.*counter-2 +active.*"));
    one.process().kill();
    Await.until("the death is shown", () -> watch.out().matches("(?s).*counter-1 +unreachable.*"));
    watch.signal("TERM");
    watch.awaitExit(LIMIT);
  }
}
