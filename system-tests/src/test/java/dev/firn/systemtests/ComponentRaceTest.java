package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances are told to become active at the same time. */
@FirnOnly
class ComponentRaceTest {
  private static final int ROUNDS = 5;

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLargerEpochWinsAndTheOtherStandsBy(boolean replicated) {
    group.startLocator();
    if (replicated) {
      group.startReplicator();
    }
    List<ComponentGroup.Instance> both =
        List.of(1, 2).stream()
            .map(number -> replicated ? group.member(number) : group.instance(number))
            .map(ComponentGroup.Instance::start)
            .toList();
    long epoch = 0;
    for (int round = 0; round < ROUNDS; round++) {
      both.forEach(instance -> instance.awaitState(client, "Standby"));
      List<CompletableFuture<Json>> activations =
          both.stream().map(instance -> instance.replica(client).begin("activate")).toList();
      // Each is answered; true to both only if the second became active after the first.
      activations.forEach(PythonClient::await);
      ComponentGroup.Instance winner =
          Await.present(
              "one is active and the other stands by",
              () ->
                  both.stream()
                      .filter(instance -> instance.state(client).equals("Active"))
                      .filter(instance -> other(both, instance).state(client).equals("Standby"))
                      .findFirst());
      long won = winner.status(client).get("epoch").number();
      assertThat(won).isGreaterThan(epoch);
      assertThat(other(both, winner).counter(client).failure("value").type())
          .contains("ConnectionRefused");
      winner.counter(client).call("increment");
      epoch = won;
      winner.replica(client).call("standby");
    }
  }

  private static ComponentGroup.Instance other(
      List<ComponentGroup.Instance> both, ComponentGroup.Instance instance) {
    return both.get(1 - both.indexOf(instance));
  }
}
