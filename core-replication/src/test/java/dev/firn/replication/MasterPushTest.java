package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.Command;
import dev.firn.model.RegistryEvent;
import dev.firn.model.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What subscribed slaves get, and who waits for them. */
final class MasterPushTest {
  private static final RequestId R1 = new RequestId(1);
  private static final RequestId R2 = new RequestId(2);
  private static final SessionId S1 = new SessionId(1);
  private static final SessionId S2 = new SessionId(2);
  private static final Answer DONE = new Answer.Done();
  private static final Output REPLY_1 = new Output.Reply(R1, DONE);

  private final Bench master = Bench.master();

  @Test
  void aSubscriptionPushesTheTablesOneByOneAndEndsWithTheirAcknowledgements() {
    master.write(1, Rows.addObject("a"));
    master.give(new Input.RegisterReplica(R1, info("R1")));

    assertThat(master.work(subscribe(S1)))
        .containsExactly(push(S1, new RegistryEvent.ApplicationsReplaced(List.of()), 0, 1));
    assertThat(master.work(new Input.PushDelivered(S1)))
        .containsExactly(push(S1, new RegistryEvent.AdaptersReplaced(List.of()), 0, 1));
    assertThat(master.work(new Input.PushDelivered(S1)))
        .containsExactly(
            push(S1, new RegistryEvent.ObjectsReplaced(List.of(Rows.object("a"))), 1, 2));
    assertThat(master.work(new Input.PushDelivered(S1))).isEmpty();
    assertThat(master.work(ack(S1, Topic.OBJECTS, 1), ack(S1, Topic.APPLICATIONS, 0))).isEmpty();
    assertThat(master.work(ack(S1, Topic.ADAPTERS, 0)))
        .containsExactly(new Output.Reply(new RequestId(100), DONE));
  }

  @Test
  void anUpdateDuringASubscriptionFollowsBehindTheTables() {
    master.give(new Input.RegisterReplica(R1, info("R1")));
    master.work(subscribe(S1));

    assertThat(master.write(1, Rows.addObject("a"))).noneMatch(Output.Push.class::isInstance);
    master.work(new Input.PushDelivered(S1), new Input.PushDelivered(S1));
    assertThat(master.work(new Input.PushDelivered(S1)))
        .containsExactly(push(S1, new RegistryEvent.ObjectAdded(Rows.object("a")), 1, 2));
    assertThat(master.work(ack(S1, Topic.OBJECTS, 0))).isEmpty();
    assertThat(master.work(ack(S1, Topic.OBJECTS, 1))).containsExactly(REPLY_1);
  }

  @Test
  void aCommandWaitsForEverySubscribedSlave() {
    subscribed(S1, "R1");
    subscribed(S2, "R2");

    List<Output> outputs = master.write(1, Rows.addObject("a"));
    RegistryEvent event = new RegistryEvent.ObjectAdded(Rows.object("a"));
    assertThat(outputs.subList(1, outputs.size()))
        .containsExactly(
            new Output.Publish(master.tables(), List.of(event)),
            push(S1, event, 1, 2),
            push(S2, event, 1, 2));
    assertThat(master.work(ack(S2, Topic.OBJECTS, 1), ack(S2, Topic.OBJECTS, 1))).isEmpty();
    assertThat(master.work(ack(S1, Topic.OBJECTS, 1))).containsExactly(REPLY_1);
  }

  @Test
  void aCommandDoesNotWaitForASlaveThatSubscribedLater() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));
    subscribed(S2, "R2");

    assertThat(master.work(ack(S1, Topic.OBJECTS, 1))).containsExactly(REPLY_1);
  }

  @Test
  void aCommandDoesNotWaitForASlaveWithoutSubscription() {
    master.give(new Input.RegisterReplica(R1, info("R1")));

    assertThat(master.write(1, Rows.addObject("a"))).last().isEqualTo(REPLY_1);
  }

  @Test
  void ofSeveralEventsOnlyTheLastOneIsAwaited() {
    subscribed(S1, "R1");

    assertThat(
            master.write(
                1, new Command.PublishWellKnown(List.of(Rows.object("a"), Rows.object("b")))))
        .filteredOn(Output.Push.class::isInstance)
        .containsExactly(wellKnown(S1, new RegistryEvent.ObjectAdded(Rows.object("a")), 1));
    assertThat(master.work(new Input.PushDelivered(S1)))
        .containsExactly(wellKnown(S1, new RegistryEvent.ObjectAdded(Rows.object("b")), 2));
    assertThat(master.work(ack(S1, Topic.OBJECTS, 1))).isEmpty();
    assertThat(master.work(ack(S1, Topic.OBJECTS, 2))).containsExactly(REPLY_1);
  }

  @Test
  void anAcknowledgementCoversWhatWasSentBefore() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));
    master.work(new Input.PushDelivered(S1));
    master.write(2, Rows.addObject("b"));

    assertThat(master.work(ack(S1, Topic.OBJECTS, 2)))
        .containsExactly(REPLY_1, new Output.Reply(R2, DONE));
  }

  @Test
  void anAcknowledgementDoesNotCoverWhatWasNotSentYet() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));
    master.write(2, Rows.addObject("b"));

    assertThat(master.work(ack(S1, Topic.OBJECTS, 2))).containsExactly(REPLY_1);
  }

  @Test
  void anAcknowledgementOfAnotherTopicSaysNothing() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));

    assertThat(master.work(ack(S1, Topic.ADAPTERS, 1))).isEmpty();
  }

  @Test
  void aFailureOnASlaveIsReportedAndTheCommandSucceeds() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));

    assertThat(master.work(new Input.Acknowledged(S1, Topic.OBJECTS, 1, "disk full")))
        .containsExactly(
            new Output.Report(
                Output.Severity.ERROR, "replication failed on replica `R1':\ndisk full"),
            REPLY_1);
  }

  @Test
  void onePushIsUnderWayPerSession() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));

    assertThat(master.write(2, Rows.addObject("b"))).noneMatch(Output.Push.class::isInstance);
    assertThat(master.work(new Input.PushDelivered(S1)))
        .containsExactly(push(S1, new RegistryEvent.ObjectAdded(Rows.object("b")), 2, 3));
    master.work(new Input.PushDelivered(S1));
    assertThatThrownBy(() -> master.work(new Input.PushDelivered(S1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no push under way");
  }

  @Test
  void anEndedSessionReleasesWhoWaitedForIt() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));
    master.write(2, Rows.addObject("b"));

    assertThat(master.work(new Input.DestroySession(S1)))
        .containsExactly(
            REPLY_1, new Output.Reply(R2, DONE), new Output.ReplicaDown(S1, info("R1"), List.of()));
  }

  @Test
  void anEndedSessionReleasesOnlyItsOwnPart() {
    subscribed(S1, "R1");
    subscribed(S2, "R2");
    master.write(1, Rows.addObject("a"));

    assertThat(master.work(new Input.DestroySession(S1))).doesNotContain(REPLY_1);
    assertThat(master.work(ack(S2, Topic.OBJECTS, 1))).containsExactly(REPLY_1);
  }

  @Test
  void aFailedPushEndsTheSession() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));

    assertThat(master.work(new Input.PushFailed(S1, "connection refused")))
        .containsExactly(
            warning("R1", "cannot be updated (connection refused)"),
            REPLY_1,
            new Output.ReplicaDown(S1, info("R1"), List.of()));
  }

  @Test
  void whoHoldsUpAcknowledgementsLosesItsSession() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));
    master.work(new Input.PushDelivered(S1));
    master.after(10_000);
    master.work(new Input.KeptAlive(S1));
    assertThat(master.tick()).isEmpty();
    master.after(1);

    assertThat(master.tick())
        .containsExactly(
            warning(
                "R1", "held up acknowledgements for 10001 ms (limit 10000 ms; 1 sent, 0 unsent)"),
            REPLY_1,
            new Output.ReplicaDown(S1, info("R1"), List.of()));
  }

  @Test
  void aSynchronisationMayTakeLongAsLongAsItGoesOn() {
    master.give(new Input.RegisterReplica(R1, info("R1")));
    master.work(subscribe(S1));
    for (int i = 0; i < 3; i++) {
      master.after(9_000);
      assertThat(master.work(new Input.KeptAlive(S1), new Input.Tick())).isEmpty();
      master.work(new Input.PushDelivered(S1));
    }
    master.after(10_001);

    assertThat(master.work(new Input.KeptAlive(S1), new Input.Tick()))
        .containsExactly(
            warning(
                "R1", "held up acknowledgements for 10001 ms (limit 10000 ms; 3 sent, 0 unsent)"),
            new Output.Reply(new RequestId(100), new Answer.NoSession()),
            new Output.ReplicaDown(S1, info("R1"), List.of()));
  }

  @Test
  void tooManyUnsentUpdatesEndTheSession() {
    subscribed(S1, "R1");
    for (int i = 1; i <= 5; i++) {
      master.write(i, Rows.addObject("o" + i));
    }

    assertThat(master.write(6, Rows.addObject("o6")))
        .contains(
            warning("R1", "has 5 unsent updates (limit 4)"),
            REPLY_1,
            new Output.Reply(new RequestId(6), DONE),
            new Output.ReplicaDown(S1, info("R1"), List.of()));
  }

  @Test
  void wellKnownObjectsAreAnsweredWhenTheirOwnSlaveHasThem() {
    subscribed(S1, "R1");
    subscribed(S2, "R2");
    master.work(
        new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))), new Input.Persisted());

    assertThat(master.work(ack(S2, Topic.OBJECTS, 1))).isEmpty();
    assertThat(master.work(ack(S1, Topic.OBJECTS, 1))).containsExactly(new Output.Reply(R2, DONE));
  }

  @Test
  void wellKnownObjectsOfAnEndedSessionAreWithdrawnFromTheOthers() {
    subscribed(S1, "R1");
    subscribed(S2, "R2");
    master.work(
        new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))), new Input.Persisted());
    master.work(new Input.PushDelivered(S2), ack(S2, Topic.OBJECTS, 1));

    assertThat(master.work(new Input.DestroySession(S1), new Input.Persisted()))
        .startsWith(
            new Output.Reply(R2, new Answer.NoSession()),
            new Output.ReplicaDown(S1, info("R1"), List.of(Rows.id("a"))))
        .endsWith(wellKnown(S2, new RegistryEvent.ObjectRemoved(Rows.id("a")), 2));
  }

  @Test
  void shutdownReleasesWhoWaits() {
    subscribed(S1, "R1");
    master.write(1, Rows.addObject("a"));

    assertThat(master.give(new Input.Shutdown())).containsExactly(REPLY_1);
  }

  @Test
  void theEpochTravelsWithEveryUpdate() {
    master.write(1, new Command.BecomeMaster());
    subscribed(S1, "R1");

    assertThat(master.write(1, Rows.addObject("a")))
        .contains(
            new Output.Push(
                S1,
                new PushedUpdate(
                    new RegistryEvent.ObjectAdded(Rows.object("a")),
                    1,
                    Optional.of(2L),
                    Optional.of(1L))));
  }

  private void subscribed(SessionId session, String name) {
    master.give(new Input.RegisterReplica(new RequestId(99), info(name)));
    List<Output> pushes = new java.util.ArrayList<>(master.work(subscribe(session)));
    for (int i = 0; i < 3; i++) {
      pushes.addAll(master.work(new Input.PushDelivered(session)));
    }
    for (Output output : pushes) {
      PushedUpdate update = ((Output.Push) output).update();
      master.work(ack(session, update.event().topic(), update.serial()));
    }
  }

  private static Input subscribe(SessionId session) {
    return new Input.Subscribe(new RequestId(100), session, Optional.empty(), Optional.empty());
  }

  private static Input ack(SessionId session, Topic topic, int serial) {
    return new Input.Acknowledged(session, topic, serial, "");
  }

  private static Output push(SessionId session, RegistryEvent event, int serial, long dbSerial) {
    return new Output.Push(
        session, new PushedUpdate(event, serial, Optional.of(dbSerial), Optional.of(0L)));
  }

  private static Output wellKnown(SessionId session, RegistryEvent event, int serial) {
    return new Output.Push(
        session, new PushedUpdate(event, serial, Optional.empty(), Optional.of(0L)));
  }

  private static Output warning(String name, String what) {
    return new Output.Report(
        Output.Severity.WARNING,
        "replica `%s' %s: its session ends, it has to synchronize again".formatted(name, what));
  }

  private static ReplicaInfo info(String name) {
    return new ReplicaInfo(name, "host", "proxy of " + name, Optional.empty());
  }
}
