package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ObjectId;
import dev.firn.server.AllocationOutcome.Granted;
import dev.firn.server.AllocationOutcome.Refusal;
import dev.firn.server.AllocationOutcome.Refused;
import dev.firn.server.AllocationOutcome.Released;
import dev.firn.server.AllocationOutput.Answer;
import dev.firn.server.AllocationOutput.ObjectAllocated;
import dev.firn.server.AllocationOutput.ObjectReleased;
import dev.firn.server.AllocationOutput.ServerAllocated;
import dev.firn.server.AllocationOutput.ServerReleased;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One input, its exact outputs. */
final class AllocationsTest {
  private static final long ALICE = 1;
  private static final long BOB = 2;

  private final Allocations allocations =
      new Allocations(AllocationConfig.DEFAULT, new Random(20261122));

  AllocationsTest() {
    allocations.open(ALICE);
    allocations.open(BOB);
  }

  private static AllocatableObject object(String server, String name) {
    return new AllocatableObject(
        new ObjectId(name, "test"), "::Test", "", server + ".Adapter", server);
  }

  private AllocatableObject deploy(String server, boolean allocatable, boolean loaded) {
    AllocatableObject object = object(server, "object of " + server);
    allocations.update(
        0, List.of(new AllocatableServer(server, allocatable, loaded, List.of(object))), List.of());
    return object;
  }

  @Test
  void aFreeObjectIsGrantedAtOnce() {
    AllocatableObject object = deploy("shared", false, false);

    assertThat(allocations.allocateById(0, 10, ALICE, object.id(), -1))
        .containsExactly(
            new ObjectAllocated(ALICE, 10, object), new Answer(10, new Granted(object)));
    assertThat(allocations.release(1, 11, ALICE, object.id()))
        .containsExactly(new ObjectReleased(ALICE, object), new Answer(11, new Released(object)));
  }

  @Test
  void theEndOfASessionFreesWhatItHasForTheNext() {
    AllocatableObject object = deploy("shared", false, false);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);
    assertThat(allocations.allocateByType(1, 11, BOB, "::Test", -1)).isEmpty();

    assertThat(allocations.end(2, ALICE))
        .containsExactly(
            new ObjectReleased(ALICE, object),
            new ObjectAllocated(BOB, 11, object),
            new Answer(11, new Granted(object)));
    assertThat(allocations.end(3, ALICE)).isEmpty();
  }

  @Test
  void aServerIsLoadedForItsSessionBeforeThatIsTold() {
    AllocatableObject object = deploy("own", true, true);

    assertThat(allocations.allocateById(0, 10, ALICE, object.id(), 0))
        .containsExactly(
            new ServerAllocated(ALICE, "own", 1, true), new ObjectAllocated(ALICE, 10, object));
    assertThat(allocations.loaded(1, "own", 1))
        .containsExactly(new Answer(10, new Granted(object)));
  }

  @Test
  void aServerIsUnloadedBeforeTheNextSessionGetsIt() {
    AllocatableObject object = deploy("own", true, true);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);
    allocations.loaded(0, "own", 1);
    allocations.allocateById(0, 11, BOB, object.id(), -1);

    assertThat(allocations.release(1, 12, ALICE, object.id()))
        .containsExactly(
            new ObjectReleased(ALICE, object), new ServerReleased(ALICE, "own", 1, true));
    assertThat(allocations.unloaded(2, "own", 1))
        .containsExactly(
            new Answer(12, new Released(object)),
            new ServerAllocated(BOB, "own", 2, true),
            new ObjectAllocated(BOB, 11, object));
  }

  @Test
  void aSessionThatEndsWhileItsServerIsLoadedIsToldSo() {
    AllocatableObject object = deploy("own", true, true);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);

    assertThat(allocations.end(1, ALICE))
        .containsExactly(
            new Answer(10, new Refused(Refusal.FAILED, "session destroyed")),
            new ObjectReleased(ALICE, object),
            new ServerReleased(ALICE, "own", 1, true));
    assertThat(allocations.loaded(2, "own", 1)).isEmpty();
  }

  @Test
  void aRequestWaitsAsLongAsItMay() {
    AllocatableObject object = deploy("shared", false, false);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);
    allocations.allocateById(0, 11, BOB, object.id(), 100);
    assertThat(allocations.nextDeadlineMillis()).hasValue(100);

    assertThat(allocations.tick(99)).isEmpty();
    assertThat(allocations.tick(100))
        .containsExactly(new Answer(11, new Refused(Refusal.TIMED_OUT, "")));
    assertThat(allocations.nextDeadlineMillis()).isEmpty();
  }

  @Test
  void anAllocationSurvivesAnUpdateThatLeavesTheObjectAlone() {
    AllocatableObject object = deploy("shared", false, false);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);
    AllocatableObject other = object("shared", "other");

    assertThat(
            allocations.update(
                1,
                List.of(new AllocatableServer("shared", true, false, List.of(object, other))),
                List.of()))
        .isEmpty();
    assertThat(allocations.holder(object.id())).hasValue(ALICE);
    // The new one is part of the server, which is allocatable from now on; the old one is not.
    assertThat(allocations.allocateById(2, 11, BOB, other.id(), -1))
        .containsExactly(
            new ServerAllocated(BOB, "shared", 1, false),
            new ObjectAllocated(BOB, 11, other),
            new Answer(11, new Granted(other)));
  }

  @Test
  void atTheEndOfAllNobodyGetsAnything() {
    AllocatableObject object = deploy("own", true, true);
    allocations.allocateById(0, 10, ALICE, object.id(), -1);
    allocations.loaded(0, "own", 1);
    allocations.allocateById(0, 11, BOB, object.id(), -1);

    assertThat(allocations.endAll(1))
        .containsExactly(
            new Answer(11, new Refused(Refusal.FAILED, "session destroyed")),
            new ObjectReleased(ALICE, object),
            new ServerReleased(ALICE, "own", 1, true));
  }
}
