package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.component.ComponentMain;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One instance of a component as a process, as cluster managers and clients see it. */
@FirnOnly
class ComponentInstanceTest {
  private static final Duration END_LIMIT = Duration.ofSeconds(90);

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void itStandsByUntilItIsActivatedAndEndsInOrder() {
    group.startLocator();
    ComponentGroup.Instance one = group.instance(1).start();
    one.awaitState(client, "Standby");
    assertThat(one.replica(client).call("isActive").bool()).isFalse();
    assertThat(one.counter(client).failure("value").type()).contains("ConnectionRefused");

    assertThat(one.replica(client).call("activate").bool()).isTrue();
    assertThat(one.counter(client).call("increment").number()).isEqualTo(1);
    assertThat(one.status(client).get("registered").toString()).contains("counter.Counter");

    one.replica(client).call("standby");
    assertThat(one.counter(client).failure("value").type()).contains("ConnectionRefused");
    assertThat(one.status(client).get("registered").toString()).doesNotContain("counter.Counter");
    one.replica(client).call("activate");
    one.process().signal("TERM");
    assertThat(one.process().awaitExit(END_LIMIT)).isZero();
    assertThat(one.process().err() + one.process().out())
        .containsSubsequence(
            "component: STANDBY -> ACTIVATING instance=counter-1 group=counter epoch=",
            "component: ACTIVATING -> ACTIVE instance=counter-1 group=counter epoch=1 ",
            "component: ACTIVE -> DEACTIVATING instance=counter-1",
            "component: ACTIVE -> STOPPING instance=counter-1");
  }

  @Test
  void aLocatorThatComesLaterIsFound() {
    ComponentGroup.Instance one = group.instance(1).start();
    assertThat(one.state(client)).isEqualTo("Starting");
    group.startLocator();
    one.awaitState(client, "Standby");
    assertThat(one.status(client).get("registered").toString()).contains("counter-1.Replica");
  }

  @Test
  void aStandaloneInstanceActivatesItselfOnceItIsRegistered() {
    ComponentGroup.Instance one = group.instance(1).with("Standalone", "yes").start();
    assertThat(one.replica(client).call("isActive").bool()).isFalse();
    group.startLocator();
    one.awaitState(client, "Active");
    assertThat(one.counter(client).call("increment").number()).isEqualTo(1);
  }

  @Test
  void withoutALocatorTheRoleChangesAllTheSame() {
    ChildProcess locator = group.startLocator();
    ComponentGroup.Instance one = group.instance(1).start();
    one.awaitState(client, "Standby");
    locator.kill();
    assertThat(one.replica(client).call("activate").bool()).isTrue();
    assertThat(one.counter(client).call("increment").number()).isEqualTo(1);
    one.replica(client).call("standby");
    assertThat(one.replica(client).call("activate").bool()).isTrue();
    group.startLocator();
    Await.until(
        "registered again",
        () -> one.status(client).get("registered").toString().contains("counter.Counter"));
  }

  @Test
  void ofTwoActivationsAtOnceTheLargerEpochWins() {
    group.startLocator();
    ComponentGroup.Instance one = group.instance(1).start();
    ComponentGroup.Instance two = group.instance(2).start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.managed(client).call("promote", 5, true);
    CompletableFuture<Json> second = two.managed(client).begin("promote", 6, true);
    PythonClient.await(second);
    Await.until("the older stands by", () -> !one.replica(client).call("isActive").bool());
    assertThat(two.replica(client).call("isActive").bool()).isTrue();
    assertThat(one.managed(client).failure("promote", 5, true).type()).contains("StaleEpoch");
  }

  @Test
  void anAddressThatIsTakenEndsTheActivationInStandby() {
    group.startLocator();
    ComponentGroup.Instance one = group.instance(1).with("ActivateTimeout", "5").start();
    one.awaitState(client, "Standby");
    client.adapter("taken", "Endpoints=tcp -h 127.0.0.1 -p " + one.servicePort);
    assertThat(one.replica(client).call("activate").bool()).isFalse();
    one.awaitState(client, "Standby");
    assertThat(one.status(client).get("lastError").text()).contains("cannot be opened");
    client.deactivate("taken");
    assertThat(one.replica(client).call("activate").bool()).isTrue();
  }

  @Test
  void aBadPropertyIsNamed() {
    for (String bad : new String[] {"Fencing=maybe", "ActivateTimeout=0", "Manager=firn"}) {
      String[] parts = bad.split("=");
      ComponentGroup.Instance one = group.instance(1).with(parts[0], parts[1]).begin();
      assertThat(one.process().awaitExit(END_LIMIT)).isEqualTo(1);
      assertThat(one.process().err()).contains("counter-1." + parts[0]);
    }
  }

  @Test
  void aComponentThatCannotBeMadeEndsItsProcess() {
    ChildProcess process =
        lab.process(
            "unmade",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ComponentGroup.libraries() + File.pathSeparator + ComponentGroup.classes(),
                UnmadeComponent.class.getName(),
                "--name",
                "counter-1",
                "--counter-1.Endpoints=tcp -h 127.0.0.1",
                "--counter-1.Backplane.Endpoints=tcp -h 127.0.0.1"));
    assertThat(process.awaitExit(END_LIMIT)).as(process.err()).isEqualTo(1);
    assertThat(process.err()).contains("cannot start", UnmadeComponent.REASON);
  }

  /** A developer's own program, whose component fails. */
  static final class UnmadeComponent {
    static final String REASON = "there is no card for this component";

    private UnmadeComponent() {}

    public static void main(String[] arguments) {
      ComponentMain.run(
          () -> {
            throw new IllegalStateException(REASON);
          },
          arguments);
    }
  }
}
