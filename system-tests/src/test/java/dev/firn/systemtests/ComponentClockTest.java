package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The wall clock of a host steps by an hour: no role changes, whatever it is that keeps the role.
 */
@FirnOnly
class ComponentClockTest {
  private static final long HOUR = 3600;

  /** Counting takes at least 5 ms, so these take longer than any lease. */
  private static final long MANY = 700;

  private static final String LOOP = "counting";

  private final Lab lab = new Lab();
  private final ComponentGroup group = new ComponentGroup(lab);
  private final IceClient client = lab.client();
  private final Path step = lab.write("step", "0");
  private Path clock;

  @BeforeEach
  void start() {
    Peers.require("cc");
    clock = lab.directory().resolve("clock.so");
    lab.succeeding(
        "cc",
        "-shared",
        "-fPIC",
        "-o",
        clock.toString(),
        Implementation.HOME.resolve("system-tests/src/test/native/clock.c").toString());
    group.startLocator();
    group.startReplicator();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoch", "lease", "managed"})
  void noRoleChangesWhenItSteps(String keeper) {
    ComponentGroup.Instance one = group.member(1);
    one.withEnvironment("LD_PRELOAD", clock.toString())
        .withEnvironment("FIRN_CLOCK_STEP", step.toString());
    if (keeper.equals("managed")) {
      RegistryProcess registry = lab.registry(Implementation.FIRN).start();
      one.with("Manager", "firn")
          .withGlobal("Ice.Default.Locator", registry.locatorProxy())
          .start();
      one.awaitState(client, "Active");
    } else {
      one.with("Fencing", keeper).start();
      one.awaitState(client, "Standby");
      one.activate(client);
    }
    Json before = one.status(client);
    client.startLoop(LOOP, one.counter(client), "increment");
    for (long seconds : new long[] {HOUR, -HOUR, 0}) {
      set(seconds);
      long goal = client.loopState(LOOP).get("count").number() + MANY;
      Await.until("counting goes on", () -> client.loopState(LOOP).get("count").number() >= goal);
    }
    assertThat(client.stopLoop(LOOP).get("errors").items()).isEmpty();
    Json after = one.status(client);
    assertThat(after.get("sinceMillis")).isEqualTo(before.get("sinceMillis"));
    assertThat(after.get("epoch")).isEqualTo(before.get("epoch"));
    assertThat(after.get("state").text()).isEqualTo("Active");
    if (keeper.equals("managed")) {
      return;
    }

    // The clock did step: it is what the instance tells the time of its next change with.
    set(HOUR);
    one.replica(client).call("standby");
    one.awaitState(client, "Standby");
    assertThat(one.status(client).get("sinceMillis").number())
        .isGreaterThan(System.currentTimeMillis() + Duration.ofMinutes(30).toMillis());
  }

  private void set(long seconds) {
    try {
      Path next = Files.writeString(lab.directory().resolve("step.new"), seconds + "\n");
      Files.move(next, step, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
