package dev.firn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.RegistryTables;
import dev.firn.replication.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random runs, and situations worth telling by themselves. */
final class SimulationTest {
  private static final int SEEDS = 10_000;

  @Test
  void tenThousandSeedsHold() {
    long events = 0;
    long acknowledged = 0;
    long replicated = 0;
    long lostByChoice = 0;
    long promotions = 0;
    long located = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Result result = Simulation.run(seed);
      events += result.events();
      acknowledged += result.acknowledged();
      replicated += result.replicated();
      lostByChoice += result.lostByChoice();
      promotions += result.promotions();
      located += result.located();
    }
    System.out.printf(
        "%d seeds: %d events, %d updates acknowledged, %d of them by slaves too, %d given up by"
            + " promoting a slave that was not connected, %d promotions, %d look-ups%n",
        SEEDS, events, acknowledged, replicated, lostByChoice, promotions, located);
    // The runs are worth something only while things happen in them.
    assertThat(promotions).isGreaterThan(SEEDS / 2);
    assertThat(replicated).isGreaterThan(SEEDS * 10L);
    assertThat(located).isGreaterThan(SEEDS * 100L);
  }

  @Test
  void aSeedReplaysExactly() {
    for (long seed = 1; seed <= 20; seed++) {
      List<String> first = traceOf(seed);

      assertThat(first).hasSizeGreaterThan(100);
      assertThat(traceOf(seed)).isEqualTo(first);
    }
    assertThat(traceOf(1)).isNotEqualTo(traceOf(4));
  }

  private static List<String> traceOf(long seed) {
    Simulation simulation = Simulation.random(seed).traced().start();
    simulation.runRandomly();
    return simulation.traceLines();
  }

  @Test
  void anUpdateIsOnEverySlaveWhenItsClientIsTold() {
    Simulation sim = converged(3);

    ClientCommand update = sim.submit(set("a", "1"));
    sim.await("answered", update::isDone);

    assertThat(sim.tables(1).findAdapter("a")).isEqualTo(adapter("a", "1"));
    assertThat(sim.tables(2).findAdapter("a")).isEqualTo(adapter("a", "1"));
  }

  @Test
  void anIsolatedSlaveDoesNotHoldUpClientsForLongAndCatchesUp() {
    Simulation sim = converged(3);
    sim.isolate(2);

    ClientCommand update = sim.submit(set("a", "1"));
    sim.await("answered", update::isDone);
    assertThat(sim.tables(1).findAdapter("a")).isNotNull();
    assertThat(sim.tables(2).findAdapter("a")).isNull();
    assertThat(sim.reports()).anyMatch(line -> line.contains("replica `R2'"));

    sim.heal();
    sim.awaitConverged();
    assertThat(sim.tables(2).findAdapter("a")).isNotNull();
  }

  @Test
  void aPromotedSlaveHasWhatWasAcknowledgedAndTheOthersFollowIt() {
    Simulation sim = converged(3);
    ClientCommand update = sim.submit(set("a", "1"));
    sim.await("answered", update::isDone);

    sim.kill(0);
    sim.promote(1);
    sim.startIfDown(0);
    sim.awaitConverged();

    assertThat(sim.tables(1).findAdapter("a")).isNotNull();
    assertThat(sim.tables(0).sameReplicatedContent(sim.tables(1))).isTrue();
    assertThat(sim.tables(2).sameReplicatedContent(sim.tables(1))).isTrue();
    assertThat(sim.tables(1).epoch().number()).isEqualTo(2);
    ClientCommand next = sim.submit(set("b", "2"));
    sim.await("answered", next::isDone);
    sim.awaitConverged();
    assertThat(sim.tables(0).findAdapter("b")).isNotNull();
  }

  @Test
  void slavesAnswerWhileThereIsNoMaster() {
    Simulation sim = converged(3);
    sim.await("answered", sim.submit(set("a", "1"))::isDone);
    sim.kill(0);
    sim.pass(60_000);

    assertThat(sim.tables(1).findAdapter("a")).isNotNull();
    assertThat(sim.tables(2).findAdapter("a")).isNotNull();
    assertThatThrownBy(() -> sim.submit(set("b", "2"))).hasMessage("there is no master");
  }

  @Test
  void aDatabaseThatTheNewMasterLacksIsRefusedOnceAndLeftAlone() {
    Simulation sim = converged(2);
    sim.kill(1);
    sim.await("answered", sim.submit(set("a", "1"))::isDone);
    RegistryTables newer = sim.tables(0);
    sim.kill(0);
    sim.promote(1);
    sim.startIfDown(0);
    sim.pass(5_000);

    assertThat(sim.tables(0).findAdapter("a")).isEqualTo(newer.findAdapter("a"));
    assertThat(sim.reports())
        .filteredOn(line -> line.startsWith("R1*") && line.contains("contains earlier updates"))
        .hasSize(1);
    assertThat(sim.reports())
        .filteredOn(line -> line.startsWith("R0") && line.contains("contains earlier updates"))
        .hasSize(1);
    sim.awaitConverged(); // the operator gives it an empty database
    assertThat(sim.tables(0).findAdapter("a")).isNull();
  }

  @Test
  void aCommandThatIsNotValidChangesNothingAnywhere() {
    Simulation sim = converged(2);
    ClientCommand removal = sim.submit(new Command.RemoveObject(Values.id("nobody")));

    assertThat(removal.answer()).containsInstanceOf(Answer.NotDone.class);
  }

  private static Simulation converged(int registries) {
    Simulation sim = Simulation.of(registries).seed(42).start();
    sim.awaitConverged();
    return sim;
  }

  private static Command set(String id, String value) {
    return new Command.SetAdapter(adapter(id, value));
  }

  private static AdapterEntry adapter(String id, String value) {
    return Values.adapter(id, value, "");
  }
}
