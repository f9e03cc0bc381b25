package dev.firn.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.EncodedProxy;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One input, exact outputs. */
final class StepTest {
  private static final RequestId R = new RequestId(1);
  private static final ReplicaId ONE = new ReplicaId(1);
  private static final ReplicaId THREE = new ReplicaId(3);
  private static final String GROUP = "3:uuid:g5";

  private final Replica two =
      Replica.ofStorm(
          ElectionConfig.of(new ReplicaId(2), List.of(ONE, new ReplicaId(2), THREE)),
          TopicTables.EMPTY,
          new SplittableRandom(1));

  @Test
  void anInvitationIsAcceptedOnceThePromiseIsStored() {
    two.step(0, new Input.Start());

    List<Output> outputs = two.step(0, new Input.Told(new Message.Invitation(THREE, GROUP)));
    assertThat(outputs.get(outputs.size() - 1))
        .isEqualTo(new Output.Persist(List.of(new StateChange.SetPromise(5))));
    assertThat(outputs).noneMatch(Output.Tell.class::isInstance);

    assertThat(two.step(0, new Input.Persisted()))
        .contains(
            new Output.Tell(
                THREE,
                new Message.Accept(
                    new ReplicaId(2), GROUP, List.of(), EncodedProxy.NULL, LogPosition.ZERO, 0)));
    assertThat(two.view().state()).isEqualTo(NodeState.REORGANIZATION);
  }

  @Test
  void aGenerationThatWasPromisedIsNotPromisedAgain() {
    join();
    two.step(500, new Input.CallFailed(heartbeat(), Input.Failure.REFUSED, "gone"));
    assertThat(two.view().state()).isEqualTo(NodeState.INACTIVE);

    two.step(600, new Input.Told(new Message.Invitation(ONE, "1:uuid:g5")));

    assertThat(two.view().state()).isEqualTo(NodeState.INACTIVE);
  }

  @Test
  void aSuspicionThatOvertakesTheAcceptIsNoReasonToLeave() {
    join();
    CallId suspicion = areYouThere(two.step(1, new Input.PeerConnectionClosed(THREE)));
    two.step(2, new Input.CallAnswered(suspicion, new Answer.Bool(false)));
    assertThat(two.view().state()).isEqualTo(NodeState.REORGANIZATION);

    two.step(401, new Input.CallAnswered(heartbeat(), new Answer.Bool(false)));
    assertThat(two.view().state()).isEqualTo(NodeState.INACTIVE);
  }

  @Test
  void contentOfAnotherGenerationIsRefused() {
    join();

    assertThat(two.step(1, asked(new Message.Init(new LogPosition(4, 0), List.of()))))
        .contains(new Output.Reply(R, new Answer.Inconsistent("invalid generation")));
  }

  @Test
  void contentIsConfirmedWhenItIsStored() {
    join();

    assertThat(two.step(1, asked(new Message.Init(new LogPosition(5, 0), List.of()))))
        .containsExactly(
            new Output.Persist(List.of(new StateChange.SetPosition(new LogPosition(5, 0)))));
    assertThat(two.step(1, new Input.Persisted()))
        .containsExactly(new Output.Reply(R, new Answer.Done()));
  }

  @Test
  void readyBeforeInitLeavesTheGroup() {
    join();

    two.step(1, asked(new Message.Ready(THREE, GROUP, EncodedProxy.NULL, 3, 5)));

    assertThat(two.view().state()).isEqualTo(NodeState.INACTIVE);
  }

  @Test
  void updatesAreTakenInOrderOnly() {
    join();
    two.step(1, asked(new Message.Init(new LogPosition(5, 0), List.of())));
    two.step(1, new Input.Persisted());
    two.step(1, asked(new Message.Ready(THREE, GROUP, EncodedProxy.NULL, 3, 5)));
    assertThat(two.view().state()).isEqualTo(NodeState.NORMAL);

    assertThat(two.step(2, update(4, 1)))
        .contains(new Output.Reply(R, new Answer.Inconsistent("invalid generation")));
    assertThat(two.view().state()).isEqualTo(NodeState.NORMAL);

    two.step(3, update(5, 2));
    assertThat(two.view().state()).isEqualTo(NodeState.INACTIVE);
    assertThat(((TopicTables) two.state()).find("a")).isNull();
  }

  @Test
  void strangersAreIgnored() {
    two.step(0, new Input.Start());
    ReplicaId stranger = new ReplicaId(9);

    assertThat(two.step(1, new Input.Told(new Message.Invitation(stranger, "9:uuid"))))
        .containsExactly(
            new Output.Report(
                Output.Severity.WARNING, "Election: ignoring invitation from unknown node 9"));
  }

  @Test
  void theEndReleasesEverybody() {
    two.step(0, new Input.Start());
    two.step(0, new Input.Submit(R, Topics.create("a")));

    assertThat(two.step(1, new Input.Shutdown()))
        .contains(new Output.Reply(R, new Answer.UnknownOutcome("shutting down")));
    assertThat(two.step(2, asked(new Message.AreYouCoordinator())))
        .containsExactly(new Output.Reply(R, new Answer.Failed("shutting down")));
    assertThat(two.wakeAtMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void hostsThatBreakTheRulesAreTold() {
    assertThatThrownBy(() -> two.step(0, new Input.Tick()))
        .isInstanceOf(IllegalStateException.class);
    two.step(0, new Input.Start());
    assertThatThrownBy(() -> two.step(0, new Input.Persisted()))
        .isInstanceOf(IllegalStateException.class);
  }

  private CallId heartbeat() {
    return areYouThere(two.step(400, new Input.Tick()));
  }

  private static CallId areYouThere(List<Output> outputs) {
    return outputs.stream()
        .filter(Output.Ask.class::isInstance)
        .map(Output.Ask.class::cast)
        .filter(ask -> ask.message() instanceof Message.AreYouThere)
        .map(Output.Ask::call)
        .findFirst()
        .orElseThrow();
  }

  private void join() {
    two.step(0, new Input.Start());
    two.step(0, new Input.Told(new Message.Invitation(THREE, GROUP)));
    two.step(0, new Input.Persisted());
  }

  private static Input asked(Message.Call message) {
    return new Input.Asked(R, message);
  }

  private static Input update(long generation, long iteration) {
    return asked(new Message.Update(new LogPosition(generation, iteration), Topics.create("a")));
  }
}
