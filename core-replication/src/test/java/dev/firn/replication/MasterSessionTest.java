package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.Command;
import dev.firn.model.Epoch;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection;
import dev.firn.model.RowChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who gets a session, who may subscribe, and what ends a session. */
final class MasterSessionTest {
  private static final RequestId R1 = new RequestId(1);
  private static final RequestId R2 = new RequestId(2);
  private static final RequestId R3 = new RequestId(3);
  private static final SessionId S1 = new SessionId(1);
  private static final SessionId S2 = new SessionId(2);
  private static final Answer DONE = new Answer.Done();
  private static final ReplicaInfo SLAVE = info("here", "boot1");

  private final Bench master = Bench.master();

  @Test
  void aSlaveGetsASession() {
    assertThat(master.give(new Input.RegisterReplica(R1, SLAVE)))
        .containsExactly(
            new Output.Report(Output.Severity.TRACE_1, "replica `R' up"),
            new Output.ReplicaUp(S1, SLAVE),
            new Output.Reply(R1, new Answer.SessionCreated(S1)));
  }

  @Test
  void theSameAddressReplacesItsOldSession() {
    replacesAtOnce(info("here", "boot2"));
  }

  @Test
  void theSameProcessReplacesItsOldSession() {
    replacesAtOnce(info("elsewhere", "boot1"));
  }

  private void replacesAtOnce(ReplicaInfo again) {
    register();
    assertThat(master.give(new Input.RegisterReplica(R2, again)))
        .containsExactly(
            new Output.Report(Output.Severity.TRACE_1, "replica `R' down"),
            new Output.ReplicaDown(S1, SLAVE, List.of()),
            new Output.Report(Output.Severity.TRACE_1, "replica `R' up"),
            new Output.ReplicaUp(S2, again),
            new Output.Reply(R2, new Answer.SessionCreated(S2)));
  }

  @Test
  void aNameThatALiveProcessUsesIsRefused() {
    register();
    ReplicaInfo other = info("elsewhere", "boot2");

    assertThat(master.give(new Input.RegisterReplica(R2, other)))
        .containsExactly(new Output.Ping(S1));
    assertThat(master.give(new Input.RegisterReplica(R3, other))).isEmpty();
    assertThat(master.give(new Input.PingAnswered(S1, true)))
        .containsExactly(
            new Output.Reply(R2, new Answer.ReplicaActive("R")),
            new Output.Reply(R3, new Answer.ReplicaActive("R")));
  }

  @Test
  void theNameOfADeadProcessIsGivenAway() {
    register();
    ReplicaInfo other = new ReplicaInfo("R", "host", "elsewhere", Optional.empty());
    master.give(new Input.RegisterReplica(R2, other));

    assertThat(master.work(new Input.PingAnswered(S1, false)))
        .containsExactly(
            new Output.ReplicaDown(S1, SLAVE, List.of()),
            new Output.ReplicaUp(S2, other),
            new Output.Reply(R2, new Answer.SessionCreated(S2)));
  }

  @Test
  void whoWaitsForANameGetsItWhenItsSessionEndsOtherwise() {
    register();
    ReplicaInfo other = info("elsewhere", "boot2");
    master.give(new Input.RegisterReplica(R2, other));

    assertThat(master.work(new Input.DestroySession(S1)))
        .endsWith(
            new Output.ReplicaUp(S2, other), new Output.Reply(R2, new Answer.SessionCreated(S2)));
  }

  @Test
  void aLostConnectionIsExaminedAndEndsTheSessionOfADeadProcess() {
    register();

    assertThat(master.give(new Input.ReplicaDisconnected(S1))).containsExactly(new Output.Ping(S1));
    assertThat(master.give(new Input.ReplicaDisconnected(S1))).isEmpty();
    assertThat(master.work(new Input.PingAnswered(S1, true))).isEmpty();
    assertThat(master.give(new Input.ReplicaDisconnected(S1))).containsExactly(new Output.Ping(S1));
    assertThat(master.work(new Input.PingAnswered(S1, false)))
        .containsExactly(new Output.ReplicaDown(S1, SLAVE, List.of()));
  }

  @Test
  void silenceEndsASession() {
    register();
    master.after(15_000);
    assertThat(master.tick()).isEmpty();
    assertThat(master.give(new Input.KeptAlive(S1)))
        .containsExactly(new Output.Report(Output.Severity.TRACE_3, "replica `R' keep alive"));
    master.after(15_000);
    assertThat(master.tick()).isEmpty();
    master.after(1);

    assertThat(master.tick())
        .containsExactly(
            new Output.Report(
                Output.Severity.WARNING,
                "replica `R' was silent for 15001 ms (limit 15000 ms): its session ends, it has to"
                    + " synchronize again"),
            new Output.ReplicaDown(S1, SLAVE, List.of()));
  }

  @Test
  void anEndedSessionTakesItsWellKnownObjectsAlong() {
    register();
    master.work(
        new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("b"), Rows.object("a"))),
        new Input.Persisted());

    assertThat(master.work(new Input.DestroySession(S1)))
        .containsExactly(
            new Output.ReplicaDown(S1, SLAVE, List.of(Rows.id("a"), Rows.id("b"))),
            new Output.Persist(
                List.of(
                    new RowChange.DeleteObject(Rows.object("a")),
                    new RowChange.DeleteObject(Rows.object("b")))));
    master.give(new Input.Persisted());
    assertThat(master.tables().objects()).isEmpty();
  }

  @Test
  void aFailedWithdrawalIsReported() {
    register();
    master.work(
        new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))), new Input.Persisted());
    master.work(new Input.DestroySession(S1));

    assertThat(master.give(new Input.PersistFailed("disk full")))
        .containsExactly(
            new Output.Report(
                Output.Severity.ERROR,
                "cannot remove the well-known objects of replica `R':\ndisk full"));
  }

  @Test
  void wellKnownObjectsOfASlaveWithoutSubscriptionAreAnsweredWhenWritten() {
    register();
    Input register = new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a")));

    assertThat(master.work(register)).hasSize(1).last().isInstanceOf(Output.Persist.class);
    assertThat(master.work(new Input.Persisted())).last().isEqualTo(new Output.Reply(R2, DONE));
    assertThat(master.work(register)).containsExactly(new Output.Reply(R2, DONE));
  }

  @Test
  void wellKnownObjectsThatCannotBeWrittenAreRefused() {
    register();
    master.work(new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))));

    assertThat(master.work(new Input.PersistFailed("full")))
        .containsExactly(
            new Output.Reply(
                R2, new Answer.NotDone(new Rejection(Rejection.Reason.NOT_PERSISTED, "full"))));
  }

  @Test
  void wellKnownObjectsOfASessionThatEndedMeanwhileAreNotLeftBehind() {
    register();
    master.work(new Input.Submit(R1, Rows.addObject("x")));
    master.work(new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))));
    master.work(new Input.DestroySession(S1));

    assertThat(master.work(new Input.Persisted()))
        .endsWith(new Output.Reply(R1, DONE), new Output.Reply(R2, new Answer.NoSession()));
    assertThat(master.tables().findObject(Rows.id("a"))).isNull();
  }

  @Test
  void wellKnownObjectsBeingWrittenWhenTheirSessionEndsAreWithdrawn() {
    register();
    master.work(new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))));
    master.work(new Input.DestroySession(S1));

    assertThat(master.work(new Input.Persisted(), new Input.Persisted()))
        .contains(new Output.Reply(R2, new Answer.NoSession()));
    assertThat(master.tables().findObject(Rows.id("a"))).isNull();
  }

  @Test
  void aNewerDatabaseIsRefused() {
    Bench old = Bench.master(Bench.tablesAfter(RegistryTables.EMPTY, Rows.addObject("a")));
    old.give(new Input.RegisterReplica(R1, SLAVE));
    String text =
        """
        database from replica `R' contains earlier updates:
        database `adapters': master serial = 1, replica serial = 1
        database `applications': master serial = 1, replica serial = 1
        database `objects': master serial = 2, replica serial = 3
        (database replication is disabled for this replica, please check the
         master and slave database with an administrative client and either:
         - restart the slave with --initdb-from-replica=Master
         - restart the master with --initdb-from-replica=R""";

    assertThat(old.work(subscribe(R2, S1, serials(1, 1, 3), 0)))
        .containsExactly(
            new Output.Report(Output.Severity.ERROR, text),
            new Output.Reply(R2, new Answer.DatabaseRefused(text)));
  }

  @Test
  void aTableTheMasterDoesNotKnowCountsAsNewer() {
    register();
    Map<String, Long> serials = serials(1, 1, 1);
    serials.put("quotas", 1L);

    assertThat(master.work(subscribe(R2, S1, serials, 0)))
        .last()
        .asString()
        .contains("database `quotas': master serial = 0, replica serial = 1");
  }

  @Test
  void aDatabaseOfALaterMasterIsRefused() {
    RegistryTables tables = RegistryTables.EMPTY.with(new RowChange.PutEpoch(new Epoch(3, true)));
    Bench old = Bench.master(tables);
    old.give(new Input.RegisterReplica(R1, SLAVE));

    assertThat(old.work(subscribe(R2, S1, serials(1, 1, 1), 4)))
        .last()
        .asString()
        .contains("master epoch = 3, replica epoch = 4")
        .contains("--initdb-from-replica=R");
    assertThat(old.work(subscribe(R3, S1, serials(1, 1, 1), 3)))
        .first()
        .isInstanceOf(Output.Push.class);
  }

  @Test
  void aRefusalIsReportedOnceAndThenAtASlowPace() {
    register();
    Input subscribe = subscribe(R2, S1, serials(1, 1, 5), 0);

    assertThat(master.work(subscribe)).hasSize(2);
    assertThat(master.work(subscribe)).hasSize(1);
    assertThat(master.work(subscribe(R2, S1, serials(1, 1, 6), 0))).hasSize(2);
    master.after(RepeatedReports.PERIOD_MILLIS - 1);
    assertThat(master.work(subscribe(R2, S1, serials(1, 1, 6), 0))).hasSize(1);
    master.after(1);
    assertThat(master.work(subscribe(R2, S1, serials(1, 1, 6), 0))).hasSize(2);
  }

  @Test
  void aSecondSubscriptionOfASessionIsRefused() {
    register();
    master.work(subscribe(R2, S1, serials(1, 1, 1), 0));

    assertThat(master.work(subscribe(R3, S1, serials(1, 1, 1), 0)))
        .containsExactly(
            new Output.Reply(R3, new Answer.DatabaseRefused("replica `R' has subscribed already")));
  }

  @Test
  void aReadOnlyMasterLeavesSlavesAlone() {
    Bench readOnly = Bench.readOnlyMaster(RegistryTables.EMPTY);
    readOnly.give(new Input.RegisterReplica(R1, SLAVE));

    assertThat(readOnly.work(subscribe(R2, S1, serials(9, 9, 9), 9)))
        .containsExactly(new Output.Reply(R2, DONE));
    assertThat(readOnly.write(3, new Command.PublishWellKnown(List.of(Rows.object("q")))))
        .noneMatch(Output.Push.class::isInstance);
  }

  @Test
  void whatAnEndedSessionSaysIsIgnoredOrAnswered() {
    register();
    master.give(new Input.DestroySession(S1));

    assertThat(master.work(subscribe(R2, S1, serials(1, 1, 1), 0)))
        .containsExactly(new Output.Reply(R2, new Answer.NoSession()));
    assertThat(master.work(new Input.RegisterWellKnown(R3, S1, List.of())))
        .containsExactly(new Output.Reply(R3, new Answer.NoSession()));
    assertThat(
            master.work(
                new Input.KeptAlive(S1),
                new Input.DestroySession(S1),
                new Input.PushDelivered(S1),
                new Input.PushFailed(S1, "x"),
                new Input.PingAnswered(S1, false),
                new Input.ReplicaDisconnected(S1),
                new Input.Acknowledged(S1, dev.firn.model.Topic.OBJECTS, 1, "")))
        .isEmpty();
    assertThat(master.give(new Input.KeptAlive(S1)))
        .containsExactly(
            new Output.Report(
                Output.Severity.TRACE_3, "ignored keep alive of ended replica session 1"));
  }

  @Test
  void shutdownEndsSessionsSilently() {
    register();
    master.work(
        new Input.RegisterWellKnown(R2, S1, List.of(Rows.object("a"))), new Input.Persisted());
    master.give(new Input.RegisterReplica(R3, info("elsewhere", "boot2")));

    assertThat(master.give(new Input.Shutdown()))
        .containsExactly(new Output.Reply(R3, new Answer.NotDone(Input.shuttingDown())));
    assertThat(master.tables().findObject(Rows.id("a"))).isNotNull();
    assertThat(master.give(new Input.RegisterReplica(R2, SLAVE)))
        .containsExactly(new Output.Reply(R2, new Answer.NotDone(Input.shuttingDown())));
    assertThat(master.give(subscribe(R2, S1, serials(1, 1, 1), 0)))
        .containsExactly(new Output.Reply(R2, new Answer.NotDone(Input.shuttingDown())));
    assertThat(master.give(new Input.RegisterWellKnown(R2, S1, List.of())))
        .containsExactly(new Output.Reply(R2, new Answer.NotDone(Input.shuttingDown())));
    assertThat(master.give(new Input.MasterAppeared(R2)))
        .containsExactly(new Output.Reply(R2, DONE));
  }

  private void register() {
    master.give(new Input.RegisterReplica(R1, SLAVE));
  }

  private static ReplicaInfo info(String proxy, String bootId) {
    return new ReplicaInfo("R", "host", proxy, Optional.of(bootId));
  }

  private static Input subscribe(
      RequestId request, SessionId session, Map<String, Long> serials, long epoch) {
    return new Input.Subscribe(request, session, Optional.of(serials), Optional.of(epoch));
  }

  private static Map<String, Long> serials(long applications, long adapters, long objects) {
    Map<String, Long> serials = new TreeMap<>();
    serials.put("applications", applications);
    serials.put("adapters", adapters);
    serials.put("objects", objects);
    return serials;
  }
}
