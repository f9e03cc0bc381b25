package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Allocations under any interleaving, against {@link NaiveAllocations}. */
final class AllocationsPropertyTest {
  private static final int SESSIONS = 4;
  private static final int OBJECTS = 6;
  private static final int SERVERS = 3;
  private static final int[] TIMEOUTS = {-1, -1, 0, 50};

  enum Kind {
    BY_ID,
    BY_TYPE,
    RELEASE,
    END,
    LOADED,
    UNLOADED,
    ENABLED,
    UPDATE,
    MOVE,
    REMOVE,
    TIME
  }

  /** An event; the numbers choose among what there is. */
  record Step(Kind kind, int a, int b, int c) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, Arbitraries.just(Kind.BY_ID)),
            net.jqwik.api.Tuple.of(8, Arbitraries.just(Kind.BY_TYPE)),
            net.jqwik.api.Tuple.of(8, Arbitraries.just(Kind.RELEASE)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.END)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Kind.LOADED)),
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Kind.UNLOADED)),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(Kind.ENABLED)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.UPDATE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.MOVE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.REMOVE)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(Kind.TIME)));
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 63);
    return Combinators.combine(kinds, numbers, numbers, numbers)
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  /** The sessions' numbers; an ended one's place is taken by a new one. */
  private final List<Long> sessions = new ArrayList<>();

  private long lastSession;

  private NaiveAllocations start(long seed) {
    NaiveAllocations model = new NaiveAllocations(seed);
    sessions.clear();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(++lastSession);
      model.open(lastSession);
    }
    model.update(
        List.of(server(0, 0b001001, 0, 0), server(1, 0b010010, 1, 0), server(2, 0b100100, 2, 0)),
        List.of());
    return model;
  }

  private static ObjectId object(int number) {
    return new ObjectId("o" + Math.floorMod(number, OBJECTS), "");
  }

  private static AllocatableServer server(int number, int objects, int mode, int variant) {
    String id = "s" + Math.floorMod(number, SERVERS);
    List<AllocatableObject> made = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      if ((objects & 1 << i) != 0) {
        String type = "T" + (i + (variant & 1)) % 2;
        made.add(new AllocatableObject(object(i), type, "", id + ".Adapter", id));
      }
    }
    return new AllocatableServer(id, mode > 0, mode > 1, made);
  }

  private void run(NaiveAllocations model, Step step) {
    int slot = step.a % SESSIONS;
    long session = sessions.get(slot);
    int timeout = TIMEOUTS[step.c % TIMEOUTS.length];
    switch (step.kind) {
      case BY_ID -> model.allocateById(session, object(step.b), timeout);
      case BY_TYPE -> model.allocateByType(session, "T" + step.b % 2, timeout);
      case RELEASE -> {
        List<ObjectId> held =
            model.holders().entrySet().stream()
                .filter(each -> each.getValue() == session)
                .map(java.util.Map.Entry::getKey)
                .toList();
        // Mostly what the session has, sometimes what it has not.
        model.release(
            session,
            held.isEmpty() || step.c % 8 == 0 ? object(step.b) : held.get(step.b % held.size()));
      }
      case END -> {
        model.end(session);
        assertThat(model.holders()).doesNotContainValue(session);
        if (step.b % 4 == 0) {
          model.allocateByType(session, "T0", -1); // Too late: refused.
        }
        sessions.set(slot, ++lastSession);
        model.open(lastSession);
      }
      // Sometimes that of an assignment which is over, or for the second time.
      case LOADED ->
          (step.c % 4 == 0 ? model.transfer(step.b) : model.oldestLoading())
              .ifPresent(model::loaded);
      case UNLOADED ->
          (step.c % 4 == 0 ? model.transfer(step.b) : model.oldestUnloading())
              .ifPresent(model::unloaded);
      case ENABLED -> model.enabled("s" + step.a % SERVERS, step.b % 2 == 0);
      case UPDATE ->
          model.update(List.of(server(step.a, step.b, step.c % 3, step.c >> 2)), List.of());
      case MOVE ->
          model.update(
              List.of(
                  server(step.a, step.b, step.c % 3, 0),
                  server(step.a + 1, ~step.b, step.c / 3 % 3, 0)),
              List.of());
      case REMOVE -> model.update(List.of(), List.of("s" + step.a % SERVERS));
      case TIME -> model.advance(step.b);
    }
  }

  private static void settle(NaiveAllocations model) {
    while (true) {
      Optional<NaiveAllocations.Transfer> loading = model.oldestLoading();
      Optional<NaiveAllocations.Transfer> unloading = model.oldestUnloading();
      loading.ifPresent(model::loaded);
      unloading.ifPresent(model::unloaded);
      if (loading.isEmpty() && unloading.isEmpty()) {
        return;
      }
    }
  }

  @Property(tries = 3000, seed = "20261122")
  void theyDoWhatTheNaiveModelDoes(@ForAll("steps") List<Step> steps, @ForAll long seed) {
    NaiveAllocations model = start(seed);
    steps.forEach(step -> run(model, step));
    settle(model);
    model.endAll();
    settle(model);
    assertThat(model.holders()).isEmpty();
    for (long request = 1; request <= model.requests(); request++) {
      assertThat(model.answer(request)).as("answer of request %s", request).isNotNull();
    }
  }

  @Property(tries = 1000, seed = "20261122")
  void noRequestStarves(@ForAll("steps") List<Step> steps, @ForAll long seed) {
    NaiveAllocations model = start(seed);
    steps.forEach(step -> run(model, step));
    for (int i = 0; i < SERVERS; i++) {
      model.enabled("s" + i, true);
    }
    settle(model);
    if (model.waiting().isEmpty()) {
      return;
    }
    NaiveAllocations.Waiting last = model.waiting().get(model.waiting().size() - 1);
    model.open().stream().filter(session -> session != last.session()).forEach(model::end);
    settle(model);
    while (model.waiting().contains(last)) {
      ObjectId held =
          model.holders().keySet().stream()
              .findFirst()
              .orElseThrow(() -> new AssertionError("waits for nothing: " + last));
      model.release(last.session(), held);
      settle(model);
    }
    assertThat(model.answer(last.request()))
        .isInstanceOfAny(AllocationOutcome.Granted.class, AllocationOutcome.Refused.class)
        .satisfies(
            outcome ->
                assertThat(String.valueOf(outcome))
                    .matches(".*Granted.*|.*already allocated by the session.*"));
  }
}
