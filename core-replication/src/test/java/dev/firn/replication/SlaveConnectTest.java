package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.Command;
import dev.firn.model.Rejection;
import dev.firn.replication.Input.ConnectFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a slave gets, keeps and loses its session. */
final class SlaveConnectTest {
  private static final RequestId R1 = new RequestId(1);
  private static final Answer DONE = new Answer.Done();
  private static final Output REPLY_1 = new Output.Reply(R1, DONE);
  private static final Input TICK = new Input.Tick();

  private final Bench slave = Bench.slave();

  @Test
  void theFirstTickConnects() {
    assertThat(slave.give(TICK))
        .containsExactly(
            new Output.Report(
                Output.Severity.TRACE_2, "trying to establish session with master replica"),
            new Output.Connect(1));
    assertThat(slave.give(TICK)).isEmpty();
  }

  @Test
  void aCompleteSessionIsAnnounced() {
    slave.give(TICK);
    assertThat(slave.give(new Input.SessionEstablished(1, 15_000))).isEmpty();

    assertThat(slave.give(new Input.Subscribed(1)))
        .containsExactly(
            new Output.Report(Output.Severity.TRACE_1, "established session with master replica"),
            new Output.MasterUp(1));
  }

  @Test
  void aFailedAttemptIsRepeatedAfterAPeriod() {
    slave.give(TICK);

    assertThat(slave.give(failed(1, ConnectFailure.UNREACHABLE, "nobody there")))
        .containsExactly(
            new Output.Report(
                Output.Severity.TRACE_1,
                "failed to establish session with master replica:\nnobody there"),
            new Output.Disconnect(1),
            new Output.MasterDown());
    slave.after(1_999);
    assertThat(slave.tick()).isEmpty();
    slave.after(1);
    assertThat(slave.tick()).containsExactly(new Output.Connect(2));
    assertThat(slave.work(failed(2, ConnectFailure.UNREACHABLE, "nobody there")))
        .containsExactly(new Output.Disconnect(2));
  }

  @Test
  void aRefusalIsReportedOnceAndRepeatedAtASlowPace() {
    Output report = new Output.Report(Output.Severity.ERROR, "newer");
    slave.tick();
    assertThat(slave.work(failed(1, ConnectFailure.DATABASE_REFUSED, "newer")))
        .containsExactly(report, new Output.Disconnect(1), new Output.MasterDown());
    for (int attempt = 2; attempt <= 4; attempt++) {
      assertThat(slave.after(2_000).tick()).containsExactly(new Output.Connect(attempt));
      assertThat(slave.work(failed(attempt, ConnectFailure.DATABASE_REFUSED, "newer")))
          .containsExactly(new Output.Disconnect(attempt));
    }
    assertThat(slave.after(59_999).tick()).isEmpty();
    assertThat(slave.after(1).tick()).containsExactly(new Output.Connect(5));
    slave.after(RepeatedReports.PERIOD_MILLIS);
    assertThat(slave.work(failed(5, ConnectFailure.DATABASE_REFUSED, "newer")))
        .containsExactly(report, new Output.Disconnect(5));
  }

  @Test
  void aChangedRefusalIsReportedAtOnce() {
    slave.tick();
    slave.work(failed(1, ConnectFailure.DATABASE_REFUSED, "newer"));
    slave.after(2_000).tick();

    assertThat(slave.work(failed(2, ConnectFailure.NAME_IN_USE, "name in use")))
        .containsExactly(
            new Output.Report(Output.Severity.ERROR, "name in use"), new Output.Disconnect(2));
    slave.after(2_000).tick();
    assertThat(slave.work(failed(3, ConnectFailure.DENIED, "no certificate")))
        .containsExactly(
            new Output.Report(Output.Severity.ERROR, "no certificate"), new Output.Disconnect(3));
  }

  @Test
  void aSessionIsKeptAliveFromItsStart() {
    slave.tick();
    slave.work(new Input.SessionEstablished(1, 15_000));
    assertThat(slave.after(7_499).tick()).isEmpty();

    assertThat(slave.after(1).give(TICK))
        .containsExactly(
            new Output.Report(
                Output.Severity.TRACE_3, "sending keep alive message to master replica"),
            new Output.KeepAlive(1));
    slave.work(new Input.Subscribed(1), new Input.KeepAliveAnswered(1));
    assertThat(slave.after(7_499).tick()).isEmpty();
    assertThat(slave.after(1).tick()).containsExactly(new Output.KeepAlive(1));
    assertThat(slave.after(7_500).tick()).isEmpty();
  }

  @Test
  void anUnansweredKeepAliveLosesTheSession() {
    connected();
    assertThat(slave.after(7_500).tick()).containsExactly(new Output.KeepAlive(1));
    assertThat(slave.after(15_000).tick()).isEmpty();

    assertThat(slave.after(1).give(TICK))
        .containsExactly(
            new Output.Report(
                Output.Severity.TRACE_1,
                "lost session with master replica:\nno answer to a keep-alive for 15001 ms"),
            new Output.Disconnect(1),
            new Output.Report(
                Output.Severity.TRACE_2, "trying to establish session with master replica"),
            new Output.Connect(2));
  }

  @Test
  void aLostSessionIsReplacedAtOnceAndThenAfterPeriods() {
    connected();
    slave.after(5_000);

    assertThat(slave.work(new Input.MasterLost(1, "connection closed")))
        .containsExactly(new Output.Disconnect(1), new Output.Connect(2));
    assertThat(slave.work(failed(2, ConnectFailure.UNREACHABLE, "x")))
        .containsExactly(new Output.Disconnect(2), new Output.MasterDown());
    assertThat(slave.tick()).isEmpty();
    assertThat(slave.after(2_000).tick()).containsExactly(new Output.Connect(3));
  }

  @Test
  void aShortSessionIsNotReplacedBeforeAPeriodIsOver() {
    connected();
    slave.after(500);

    assertThat(slave.work(new Input.MasterLost(1, "connection closed")))
        .containsExactly(new Output.Disconnect(1));
    assertThat(slave.after(1_499).tick()).isEmpty();
    assertThat(slave.after(1).tick()).containsExactly(new Output.Connect(2));
  }

  @Test
  void aSessionLostBeforeItWasCompleteIsAFailedAttempt() {
    slave.tick();
    slave.work(new Input.SessionEstablished(1, 15_000));

    assertThat(slave.work(new Input.MasterLost(1, "gone")))
        .containsExactly(new Output.Disconnect(1), new Output.MasterDown());
  }

  @Test
  void masterDownIsToldAgainAfterTheNextLoss() {
    slave.tick();
    slave.work(failed(1, ConnectFailure.UNREACHABLE, "x"));
    slave.after(2_000).tick();
    slave.work(new Input.SessionEstablished(2, 15_000), new Input.Subscribed(2));
    slave.after(5_000).work(new Input.MasterLost(2, "gone"));

    assertThat(slave.work(failed(3, ConnectFailure.UNREACHABLE, "x")))
        .containsExactly(new Output.Disconnect(3), new Output.MasterDown());
  }

  @Test
  void aMasterThatAppearsIsConnectedAtOnceAndAnsweredWhenThatEnded() {
    slave.tick();
    slave.work(failed(1, ConnectFailure.UNREACHABLE, "x"));

    assertThat(slave.work(new Input.MasterAppeared(R1))).containsExactly(new Output.Connect(2));
    slave.work(new Input.SessionEstablished(2, 15_000));
    assertThat(slave.work(new Input.Subscribed(2)))
        .containsExactly(new Output.MasterUp(2), REPLY_1);
  }

  @Test
  void aMasterThatAppearsAndRefusesIsAnswered() {
    slave.tick();
    slave.work(new Input.MasterAppeared(R1));

    assertThat(slave.work(failed(1, ConnectFailure.UNREACHABLE, "x")))
        .containsExactly(new Output.Disconnect(1), new Output.MasterDown(), REPLY_1);
  }

  @Test
  void aMasterThatAppearsToAConnectedSlaveMakesItCheckItsSession() {
    connected();

    assertThat(slave.work(new Input.MasterAppeared(R1))).containsExactly(new Output.KeepAlive(1));
    assertThat(slave.work(new Input.MasterAppeared(new RequestId(2)))).isEmpty();
    assertThat(slave.work(new Input.KeepAliveAnswered(1)))
        .containsExactly(REPLY_1, new Output.Reply(new RequestId(2), DONE));
  }

  @Test
  void aRestartedMasterThatAppearsIsConnectedWithoutDelay() {
    connected();
    slave.work(new Input.MasterAppeared(R1));

    assertThat(slave.work(new Input.MasterLost(1, "no such session")))
        .containsExactly(new Output.Disconnect(1), new Output.Connect(2));
    slave.work(new Input.SessionEstablished(2, 15_000));
    assertThat(slave.work(new Input.Subscribed(2))).last().isEqualTo(REPLY_1);
  }

  @Test
  void inputsOfAnAttemptThatWasGivenUpAreIgnored() {
    connected();
    slave.after(5_000).work(new Input.MasterLost(1, "gone"));

    assertThat(
            slave.work(
                new Input.SessionEstablished(1, 1),
                new Input.Subscribed(1),
                failed(1, ConnectFailure.UNREACHABLE, "x"),
                new Input.KeepAliveAnswered(1),
                new Input.MasterLost(1, "again"),
                new Input.UnknownUpdateReceived(1, dev.firn.model.Topic.APPLICATIONS, 1, "x")))
        .isEmpty();
  }

  @Test
  void anImpossibleInputIsTheHostsBug() {
    connected();

    assertThatThrownBy(() -> slave.give(new Input.Subscribed(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CONNECTED");
    assertThatThrownBy(() -> slave.give(new Input.SessionEstablished(1, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slave.give(failed(1, ConnectFailure.DENIED, "x")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSlaveChangesOnlyWhatIsItsOwn() {
    Rejection readOnly = new Rejection(Rejection.Reason.READ_ONLY, "replica");
    List<Command> refused =
        List.of(
            Rows.addObject("a"),
            new Command.UpdateObject(Rows.id("a"), Rows.proxy("a", "B")),
            new Command.RemoveObject(Rows.id("a")),
            Rows.setAdapter("A"),
            new Command.ClearAdapter("A"),
            new Command.RemoveAdapter("A"),
            new Command.RemoveApplication("App"),
            new Command.BecomeMaster());
    for (Command command : refused) {
      assertThat(slave.give(new Input.Submit(R1, command)))
          .containsExactly(new Output.Reply(R1, new Answer.NotDone(readOnly)));
    }
    List<Command> own =
        List.of(
            new Command.PublishWellKnown(List.of(Rows.object("a"))),
            new Command.SaveNode(Rows.object("n")),
            new Command.ForgetNode(Rows.id("n")),
            new Command.WithdrawWellKnown(List.of(Rows.id("a"))));
    for (Command command : own) {
      List<Output> outputs = slave.write(1, command);
      assertThat(outputs).hasSize(3).last().isEqualTo(REPLY_1);
      assertThat(outputs).element(1).isInstanceOf(Output.Publish.class);
    }
    assertThat(slave.give(new Input.Submit(R1, new Command.BecomeReplica())))
        .containsExactly(REPLY_1);
  }

  @Test
  void aLocalChangeThatCannotBeWrittenIsAnswered() {
    slave.work(new Input.Submit(R1, new Command.SaveNode(Rows.object("n"))));

    assertThat(slave.work(new Input.PersistFailed("full")))
        .containsExactly(
            new Output.Reply(
                R1, new Answer.NotDone(new Rejection(Rejection.Reason.NOT_PERSISTED, "full"))));
  }

  @Test
  void shutdownEndsTheSession() {
    connected();
    slave.work(new Input.MasterAppeared(R1));
    slave.work(new Input.Submit(new RequestId(2), new Command.SaveNode(Rows.object("n"))));
    slave.work(new Input.Submit(new RequestId(3), new Command.SaveNode(Rows.object("m"))));

    assertThat(slave.give(new Input.Shutdown()))
        .containsExactly(
            new Output.Report(Output.Severity.TRACE_1, "destroyed master replica session"),
            new Output.Disconnect(1),
            REPLY_1,
            new Output.Reply(new RequestId(3), new Answer.NotDone(Input.shuttingDown())));
    assertThat(slave.give(new Input.Persisted()))
        .last()
        .isEqualTo(new Output.Reply(new RequestId(2), DONE));
    assertThat(slave.give(new Input.MasterAppeared(R1))).containsExactly(REPLY_1);
    assertThat(slave.give(new Input.Submit(R1, new Command.SaveNode(Rows.object("m")))))
        .containsExactly(new Output.Reply(R1, new Answer.NotDone(Input.shuttingDown())));
    assertThat(slave.after(100_000).give(TICK)).isEmpty();
  }

  @Test
  void shutdownWhileConnectingGivesTheAttemptUp() {
    slave.tick();

    assertThat(slave.give(new Input.Shutdown())).containsExactly(new Output.Disconnect(1));
    assertThat(slave.give(new Input.Subscribed(1))).isEmpty();
  }

  private void connected() {
    slave.work(TICK, new Input.SessionEstablished(1, 15_000), new Input.Subscribed(1));
  }

  private static Input failed(long attempt, ConnectFailure failure, String reason) {
    return new Input.ConnectFailed(attempt, failure, reason);
  }
}
