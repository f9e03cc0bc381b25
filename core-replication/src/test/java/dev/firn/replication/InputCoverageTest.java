package dev.firn.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every input there is, is taken by the master, by the slave or by both, and refused otherwise. */
final class InputCoverageTest {
  private static final RequestId R = new RequestId(1);
  private static final SessionId S = new SessionId(1);

  @Test
  void everyInputIsTakenBySomebody() {
    List<Input> inputs =
        List.of(
            new Input.Submit(R, Rows.addObject("a")),
            new Input.Persisted(),
            new Input.PersistFailed("x"),
            new Input.Tick(),
            new Input.Shutdown(),
            new Input.RegisterReplica(R, new ReplicaInfo("R", "h", "p", Optional.empty())),
            new Input.PingAnswered(S, true),
            new Input.Subscribe(R, S, Optional.empty(), Optional.empty()),
            new Input.RegisterWellKnown(R, S, List.of()),
            new Input.Acknowledged(S, Topic.OBJECTS, 1, ""),
            new Input.KeptAlive(S),
            new Input.PushDelivered(S),
            new Input.PushFailed(S, "x"),
            new Input.ReplicaDisconnected(S),
            new Input.DestroySession(S),
            new Input.SessionEstablished(1, 1),
            new Input.Subscribed(1),
            new Input.ConnectFailed(1, Input.ConnectFailure.DENIED, "x"),
            new Input.KeepAliveAnswered(1),
            new Input.MasterLost(1, "x"),
            new Input.MasterAppeared(R),
            new Input.UpdateReceived(
                1,
                new PushedUpdate(
                    new dev.firn.model.RegistryEvent.ObjectsReplaced(List.of()),
                    1,
                    Optional.empty(),
                    Optional.empty())),
            new Input.UnknownUpdateReceived(1, Topic.OBJECTS, 1, "x"));
    assertThat(inputs)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(
            new ArrayList<Class<?>>(Arrays.asList(Input.class.getPermittedSubclasses())));

    for (Input input : inputs) {
      boolean byMaster = takes(Bench.master(), input);
      boolean bySlave = takes(Bench.slave(), input);
      assertThat(byMaster || bySlave).as("%s", input).isTrue();
    }
  }

  private static boolean takes(Bench bench, Input input) {
    try {
      bench.give(input);
      return true;
    } catch (IllegalStateException e) {
      // Persisted and PersistFailed are taken, but nothing is outstanding here.
      return String.valueOf(e.getMessage()).contains("without an outstanding Persist");
    }
  }
}
