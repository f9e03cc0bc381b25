package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.model.ObjectId;
import dev.firn.server.AllocationOutcome.Granted;
import dev.firn.server.AllocationOutcome.Refusal;
import dev.firn.server.AllocationOutcome.Refused;
import dev.firn.server.AllocationOutcome.Released;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What sessions have and wait for, as plain lists that are searched. Drives {@link Allocations} and
 * checks each of its outputs: which of several free objects is given is its choice, all else is
 * determined.
 */
final class NaiveAllocations {
  /** A request that waits. */
  record Waiting(
      long request, long session, Optional<ObjectId> id, String type, long deadlineMillis) {}

  /** A deployed object with its unit: its allocatable server, or itself. */
  private record Deployed(AllocatableObject object, String unit) {}

  /** A server that is being loaded for a session, or unloaded. */
  record Transfer(String server, long assignment) {}

  private static final int WAITING_MAX = 3;

  private final Allocations core;
  private final Map<ObjectId, Deployed> deployed = new LinkedHashMap<>();
  private final Map<String, AllocatableServer> servers = new TreeMap<>();
  private final Map<ObjectId, Long> holders = new TreeMap<>();
  private final Map<String, Transfer> loading = new TreeMap<>();
  private final Map<String, Transfer> unloading = new TreeMap<>();

  /** The assignment of each allocatable server that a session has, and whether it was loaded. */
  private final Map<String, AllocationOutput.ServerAllocated> assigned = new TreeMap<>();

  private final Map<Transfer, AllocationOutput> releases = new LinkedHashMap<>();

  /** All that there ever were: what the host says of them may come late. */
  private final List<Transfer> transfers = new ArrayList<>();

  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<Long, ObjectId> unanswered = new LinkedHashMap<>();
  private final TreeSet<String> disabled = new TreeSet<>();
  private final TreeSet<Long> open = new TreeSet<>();
  private final Map<Long, AllocationOutcome> answers = new TreeMap<>();
  private long nowMillis;
  private long requests;

  /** What the core must say in this step besides grants, in any order. */
  private final List<AllocationOutput> expected = new ArrayList<>();

  NaiveAllocations(long seed) {
    core = new Allocations(new AllocationConfig(WAITING_MAX), new java.util.Random(seed));
  }

  void open(long session) {
    core.open(session);
    open.add(session);
  }

  void advance(long millis) {
    nowMillis += millis;
    step(() -> core.tick(nowMillis));
  }

  void end(long session) {
    expire();
    if (open.remove(session)) {
      endWaiting(session);
      freeAll(session);
    }
    step(() -> core.end(nowMillis, session));
  }

  void endAll() {
    expire();
    List<Long> all = List.copyOf(open);
    open.clear();
    all.forEach(this::endWaiting);
    all.forEach(this::freeAll);
    step(() -> core.endAll(nowMillis));
  }

  private void endWaiting(long session) {
    for (Waiting request : List.copyOf(waiting)) {
      if (request.session == session) {
        waiting.remove(request);
        refuse(request.request, Refusal.FAILED, "session destroyed");
      }
    }
  }

  private void freeAll(long session) {
    for (ObjectId id : List.copyOf(holders.keySet())) {
      if (Long.valueOf(session).equals(holders.get(id))) {
        free(id, Refusal.FAILED, "session destroyed");
      }
    }
  }

  long allocateById(long session, ObjectId id, int timeoutMillis) {
    expire();
    long request = ++requests;
    if (!open.contains(session)) {
      refuse(request, Refusal.FAILED, "session destroyed");
    } else if (!deployed.containsKey(id)) {
      refuse(request, Refusal.NOT_REGISTERED, "");
    } else if (Long.valueOf(session).equals(holders.get(id))) {
      refuse(request, Refusal.FAILED, "already allocated by the session");
    } else {
      await(request, session, Optional.of(id), "", timeoutMillis);
    }
    step(() -> core.allocateById(nowMillis, request, session, id, timeoutMillis));
    return request;
  }

  long allocateByType(long session, String type, int timeoutMillis) {
    expire();
    long request = ++requests;
    List<Deployed> ofType =
        deployed.values().stream().filter(each -> each.object.type().equals(type)).toList();
    if (!open.contains(session)) {
      refuse(request, Refusal.FAILED, "session destroyed");
    } else if (ofType.isEmpty()) {
      refuse(request, Refusal.FAILED, "no allocatable objects with type `" + type + "' registered");
    } else if (ofType.stream().allMatch(each -> disabled.contains(each.object.server()))) {
      refuse(request, Refusal.FAILED, "no allocatable objects with type `" + type + "' enabled");
    } else {
      await(request, session, Optional.empty(), type, timeoutMillis);
    }
    step(() -> core.allocateByType(nowMillis, request, session, type, timeoutMillis));
    return request;
  }

  private void await(
      long request, long session, Optional<ObjectId> id, String type, int timeoutMillis) {
    long deadline = timeoutMillis > 0 ? nowMillis + timeoutMillis : Long.MAX_VALUE;
    Waiting made = new Waiting(request, session, id, type, deadline);
    if (deployed.keySet().stream().anyMatch(each -> canTake(made, each))) {
      waiting.add(made); // Granted at once, or the check after the step fails.
    } else if (timeoutMillis == 0) {
      refuse(request, Refusal.TIMED_OUT, "");
    } else if (waiting.stream().filter(each -> each.session == session).count() >= WAITING_MAX) {
      refuse(
          request,
          Refusal.FAILED,
          "more than " + WAITING_MAX + " requests of the session are waiting");
    } else {
      waiting.add(made);
    }
  }

  long release(long session, ObjectId id) {
    expire();
    long request = ++requests;
    Deployed object = deployed.get(id);
    if (object == null) {
      refuse(request, Refusal.NOT_REGISTERED, "");
    } else if (!Long.valueOf(session).equals(holders.get(id)) || unanswered.containsValue(id)) {
      refuse(request, Refusal.FAILED, "can't release object which is not allocated");
    } else {
      free(id, Refusal.FAILED, "");
      AllocationOutput answer = new AllocationOutput.Answer(request, new Released(object.object));
      Transfer unload = unloading.get(object.object.server());
      if (object.unit.startsWith("server ") && unload != null) {
        releases.put(unload, answer);
      } else {
        expected.add(answer);
      }
    }
    step(() -> core.release(nowMillis, request, session, id));
    return request;
  }

  Optional<Transfer> oldestLoading() {
    return loading.values().stream().findFirst();
  }

  Optional<Transfer> oldestUnloading() {
    return unloading.values().stream().findFirst();
  }

  Optional<Transfer> transfer(int number) {
    return transfers.isEmpty()
        ? Optional.empty()
        : Optional.of(transfers.get(number % transfers.size()));
  }

  void loaded(Transfer transfer) {
    expire();
    if (transfer.equals(loading.get(transfer.server))) {
      loading.remove(transfer.server);
      for (Map.Entry<Long, ObjectId> each : Map.copyOf(unanswered).entrySet()) {
        Deployed object = deployed.get(each.getValue());
        if (object != null && object.unit.equals("server " + transfer.server)) {
          unanswered.remove(each.getKey());
          expected.add(new AllocationOutput.Answer(each.getKey(), new Granted(object.object)));
        }
      }
    }
    step(() -> core.loaded(nowMillis, transfer.server, transfer.assignment));
  }

  void unloaded(Transfer transfer) {
    expire();
    if (unloading.remove(transfer.server, transfer) && releases.containsKey(transfer)) {
      expected.add(releases.remove(transfer));
    }
    step(() -> core.unloaded(nowMillis, transfer.server, transfer.assignment));
  }

  void enabled(String server, boolean enabled) {
    expire();
    if (enabled) {
      disabled.remove(server);
    } else {
      disabled.add(server);
    }
    step(() -> core.enabled(nowMillis, server, enabled));
  }

  void update(Collection<AllocatableServer> changed, Collection<String> removed) {
    expire();
    for (ObjectId id : List.copyOf(deployed.keySet())) {
      AllocatableObject object = find(id).object;
      boolean kept =
          !removed.contains(object.server())
              && changed.stream()
                  .filter(server -> server.id().equals(object.server()))
                  .allMatch(server -> server.objects().contains(object));
      if (!kept) {
        for (Waiting request : List.copyOf(waiting)) {
          if (request.id.equals(Optional.of(id))) {
            waiting.remove(request);
            refuse(request.request, Refusal.NOT_REGISTERED, "");
          }
        }
        if (holders.containsKey(id)) {
          free(id, Refusal.NOT_REGISTERED, "");
        }
        deployed.remove(id);
      }
    }
    removed.forEach(servers::remove);
    disabled.removeAll(removed);
    for (AllocatableServer server : changed) {
      servers.put(server.id(), server);
      for (AllocatableObject object : server.objects()) {
        Deployed known = deployed.get(object.id());
        if (known == null) {
          String unit =
              server.allocatable()
                  ? "server " + server.id()
                  : "object " + object.id().name() + " of " + server.id();
          deployed.put(object.id(), new Deployed(object, unit));
        } else if (!known.object.equals(object)) {
          expected.add(new AllocationOutput.DuplicateObject(object));
        }
      }
    }
    for (Waiting request : List.copyOf(waiting)) {
      if (request.id.isEmpty()
          && deployed.values().stream()
              .noneMatch(each -> each.object.type().equals(request.type))) {
        waiting.remove(request);
        refuse(
            request.request,
            Refusal.FAILED,
            "no allocatable objects with type `" + request.type + "' registered");
      }
    }
    step(() -> core.update(nowMillis, changed, removed));
  }

  List<Waiting> waiting() {
    return List.copyOf(waiting);
  }

  Map<ObjectId, Long> holders() {
    return new TreeMap<>(holders);
  }

  @Nullable AllocationOutcome answer(long request) {
    return answers.get(request);
  }

  long requests() {
    return requests;
  }

  List<Long> open() {
    return List.copyOf(open);
  }

  private void expire() {
    for (Waiting request : List.copyOf(waiting)) {
      if (request.deadlineMillis <= nowMillis) {
        waiting.remove(request);
        refuse(request.request, Refusal.TIMED_OUT, "");
      }
    }
  }

  private Deployed find(ObjectId id) {
    Deployed object = deployed.get(id);
    assertThat(object).as("object %s", id).isNotNull();
    return java.util.Objects.requireNonNull(object);
  }

  private void refuse(long request, Refusal refusal, String reason) {
    expected.add(new AllocationOutput.Answer(request, new Refused(refusal, reason)));
  }

  private void free(ObjectId id, Refusal refusal, String reason) {
    Deployed object = find(id);
    for (Map.Entry<Long, ObjectId> each : Map.copyOf(unanswered).entrySet()) {
      if (each.getValue().equals(id)) {
        unanswered.remove(each.getKey());
        refuse(each.getKey(), refusal, reason);
      }
    }
    Long holder = holders.remove(id);
    assertThat(holder).isNotNull();
    expected.add(
        new AllocationOutput.ObjectReleased(
            java.util.Objects.requireNonNull(holder), object.object));
    if (object.unit.startsWith("server ") && ownerOf(object.unit) == null) {
      String server = object.unit.substring(7);
      var had = java.util.Objects.requireNonNull(assigned.remove(server));
      expected.add(
          new AllocationOutput.ServerReleased(had.session(), server, had.assignment(), had.load()));
      loading.remove(server);
      if (had.load()) {
        unloading.put(server, new Transfer(server, had.assignment()));
      }
    }
  }

  /** The session that has a part of the unit. */
  private @Nullable Long ownerOf(String unit) {
    for (Map.Entry<ObjectId, Long> each : holders.entrySet()) {
      if (find(each.getKey()).unit.equals(unit)) {
        return each.getValue();
      }
    }
    return null;
  }

  private boolean canTake(Waiting request, ObjectId id) {
    Deployed object = find(id);
    Long owner = ownerOf(object.unit);
    boolean unitFree =
        owner == null
            ? !object.unit.startsWith("server ") || !unloading.containsKey(object.unit.substring(7))
            : owner == request.session;
    boolean wanted =
        request.id.isPresent()
            ? request.id.get().equals(id)
            : request.type.equals(object.object.type())
                && !disabled.contains(object.object.server());
    return unitFree && wanted && !holders.containsKey(id);
  }

  private boolean canTakeOf(Waiting request, String unit) {
    return deployed.values().stream()
        .anyMatch(each -> each.unit.equals(unit) && canTake(request, each.object.id()));
  }

  /** Lets the core do it, and holds what it says against what is expected of it. */
  private void step(Supplier<List<AllocationOutput>> action) {
    expire();
    List<AllocationOutput> others = new ArrayList<>();
    AllocationOutput.ServerAllocated announced = null;
    for (AllocationOutput output : action.get()) {
      if (output instanceof AllocationOutput.ServerAllocated allocated) {
        assertThat(announced).isNull();
        announced = allocated;
      } else if (output instanceof AllocationOutput.ObjectAllocated allocated) {
        granted(allocated, announced);
        announced = null;
      } else {
        assertThat(announced).isNull();
        others.add(output);
      }
      if (output instanceof AllocationOutput.Answer answer) {
        assertThat(answers.put(answer.request(), answer.outcome()))
            .as("answered once: %s", answer)
            .isNull();
      }
    }
    assertThat(others).containsExactlyInAnyOrderElementsOf(expected);
    expected.clear();
    checkThatNothingIsKeptBack();
  }

  private void granted(
      AllocationOutput.ObjectAllocated allocated,
      AllocationOutput.@Nullable ServerAllocated announced) {
    ObjectId id = allocated.object().id();
    Deployed object = find(id);
    Waiting request =
        waiting.stream()
            .filter(each -> each.request == allocated.request())
            .findFirst()
            .orElseThrow(() -> new AssertionError("does not wait: " + allocated));
    assertThat(allocated.session()).isEqualTo(request.session);
    assertThat(allocated.object()).isEqualTo(object.object);
    assertThat(canTake(request, id)).as("may take it: %s", allocated).isTrue();
    assertThat(waiting.subList(0, waiting.indexOf(request)))
        .as("older than %s", allocated)
        .noneMatch(older -> canTakeOf(older, object.unit));

    boolean newOwner = ownerOf(object.unit) == null;
    waiting.remove(request);
    holders.put(id, request.session);
    if (object.unit.startsWith("server ")) {
      String server = object.unit.substring(7);
      if (newOwner) {
        assertThat(announced).as("the server of %s", allocated).isNotNull();
        assigned.put(server, java.util.Objects.requireNonNull(announced));
        assertThat(announced.server()).isEqualTo(server);
        assertThat(announced.session()).isEqualTo(request.session);
        assertThat(announced.load()).isEqualTo(find(servers, server).loaded());
        if (announced.load()) {
          loading.put(server, new Transfer(server, announced.assignment()));
          transfers.add(loading.get(server));
        }
      } else {
        assertThat(announced).isNull();
      }
      if (loading.containsKey(server)) {
        unanswered.put(request.request, id);
      }
    } else {
      assertThat(announced).isNull();
    }
    if (!unanswered.containsKey(request.request)) {
      expected.add(new AllocationOutput.Answer(request.request, new Granted(object.object)));
    }
    for (Waiting other : List.copyOf(waiting)) {
      if (other.session == request.session && other.id.equals(Optional.of(id))) {
        waiting.remove(other);
        refuse(other.request, Refusal.FAILED, "already allocated by the session");
      }
    }
  }

  private static <V> V find(Map<String, V> map, String key) {
    return java.util.Objects.requireNonNull(map.get(key));
  }

  private void checkThatNothingIsKeptBack() {
    for (Waiting request : waiting) {
      assertThat(deployed.keySet())
          .as("free for %s", request)
          .noneMatch(id -> canTake(request, id));
    }
    for (ObjectId id : deployed.keySet()) {
      Long holder = holders.get(id);
      assertThat(core.holder(id).stream().boxed().findFirst().orElse(null)).isEqualTo(holder);
    }
    long next = waiting.stream().mapToLong(Waiting::deadlineMillis).min().orElse(Long.MAX_VALUE);
    assertThat(core.nextDeadlineMillis().orElse(Long.MAX_VALUE)).isEqualTo(next);
  }
}
