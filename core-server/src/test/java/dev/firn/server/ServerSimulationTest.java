package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers, registries and processes that do everything wrong, in simulated time. */
final class ServerSimulationTest {
  private static final int SEEDS = Integer.getInteger("firn.server.seeds", 1_000);
  private static final int MUTANT_SEEDS = 300;

  @Test
  void everyServerEndsUpAsItIsDeployed() {
    for (long seed = Integer.getInteger("firn.server.seed", 0); seed < SEEDS; seed++) {
      Optional<String> failure = failure(seed, ServerMutant.NONE);
      assertThat(failure).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void oneSeedIsOneRun() {
    assertThat(simulate(7, ServerMutant.NONE).summary())
        .isEqualTo(simulate(7, ServerMutant.NONE).summary());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void defectIsNoticed(ServerMutant mutant) {
    for (long seed = 0; seed < MUTANT_SEEDS; seed++) {
      if (failure(seed, mutant).isPresent()) {
        return;
      }
    }
    throw new AssertionError("nobody noticed " + mutant);
  }

  private static Optional<String> failure(long seed, ServerMutant mutant) {
    try {
      simulate(seed, mutant);
      return Optional.empty();
    } catch (AssertionError | IllegalStateException | java.util.NoSuchElementException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  static ServerWorld simulate(long seed, ServerMutant mutant) {
    ServerWorld world = new ServerWorld(seed, mutant);
    try {
      world.load(Servers.server("on-demand", 1), "Master", false);
      for (int i = 0; i < 60; i++) {
        world.run(world.between(0, world.random.nextInt(4) == 0 ? 8_000 : 600));
        world.act();
      }
      String activation = List.of("always", "manual", "on-demand").get(world.random.nextInt(3));
      world.settle(Servers.server(activation, 1_000, "last", "v", true, ""));
      world.ask(caller -> new ServerInput.SetEnabled(caller, true));
      if (activation.equals("on-demand")) {
        world.ask(caller -> new ServerInput.Activate(caller, "a"));
      } else if (activation.equals("manual")) {
        world.ask(ServerInput.Stop::new);
      }
      world.run(60_000);
      boolean runs = !activation.equals("manual");
      assertThat(world.view().life()).isEqualTo(runs ? LifeState.ACTIVE : LifeState.INACTIVE);
      assertThat(world.alive()).isEqualTo(runs ? 1 : 0);
      assertThat(world.written().map(written -> written.exe())).contains("last");
    } catch (AssertionError | RuntimeException e) {
      if (Boolean.getBoolean("firn.server.trace")) {
        world.trace.forEach(System.out::println);
      }
      throw e;
    }
    return world;
  }
}
