package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Any life of an instance: whatever happens, in any order, with anything left unanswered. */
class RolePropertyTest {
  private static final int STEPS = 150;

  @Property(seed = "20261122", tries = 4_000, shrinking = ShrinkingMode.OFF)
  void everyStateIsLeftAndEveryRequestIsAnswered(@ForAll long seed) {
    Random random = new Random(seed);
    RoleConfig config = config(random);
    RoleWorld world = new RoleWorld(config);
    List<RoleRequestId> requests = new ArrayList<>();
    world.step(new RoleInput.Start());
    boolean stopped = false;
    for (int i = 0; i < STEPS; i++) {
      if (random.nextInt(3) == 0) {
        happen(world, random, requests);
      } else if (!world.asked.isEmpty() && random.nextInt(5) != 0) {
        answer(world, random);
      } else if (random.nextInt(8) == 0) {
        world.sleep(random.nextInt(3_000));
      } else {
        world.pass(random.nextInt(random.nextInt(10) == 0 ? 8_000 : 300));
      }
      if (random.nextInt(400) == 0) {
        world.step(new RoleInput.Stop());
        stopped = true;
      }
    }
    // From here on nobody answers anything.
    world.pass(config.times().activateMillis() + 2 * config.times().standbyMillis() + 20_000);
    assertThat(world.answers.keySet()).as("every request is answered").containsAll(requests);
    assertThat(world.state()).isNotIn(RoleState.DEACTIVATING);
    if (!config.standalone()) {
      assertThat(world.state()).isNotEqualTo(RoleState.ACTIVATING);
    }
    if (stopped) {
      assertThat(world.machine.view().ended()).isTrue();
    }
  }

  @Test
  void whatIsTriedGoesFar() {
    Map<RoleState, Integer> reached = new EnumMap<>(RoleState.class);
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      RoleWorld world = new RoleWorld(config(random));
      world.step(new RoleInput.Start());
      for (int i = 0; i < STEPS; i++) {
        if (random.nextInt(3) == 0) {
          happen(world, random, new ArrayList<>());
        } else if (!world.asked.isEmpty()) {
          answer(world, random);
        } else {
          world.pass(random.nextInt(300));
        }
        reached.merge(world.state(), 1, Integer::sum);
      }
    }
    for (RoleState state : RoleState.values()) {
      if (state != RoleState.STOPPING) {
        assertThat(reached.getOrDefault(state, 0)).as("steps in %s", state).isGreaterThan(500);
      }
    }
  }

  private static RoleConfig config(Random random) {
    boolean managed = random.nextInt(3) == 0;
    boolean standalone = !managed && random.nextInt(5) == 0;
    return (standalone ? RoleConfig.alone() : RoleConfig.member())
        .withManaged(managed)
        .withReplicated(random.nextInt(4) != 0)
        .withFencing(List.of(Fencing.values()).get(random.nextInt(3)))
        .withRequireLocator(random.nextBoolean())
        .withAllowUnsyncedActivate(random.nextInt(3) == 0)
        .withStopWhenUnprotected(random.nextInt(4) == 0)
        .withTimeouts(
            1_000L << random.nextInt(5), 1_000L << random.nextInt(5), 500L << random.nextInt(4));
  }

  private static void happen(RoleWorld world, Random random, List<RoleRequestId> requests) {
    long epoch = world.machine.view().epoch();
    long some = Math.max(0, epoch + random.nextInt(6) - 2);
    long seq = world.machine.view().appliedSeq();
    switch (random.nextInt(20)) {
      case 0, 1 -> world.step(new RoleInput.BackplaneRegistered());
      case 2, 3 -> world.step(new RoleInput.ReplicatorFound());
      case 4 -> world.step(new RoleInput.ReplicatorLost("gone"));
      case 5 -> world.step(new RoleInput.ConfigurationRegistered());
      case 6, 7 -> world.step(new RoleInput.Synchronized(seq + random.nextInt(3)));
      case 8 -> world.step(new RoleInput.Progress(seq + 1, seq + random.nextInt(4)));
      case 9, 10 -> requests.add(world.activate());
      case 11, 12 ->
          requests.add(world.promote(random.nextBoolean() ? 0 : some, random.nextBoolean()));
      case 13 -> requests.add(world.askStandby());
      case 14 -> requests.add(world.demote(random.nextBoolean() ? 0 : some));
      case 15 ->
          world.step(
              random.nextBoolean()
                  ? new RoleInput.StaleWriter(epoch, some)
                  : new RoleInput.StaleWriter(some, epoch));
      case 16 ->
          world.step(
              random.nextBoolean()
                  ? new RoleInput.Unprotected("alone")
                  : new RoleInput.ProtectedAgain());
      case 17, 18 ->
          world.step(new RoleInput.LeaseGranted(some, world.now + random.nextInt(1_500)));
      default ->
          world.step(
              random.nextBoolean()
                  ? new RoleInput.LeaseRecalled(epoch)
                  : new RoleInput.LeaseLost(epoch, "another has it"));
    }
  }

  private static void answer(RoleWorld world, Random random) {
    // The newest mostly; sometimes one that nobody waits for any more, or one that answers again.
    int index = random.nextInt(4) == 0 ? random.nextInt(world.asked.size()) : -1;
    RoleWorld.Asked asked = world.asked.get(index < 0 ? world.asked.size() - 1 : index);
    if (random.nextInt(10) != 0) {
      world.asked.remove(asked);
    }
    long run = asked.run();
    boolean well = random.nextInt(4) != 0;
    long epoch = world.machine.view().epoch();
    world.step(
        switch (asked.what()) {
          case "claim", "confirm" -> {
            long given = asked.epoch() == 0 ? epoch + random.nextInt(4) : asked.epoch();
            long head = world.machine.view().appliedSeq() + random.nextInt(3) - 1;
            yield well
                ? new RoleInput.Claimed(run, given, head)
                : random.nextBoolean()
                    ? new RoleInput.ClaimRefused(run, epoch + random.nextInt(3))
                    : new RoleInput.ClaimFailed(run, "no connection");
          }
          case "hook" ->
              well ? new RoleInput.HookDone(run) : new RoleInput.HookFailed(run, "thrown");
          case "open" ->
              well
                  ? new RoleInput.AdapterOpened(run)
                  : new RoleInput.AdapterFailed(run, "no address");
          case "hold" -> new RoleInput.Drained(run);
          case "close" -> new RoleInput.AdapterClosed(run);
          case "register" ->
              well
                  ? new RoleInput.Registered(run)
                  : random.nextBoolean()
                      ? new RoleInput.RegisterFailed(run, "no locator")
                      : new RoleInput.RegisterRefused(run, epoch + random.nextInt(2));
          case "unregister" -> new RoleInput.Unregistered(run);
          case "flush" ->
              well ? new RoleInput.Flushed(run, 7) : new RoleInput.FlushFailed(run, "refused");
          default -> throw new AssertionError(asked.what());
        });
  }
}
