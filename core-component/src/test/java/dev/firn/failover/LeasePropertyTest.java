package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The registry's leases under anything that network, processes and clocks may do. */
class LeasePropertyTest {
  @Property(seed = "20261122", tries = 300, shrinking = ShrinkingMode.OFF)
  void neverDoTwoHoldTheRoleAndInTheEndOneDoes(@ForAll long seed) {
    Random random = new Random(seed);
    LeaseWorld world = new LeaseWorld(seed, 2 + random.nextInt(3), LeaseConfig.defaults(), 0.05);
    for (int i = 0; i < 40; i++) {
      LeaseWorld.Instance one = world.instances.get(random.nextInt(world.instances.size()));
      switch (random.nextInt(9)) {
        case 0 -> one.kill();
        case 1 -> one.cut = true;
        case 2 -> one.pause();
        case 3 -> world.killRegistry();
        case 4 -> world.transfer(one.name, random.nextBoolean());
        case 5 -> one.step(new RoleInput.Standby(new RoleRequestId(i)));
        default -> {
          // Time only.
        }
      }
      world.run(random.nextInt(random.nextInt(4) == 0 ? 3_000 : 600));
      for (LeaseWorld.Instance each : world.instances) {
        if (random.nextInt(3) == 0) {
          each.cut = false;
        }
        if (random.nextInt(3) == 0) {
          each.resume();
        }
        if (random.nextInt(3) == 0 && !each.up) {
          each.start();
        }
      }
      if (!world.registryServes() && random.nextBoolean()) {
        if (world.registryUp() || random.nextBoolean()) {
          world.startRegistry();
        } else {
          world.bindRegistry();
        }
      }
    }
    if (!world.registryServes()) {
      world.startRegistry();
    }
    for (LeaseWorld.Instance each : world.instances) {
      each.cut = false;
      each.resume();
      if (!each.up || each.machine.view().state() == RoleState.FAILED) {
        each.kill();
        each.start();
      }
    }
    for (int i = 0; i < 200 && world.active().size() != 1; i++) {
      world.run(100);
    }
    assertThat(world.active()).as(String.join("\n", world.trace)).hasSize(1);
  }
}
