package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.Command;
import dev.firn.model.Epoch;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a slave does with what its master sends. */
final class SlaveUpdateTest {
  private static final RequestId R1 = new RequestId(1);
  private static final RegistryEvent NO_APPLICATIONS =
      new RegistryEvent.ApplicationsReplaced(List.of());
  private static final RegistryEvent ADAPTERS =
      new RegistryEvent.AdaptersReplaced(List.of(Rows.adapter("A")));
  private static final RegistryEvent OBJECTS =
      new RegistryEvent.ObjectsReplaced(List.of(Rows.object("a")));

  private final Bench slave =
      Bench.slave(
          Bench.tablesAfter(
              RegistryTables.EMPTY,
              new Command.PublishWellKnown(List.of(Rows.object("own"))),
              new Command.SaveNode(Rows.object("node"))));

  @Test
  void theThreeTablesOfASynchronisationAreWrittenAndPublishedTogether() {
    connecting();
    assertThat(slave.work(update(OBJECTS, 7, 20))).isEmpty();
    assertThat(slave.work(update(NO_APPLICATIONS, 0, 1))).isEmpty();

    assertThat(slave.work(update(ADAPTERS, 3, 10)))
        .containsExactly(
            new Output.Persist(
                List.of(
                    new RowChange.ClearTable(Topic.APPLICATIONS),
                    new RowChange.ClearTable(Topic.ADAPTERS),
                    new RowChange.PutAdapter(Rows.adapter("A"), Optional.empty()),
                    new RowChange.PutSerial(Topic.ADAPTERS, 10),
                    new RowChange.ClearTable(Topic.OBJECTS),
                    new RowChange.PutObject(Rows.object("a"), Optional.empty()),
                    new RowChange.PutSerial(Topic.OBJECTS, 20),
                    new RowChange.PutEpoch(new Epoch(5, false)))));
    assertThat(slave.tables().findObject(Rows.id("own"))).isNotNull();
    assertThat(slave.work(new Input.Persisted()))
        .containsExactly(
            new Output.Publish(slave.tables(), List.of(NO_APPLICATIONS, ADAPTERS, OBJECTS)),
            new Output.Acknowledge(1, Topic.APPLICATIONS, 0, ""),
            new Output.Acknowledge(1, Topic.ADAPTERS, 3, ""),
            new Output.Acknowledge(1, Topic.OBJECTS, 7, ""));
    assertThat(slave.tables().objects()).containsExactly(Rows.object("a"));
    assertThat(slave.tables().nodes()).containsExactly(Rows.object("node"));
    assertThat(slave.tables().serials()).isEqualTo(new Serials(1, 10, 20));
    assertThat(slave.tables().epoch()).isEqualTo(new Epoch(5, false));
  }

  @Test
  void updatesOfOneTableWaitForTheSnapshotsOfTheOthers() {
    connecting();
    slave.work(update(OBJECTS, 7, 20));
    assertThat(slave.work(update(added("b"), 8, 21))).isEmpty();
    slave.work(update(NO_APPLICATIONS, 0, 1));

    List<Output> outputs = slave.work(update(ADAPTERS, 3, 10), new Input.Persisted());
    assertThat(outputs).hasSize(6).last().isInstanceOf(Output.Persist.class);
    assertThat(slave.tables().findObject(Rows.id("b"))).isNull();
    assertThat(slave.work(new Input.Persisted()))
        .containsExactly(
            new Output.Publish(slave.tables(), List.of(added("b"))),
            new Output.Acknowledge(1, Topic.OBJECTS, 8, ""));
  }

  @Test
  void anUpdateIsWrittenPublishedAndAcknowledged() {
    synchronised();

    assertThat(slave.work(update(added("b"), 8, 21)))
        .containsExactly(
            new Output.Persist(
                List.of(
                    new RowChange.PutObject(Rows.object("b"), Optional.empty()),
                    new RowChange.PutSerial(Topic.OBJECTS, 21))));
    assertThat(slave.work(new Input.Persisted()))
        .containsExactly(
            new Output.Publish(slave.tables(), List.of(added("b"))),
            new Output.Acknowledge(1, Topic.OBJECTS, 8, ""));
  }

  @Test
  void anUpdateThatChangesNothingIsAcknowledgedAtOnce() {
    synchronised();
    RegistryEvent removed = new RegistryEvent.ObjectRemoved(Rows.id("unknown"));

    assertThat(slave.work(new Input.UpdateReceived(1, uncounted(removed, 8))))
        .containsExactly(new Output.Acknowledge(1, Topic.OBJECTS, 8, ""));
  }

  @Test
  void anUpdateWithoutSerialAndEpochLeavesBothAlone() {
    synchronised();
    slave.work(
        new Input.UpdateReceived(1, uncounted(added("well-known"), 8)), new Input.Persisted());

    assertThat(slave.tables().serials()).isEqualTo(new Serials(1, 10, 20));
    assertThat(slave.tables().epoch()).isEqualTo(new Epoch(5, false));
    assertThat(slave.tables().findObject(Rows.id("well-known"))).isNotNull();
  }

  @Test
  void anUpdateThatArrivesTwiceIsAppliedOnce() {
    synchronised();
    slave.work(update(added("b"), 8, 21), new Input.Persisted());

    assertThat(slave.work(update(added("b"), 8, 21))).isEmpty();
  }

  @Test
  void aGapMakesTheSlaveSynchroniseAgain() {
    synchronised();
    slave.after(5_000);

    assertThat(slave.work(update(added("c"), 9, 22)))
        .containsExactly(
            warning("lost an update: update 9 of objects came after update 7"),
            new Output.Disconnect(1),
            new Output.Connect(2));
    assertThat(slave.work(update(added("b"), 8, 21))).isEmpty();
  }

  @Test
  void aGapBehindASnapshotIsNoticedBeforeTheTablesAreComplete() {
    connecting();
    slave.work(update(OBJECTS, 7, 20));

    assertThat(slave.work(update(added("c"), 9, 22)))
        .containsExactly(
            warning("lost an update: update 9 of objects came after update 7"),
            new Output.Disconnect(1),
            new Output.MasterDown());
  }

  @Test
  void anUpdateBeforeItsTableMakesTheSlaveSynchroniseAgain() {
    connecting();

    assertThat(slave.work(update(added("c"), 9, 22)))
        .startsWith(
            warning("lost an update: update 9 of objects came before the table"),
            new Output.Disconnect(1));
  }

  @Test
  void tooManyUpdatesBeforeTheTablesAreCompleteMakeTheSlaveSynchroniseAgain() {
    connecting();
    slave.work(update(OBJECTS, 0, 20));
    for (int i = 1; i <= 4; i++) {
      assertThat(slave.work(update(added("o" + i), i, 20 + i))).isEmpty();
    }

    assertThat(slave.work(update(added("o5"), 5, 25)))
        .startsWith(
            warning("lost an update: more than 4 updates before the tables were complete"),
            new Output.Disconnect(1));
  }

  @Test
  void updatesWithoutNumbersAreTakenAsTheyCome() {
    connecting();
    slave.work(update(OBJECTS, -1, 20), update(ADAPTERS, -1, 10));
    slave.work(update(NO_APPLICATIONS, -1, 1), new Input.Persisted());

    assertThat(slave.work(update(added("b"), -1, 21), new Input.Persisted()))
        .last()
        .isEqualTo(new Output.Acknowledge(1, Topic.OBJECTS, -1, ""));
    assertThat(slave.work(update(added("c"), -1, 22), new Input.Persisted()))
        .last()
        .isEqualTo(new Output.Acknowledge(1, Topic.OBJECTS, -1, ""));
  }

  @Test
  void aTableReplacedLaterIsAppliedLikeAnUpdate() {
    synchronised();

    assertThat(slave.work(update(new RegistryEvent.ObjectsReplaced(List.of()), 8, 30))).hasSize(1);
    slave.work(new Input.Persisted());
    assertThat(slave.tables().objects()).isEmpty();
    assertThat(slave.tables().serials().objects()).isEqualTo(30);
  }

  @Test
  void anUpdateThatCannotBeWrittenIsReportedAndMadeUpForByTheWholeTables() {
    synchronised();
    slave.after(5_000).work(update(added("b"), 8, 21));
    String failure = "cannot store an update of the master:\ndisk full";

    assertThat(slave.work(new Input.PersistFailed("disk full")))
        .containsExactly(
            new Output.Acknowledge(1, Topic.OBJECTS, 8, failure),
            new Output.Report(Output.Severity.ERROR, failure),
            new Output.Disconnect(1),
            new Output.Connect(2));
    assertThat(slave.tables().findObject(Rows.id("b"))).isNull();
  }

  @Test
  void aSynchronisationThatCannotBeWrittenIsRepeatedAfterAPeriod() {
    connecting();
    slave.work(update(OBJECTS, 7, 20), update(NO_APPLICATIONS, 0, 1), update(ADAPTERS, 3, 10));
    String failure = "cannot store an update of the master:\ndisk full";

    assertThat(slave.work(new Input.PersistFailed("disk full")))
        .containsExactly(
            new Output.Acknowledge(1, Topic.APPLICATIONS, 0, failure),
            new Output.Acknowledge(1, Topic.ADAPTERS, 3, failure),
            new Output.Acknowledge(1, Topic.OBJECTS, 7, failure),
            new Output.Report(Output.Severity.ERROR, failure),
            new Output.Disconnect(1),
            new Output.MasterDown());
    assertThat(slave.tables().findObject(Rows.id("own"))).isNotNull();
  }

  @Test
  void anUpdateOfAKindThisVersionDoesNotKnowIsMadeUpForByTheWholeTables() {
    synchronised();
    slave.after(5_000);

    assertThat(
            slave.work(
                new Input.UnknownUpdateReceived(1, Topic.APPLICATIONS, 1, "application update")))
        .containsExactly(
            new Output.Acknowledge(1, Topic.APPLICATIONS, 1, "cannot apply application update"),
            warning("cannot apply application update"),
            new Output.Disconnect(1),
            new Output.Connect(2));
  }

  @Test
  void aSynchronisationWaitsForALocalWrite() {
    connecting();
    slave.work(new Input.Submit(R1, new Command.PublishWellKnown(List.of(Rows.object("me")))));
    slave.work(update(OBJECTS, 7, 20), update(NO_APPLICATIONS, 0, 1));
    assertThat(slave.work(update(ADAPTERS, 3, 10))).isEmpty();

    List<Output> outputs = slave.work(new Input.Persisted());
    assertThat(outputs).hasSize(3);
    assertThat(outputs).element(1).isEqualTo(new Output.Reply(R1, new Answer.Done()));
    assertThat(outputs).last().isInstanceOf(Output.Persist.class);
    slave.work(new Input.Persisted());
    assertThat(slave.tables().objects()).containsExactly(Rows.object("a"));
  }

  @Test
  void whatIsWrittenWhenTheSessionIsLostIsPublishedButNotAcknowledged() {
    synchronised();
    slave.after(5_000).work(update(added("b"), 8, 21), update(added("c"), 9, 22));
    slave.work(new Input.MasterLost(1, "gone"));

    assertThat(slave.work(new Input.Persisted()))
        .containsExactly(
            new Output.Publish(slave.tables(), List.of(added("b"))), new Output.Connect(2));
    assertThat(slave.tables().findObject(Rows.id("c"))).isNull();
  }

  @Test
  void anAttemptBeginsOnlyWhenNothingIsBeingWritten() {
    synchronised();
    slave.after(5_000).work(update(added("b"), 8, 21));

    assertThat(slave.work(new Input.MasterLost(1, "gone")))
        .containsExactly(new Output.Disconnect(1));
    assertThat(slave.tick()).isEmpty();
    assertThat(slave.work(new Input.MasterAppeared(R1))).isEmpty();
    assertThat(slave.work(new Input.Persisted())).last().isEqualTo(new Output.Connect(2));
    assertThat(slave.tables().serials().objects()).isEqualTo(21);
  }

  @Test
  void whatCannotBeWrittenWhenTheSessionIsLostAlreadyMattersNoMore() {
    synchronised();
    slave.after(5_000).work(update(added("b"), 8, 21));
    slave.work(new Input.MasterLost(1, "gone"));

    assertThat(slave.work(new Input.PersistFailed("disk full")))
        .containsExactly(new Output.Connect(2));
  }

  @Test
  void halfASynchronisationIsForgottenWithItsAttempt() {
    connecting();
    slave.work(update(OBJECTS, 7, 20), update(NO_APPLICATIONS, 0, 1));
    slave.work(new Input.MasterLost(1, "gone"));
    slave.after(2_000).work(new Input.Tick(), new Input.SessionEstablished(2, 15_000));

    assertThat(
            slave.work(
                update(ADAPTERS, 3, 10), new Input.UpdateReceived(2, counted(ADAPTERS, 3, 10))))
        .isEmpty();
    assertThat(slave.tables().findObject(Rows.id("own"))).isNotNull();
  }

  @Test
  void afterASynchronisationTheNextFailureBringsMasterDownAgain() {
    slave.tick();
    slave.work(new Input.ConnectFailed(1, Input.ConnectFailure.UNREACHABLE, "x"));
    slave.after(2_000).tick();
    slave.work(new Input.SessionEstablished(2, 15_000));
    slave.work(
        new Input.UpdateReceived(2, counted(OBJECTS, 7, 20)),
        new Input.UpdateReceived(2, counted(NO_APPLICATIONS, 0, 1)),
        new Input.UpdateReceived(2, counted(ADAPTERS, 3, 10)),
        new Input.Persisted());

    assertThat(slave.work(new Input.MasterLost(2, "gone")))
        .containsExactly(new Output.Disconnect(2), new Output.MasterDown());
  }

  private void connecting() {
    slave.work(new Input.Tick(), new Input.SessionEstablished(1, 15_000));
  }

  private void synchronised() {
    connecting();
    slave.work(update(OBJECTS, 7, 20), update(NO_APPLICATIONS, 0, 1), update(ADAPTERS, 3, 10));
    slave.work(new Input.Persisted(), new Input.Subscribed(1));
  }

  private static RegistryEvent added(String name) {
    return new RegistryEvent.ObjectAdded(Rows.object(name));
  }

  private static Input update(RegistryEvent event, int serial, long dbSerial) {
    return new Input.UpdateReceived(1, counted(event, serial, dbSerial));
  }

  private static PushedUpdate counted(RegistryEvent event, int serial, long dbSerial) {
    return new PushedUpdate(event, serial, Optional.of(dbSerial), Optional.of(5L));
  }

  private static PushedUpdate uncounted(RegistryEvent event, int serial) {
    return new PushedUpdate(event, serial, Optional.empty(), Optional.empty());
  }

  private static Output warning(String what) {
    return new Output.Report(Output.Severity.WARNING, what + "; synchronizing again");
  }
}
