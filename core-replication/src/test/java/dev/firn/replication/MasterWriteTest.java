package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.Command;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The write path of a master without slaves. */
final class MasterWriteTest {
  private static final RequestId R1 = new RequestId(1);
  private static final RequestId R2 = new RequestId(2);
  private static final Answer DONE = new Answer.Done();

  private final Bench master = Bench.master();

  @Test
  void aCommandIsWrittenThenPublishedThenAnswered() {
    RowChange put = new RowChange.PutObject(Rows.object("a"), Optional.empty());

    assertThat(master.give(new Input.Submit(R1, Rows.addObject("a"))))
        .containsExactly(
            new Output.Persist(List.of(put, new RowChange.PutSerial(Topic.OBJECTS, 2))));
    assertThat(master.tables()).isSameAs(RegistryTables.EMPTY);

    List<Output> outputs = master.give(new Input.Persisted());
    assertThat(outputs)
        .containsExactly(
            new Output.Publish(
                master.tables(), List.of(new RegistryEvent.ObjectAdded(Rows.object("a")))),
            new Output.Reply(R1, DONE));
    assertThat(master.tables().findObject(Rows.id("a"))).isEqualTo(Rows.object("a"));
  }

  @Test
  void aRejectedCommandIsAnsweredAtOnce() {
    assertThat(master.give(new Input.Submit(R1, new Command.RemoveObject(Rows.id("a")))))
        .containsExactly(notDone(R1, Rejection.Reason.OBJECT_NOT_REGISTERED, "test/a"));
  }

  @Test
  void aCommandThatChangesNothingIsAnsweredAtOnce() {
    assertThat(master.give(new Input.Submit(R1, new Command.ClearAdapter("A"))))
        .containsExactly(new Output.Reply(R1, DONE));
  }

  @Test
  void aCommandThatCannotBeWrittenLeavesNothing() {
    master.give(new Input.Submit(R1, Rows.addObject("a")));

    assertThat(master.give(new Input.PersistFailed("disk full")))
        .containsExactly(notDone(R1, Rejection.Reason.NOT_PERSISTED, "disk full"));
    assertThat(master.tables()).isSameAs(RegistryTables.EMPTY);
    assertThat(master.write(2, Rows.addObject("a"))).hasSize(3);
  }

  @Test
  void commandsWaitForTheWriteBeforeThemAndSeeItsResult() {
    master.give(new Input.Submit(R1, Rows.addObject("a")));

    assertThat(master.give(new Input.Submit(R2, Rows.addObject("a")))).isEmpty();
    List<Output> outputs = master.give(new Input.Persisted());
    assertThat(outputs).element(1).isEqualTo(new Output.Reply(R1, DONE));
    assertThat(outputs).element(2).isEqualTo(notDone(R2, Rejection.Reason.OBJECT_EXISTS, "test/a"));
  }

  @Test
  void aPersistIsTheLastOutputOfItsStep() {
    master.give(new Input.Submit(R1, Rows.addObject("a")));
    master.give(new Input.Submit(R2, Rows.addObject("b")));

    assertThat(master.give(new Input.Persisted()))
        .hasSize(3)
        .last()
        .isInstanceOf(Output.Persist.class);
  }

  @Test
  void theEpochIsRaisedByBecomingMasterOnly() {
    master.write(1, new Command.BecomeMaster());
    assertThat(master.give(new Input.Submit(R2, new Command.BecomeMaster())))
        .containsExactly(new Output.Reply(R2, DONE));

    assertThat(master.tables().epoch().number()).isEqualTo(1);
    assertThat(master.tables().epoch().master()).isTrue();
  }

  @Test
  void aReadOnlyMasterChangesNothingButItself() {
    Bench readOnly = Bench.readOnlyMaster(RegistryTables.EMPTY);

    assertThat(readOnly.give(new Input.Submit(R1, Rows.setAdapter("A"))))
        .containsExactly(notDone(R1, Rejection.Reason.READ_ONLY, "master"));
    assertThat(readOnly.write(2, new Command.PublishWellKnown(List.of(Rows.object("me")))))
        .last()
        .isEqualTo(new Output.Reply(R2, DONE));
  }

  @Test
  void shutdownLetsTheWriteUnderWayEndAndRefusesTheRest() {
    master.give(new Input.Submit(R1, Rows.addObject("a")));
    master.give(new Input.Submit(R2, Rows.addObject("b")));

    assertThat(master.give(new Input.Shutdown()))
        .containsExactly(notDone(R2, Rejection.Reason.SHUTTING_DOWN, "registry"));
    assertThat(master.give(new Input.Persisted())).last().isEqualTo(new Output.Reply(R1, DONE));
    assertThat(master.give(new Input.Submit(R2, Rows.addObject("b"))))
        .containsExactly(notDone(R2, Rejection.Reason.SHUTTING_DOWN, "registry"));
    assertThat(master.give(new Input.Tick())).isEmpty();
  }

  @Test
  void shutdownReportsAFailedWrite() {
    master.give(new Input.Submit(R1, Rows.addObject("a")));
    master.give(new Input.Shutdown());

    assertThat(master.give(new Input.PersistFailed("disk full")))
        .containsExactly(notDone(R1, Rejection.Reason.NOT_PERSISTED, "disk full"));
  }

  @Test
  void anUnexpectedEndOfAWriteIsTheHostsBug() {
    assertThatThrownBy(() -> master.give(new Input.Persisted()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> master.give(new Input.PersistFailed("x")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMasterCalledByAnotherMasterAnswers() {
    assertThat(master.give(new Input.MasterAppeared(R1)))
        .containsExactly(new Output.Reply(R1, DONE));
  }

  @Test
  void adapterCommandsCountOnTheirOwnSerial() {
    master.write(1, Rows.setAdapter("A"));
    master.write(2, Rows.addObject("a"));
    master.write(3, Rows.addObject("b"));

    assertThat(master.tables().serials().adapters()).isEqualTo(2);
    assertThat(master.tables().serials().objects()).isEqualTo(3);
  }

  private static Output notDone(RequestId request, Rejection.Reason reason, String subject) {
    return new Output.Reply(request, new Answer.NotDone(new Rejection(reason, subject)));
  }
}
