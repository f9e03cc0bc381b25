package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an instance does without its state replicator, as its properties say. */
@FirnOnly
class ComponentProtectionTest {
  /** An instance serves no longer than this after it was last heard, with a margin. */
  private static final Duration LEASE = Duration.ofSeconds(3);

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final ComponentGroup.Instance one = group.member(1);
  private final ComponentGroup.Instance two = group.member(2);
  private ChildProcess locator;

  @BeforeEach
  void start() {
    locator = group.startLocator();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private ChildProcess startAll() {
    ChildProcess replicator = group.startReplicator("--Replicator.Ack=quorum");
    one.start();
    two.start();
    one.awaitState(client, "Standby");
    two.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 1, 10);
    return replicator;
  }

  private void awaitNotServed(ComponentGroup.Instance instance) {
    instance.awaitState(client, "Syncing");
    assertThat(instance.counter(client).failure("value").type()).contains("ConnectionRefused");
  }

  @Test
  void aReplicatorThatComesLaterIsFound() {
    one.with("AllowUnsyncedActivate", "0").start();
    one.awaitState(client, "Syncing");
    assertThat(one.replica(client).call("activate").bool()).isFalse();
    group.startReplicator();
    one.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 1, 3);
  }

  @Test
  void whoMayActivateWithoutAReplicatorBringsItsStateLater() {
    one.with("AllowUnsyncedActivate", "1").start();
    two.start();
    one.awaitState(client, "Syncing");
    one.activate(client);
    one.count(client, 1, 5);
    group.startReplicator();
    two.awaitState(client, "Standby");
    Await.until("protected", () -> one.status(client).get("lastError").text().isEmpty());
    one.count(client, 6, 7);
    one.process().kill();
    two.activate(client);
    two.count(client, 8, 9);
  }

  @Test
  void withALeaseWhoIsNotHeardDoesNotServe() {
    one.with("Fencing", "lease");
    two.with("Fencing", "lease");
    ChildProcess replicator = startAll();
    replicator.pause();
    awaitNotServed(one);
    replicator.signal("CONT");
    two.awaitState(client, "Standby");
    two.activate(client);
    two.count(client, 11, 20);
    one.awaitState(client, "Standby");

    // Nobody answers at all: it stops as well, and nobody can be made active.
    replicator.kill();
    awaitNotServed(two);
    assertThat(one.replica(client).call("activate").bool()).isFalse();
    group.startReplicator("--Replicator.Ack=quorum");
    one.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 21, 22);
  }

  /** Where no stream gives epochs, the service locator does, and nobody else can confirm one. */
  @Test
  void withoutAReplicatorTheLocatorConfirmsALease() {
    ComponentGroup.Instance first = group.instance(1).with("Fencing", "lease").start();
    ComponentGroup.Instance second = group.instance(2).with("Fencing", "lease").start();
    first.awaitState(client, "Standby");
    second.awaitState(client, "Standby");
    first.activate(client);
    first.count(client, 1, 10);

    // Silence, longer than a lease lasts: it stops serving by itself, and nobody else can begin.
    locator.pause();
    awaitStandsBy(first);
    assertThat(second.replica(client).call("activate").bool()).isFalse();
    locator.signal("CONT");
    second.activate(client);
    second.count(client, 1, 5);
    assertThat(first.state(client)).isEqualTo("Standby");

    // The same where nobody is there at all.
    locator.kill();
    awaitStandsBy(second);
    assertThat(first.replica(client).call("activate").bool()).isFalse();
    locator = group.startLocator();
    first.activate(client);
    first.count(client, 11, 12);
  }

  private void awaitStandsBy(ComponentGroup.Instance instance) {
    instance.awaitState(client, "Standby");
    assertThat(instance.counter(client).failure("value").type()).contains("ConnectionRefused");
  }

  @Test
  void aStoppedHolderOfALeaseAnswersNobody() {
    one.with("Fencing", "lease");
    two.with("Fencing", "lease");
    startAll();
    one.process().pause();
    CompletableFuture<Json> asked = one.counter(client).begin("value");
    two.activate(client);
    // As long as a lease lasts nobody may be promoted without the other's host being switched off.
    long end = System.nanoTime() + LEASE.toNanos();
    long last = 10;
    do {
      two.count(client, ++last, last);
    } while (System.nanoTime() < end);
    one.process().signal("CONT");
    one.awaitState(client, "Standby");
    assertThat(asked).failsWithin(Await.LIMIT);
    two.count(client, last + 1, last + 2);
  }

  @Test
  void whoStopsWhenUnprotectedDoesNotCountWithoutAReplicator() {
    one.with("StopWhenUnprotected", "1");
    ChildProcess replicator = startAll();
    replicator.kill();
    awaitNotServed(one);
    group.startReplicator("--Replicator.Ack=quorum");
    one.awaitState(client, "Standby");
    one.activate(client);
    one.count(client, 11, 12);
  }
}
