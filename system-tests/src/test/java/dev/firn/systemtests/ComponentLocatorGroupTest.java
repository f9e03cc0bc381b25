package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three service locators: each answers look-ups, and any one may be missing. */
@FirnOnly
class ComponentLocatorGroupTest {
  private static final Map<String, Object> COUNTER =
      Map.of(
          "$struct",
          "AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams",
          "category",
          "Counter",
          "service",
          "",
          "id",
          "");

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final ComponentGroup.Instance one = group.member(1);
  private final ComponentGroup.Instance two = group.member(2);
  private LocatorTrio trio;

  @BeforeEach
  void start() {
    trio = new LocatorTrio(lab);
    group.use(trio);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  /** Where a locator says that the counter is. */
  private String found(int locator) {
    return client
        .at("AsteriskSCF.Core.Discovery.V1.ServiceLocator", trio.proxy(locator))
        .call("locate", COUNTER)
        .proxy();
  }

  private void awaitFoundAt(int locator, ComponentGroup.Instance instance) {
    Await.asserted(() -> assertThat(found(locator)).contains("-p " + instance.servicePort));
  }

  private void moveWithout(
      int gone, ComponentGroup.Instance from, ComponentGroup.Instance to, long next) {
    for (int i = 0; i < LocatorTrio.COUNT; i++) {
      if (i != gone) {
        assertThat(found(i)).as("while " + gone + " is gone").contains("-p " + from.servicePort);
      }
    }
    from.replica(client).call("standby");
    to.activate(client);
    to.count(client, next, next);
    for (int i = 0; i < LocatorTrio.COUNT; i++) {
      if (i != gone) {
        awaitFoundAt(i, to);
      }
    }
  }

  @Test
  void anyMayDieOrHangWhileRolesChange() {
    group.startReplicator("--Replicator.Ack=quorum");
    one.start();
    two.start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.activate(client);
    for (int i = 0; i < LocatorTrio.COUNT; i++) {
      awaitFoundAt(i, one);
    }
    for (int i = 0; i < LocatorTrio.COUNT; i++) {
      // Instances may be connected to it.
      trio.node(i).pause();
      moveWithout(i, one, two, 2 * i + 1);
      trio.node(i).signal("CONT");
      awaitFoundAt(i, two);

      trio.node(i).kill();
      moveWithout(i, two, one, 2 * i + 2);
      trio.start(i);
      awaitFoundAt(i, one);
    }
  }

  /** Who knows nothing of several locators registers with one, and all know it. */
  @Test
  void whatAPythonComponentRegisteredOutlivesTheLocatorItSpokeTo() throws Exception {
    trio.awaitAnswers(client);
    int coordinator = trio.coordinator();
    int spokenTo = (coordinator + 1) % LocatorTrio.COUNT;
    int asked = (coordinator + 2) % LocatorTrio.COUNT;
    ChildProcess media =
        lab.process(
            "media",
            List.of(
                Peers.PYTHON.toString(),
                Implementation.HOME
                    .resolve("system-tests/src/test/python/media_locator.py")
                    .toString(),
                Implementation.HOME.resolve("wire/src/main/slice").toString(),
                Implementation.HOME.resolve("system-tests/src/test/slice").toString(),
                trio.proxy(asked),
                trio.managementProxy(spokenTo)));
    Await.until("it has registered", () -> media.out().contains("ready"));
    check(media, 1);
    trio.node(spokenTo).kill();
    check(media, 2);
    trio.node(coordinator).kill();
    check(media, 3);
    trio.start(spokenTo);
    trio.start(coordinator);
    check(media, 4);
  }

  private static void check(ChildProcess media, int times) throws IOException {
    media.input().write("check\n".getBytes(StandardCharsets.UTF_8));
    media.input().flush();
    Await.until(
        "it has checked",
        () -> !media.isAlive() || media.out().split("checked", -1).length > times);
    assertThat(media.out()).doesNotContain("does not hold");
    assertThat(media.isAlive()).as(media.err()).isTrue();
  }

  /** Without a state replicator the locators give and confirm epochs, with a majority of them. */
  @Test
  void aLeaseIsConfirmedByAMajority() {
    ComponentGroup.Instance holder = group.instance(1).with("Fencing", "lease").start();
    holder.awaitState(client, "Standby");
    holder.activate(client);
    holder.count(client, 1, 3);

    trio.node(trio.coordinator()).kill();
    // An election on a busy machine may outlast a lease; then it is to be had again.
    Await.until(
        "it serves",
        () ->
            (holder.state(client).equals("Active")
                    || holder.replica(client).call("activate").bool())
                && holder.counter(client).call("increment").number() > 3);

    ChildProcess second = trio.node(0).isAlive() ? trio.node(0) : trio.node(1);
    second.kill();
    // The last one confirms nothing, though it still knows the service.
    holder.awaitState(client, "Standby");
    assertThat(holder.counter(client).failure("value").type()).contains("ConnectionRefused");
    assertThat(holder.replica(client).call("activate").bool()).isFalse();
  }
}
