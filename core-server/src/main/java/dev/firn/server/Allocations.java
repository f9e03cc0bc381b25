package dev.firn.server;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;
import dev.firn.server.AllocationOutcome.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Which session has which allocatable object, and who waits for what.
 *
 * <p>An object belongs to at most one session; an allocatable server, with all its objects, to at
 * most one session too. A request takes a ticket; what becomes free goes to the oldest request that
 * can take it, whether it asks by id or by type. A session that gets a server is then given what
 * else it waits for there. Nothing that could be given is ever kept from a request that waits.
 *
 * <p>The objects of a disabled server are given by id only.
 *
 * <p>One thread at a time. Every method returns what is to be done, in order. Times are those of
 * one monotonic clock, in milliseconds.
 */
public final class Allocations {
  private static final String DESTROYED = "session destroyed";

  private final AllocationConfig config;
  private final RandomGenerator random;
  private final Map<Long, AllocationSession> sessions = new TreeMap<>();
  private final Map<ObjectId, AllocationObject> objects = new TreeMap<>();
  private final Map<String, AllocationType> types = new TreeMap<>();

  /** Allocatable servers with objects, or being unloaded. */
  private final Map<String, AllocationUnit> servers = new TreeMap<>();

  private final Map<String, List<AllocationObject>> objectsOfServers = new TreeMap<>();
  private final Set<String> disabled = new TreeSet<>();
  private final TreeSet<AllocationRequest> deadlines =
      new TreeSet<>(
          Comparator.<AllocationRequest>comparingLong(request -> request.deadlineMillis)
              .thenComparingLong(request -> request.ticket));
  private long tickets;
  private long assignments;
  private List<AllocationOutput> outputs = new ArrayList<>();

  /**
   * @param random chooses among free objects of a type
   */
  public Allocations(AllocationConfig config, RandomGenerator random) {
    this.config = requireNonNull(config, "config");
    this.random = requireNonNull(random, "random");
  }

  /**
   * Lets a session make requests.
   *
   * @param session a number never used before
   */
  public void open(long session) {
    if (sessions.putIfAbsent(session, new AllocationSession(session)) != null) {
      throw new IllegalStateException("session is open already: " + session);
    }
  }

  /** Ends a session, which frees all it has; nothing if it is not open. */
  public List<AllocationOutput> end(long nowMillis, long session) {
    expire(nowMillis);
    endSessions(List.of(session));
    return done();
  }

  /** Ends all sessions: what they had is offered to nobody. */
  public List<AllocationOutput> endAll(long nowMillis) {
    expire(nowMillis);
    endSessions(List.copyOf(sessions.keySet()));
    return done();
  }

  private void endSessions(List<Long> ids) {
    List<AllocationSession> ended = new ArrayList<>();
    for (Long id : ids) {
      AllocationSession session = sessions.remove(id);
      if (session != null) {
        ended.add(session);
        for (AllocationRequest request : List.copyOf(session.waiting.values())) {
          refuseWaiting(request, Refusal.FAILED, DESTROYED);
        }
      }
    }
    Set<AllocationUnit> units = new LinkedHashSet<>();
    for (AllocationSession session : ended) {
      for (AllocationObject object : List.copyOf(session.objects)) {
        take(object, Refusal.FAILED, DESTROYED);
        units.add(object.unit);
      }
    }
    units.forEach(this::offer);
  }

  /**
   * Asks for an object.
   *
   * @param request names it in the answer
   * @param timeoutMillis how long to wait for it; 0: not at all; negative: for ever
   */
  public List<AllocationOutput> allocateById(
      long nowMillis, long request, long session, ObjectId id, int timeoutMillis) {
    expire(nowMillis);
    AllocationSession from = sessions.get(session);
    AllocationObject object = objects.get(id);
    if (from == null) {
      refuse(request, Refusal.FAILED, DESTROYED);
    } else if (object == null) {
      refuse(request, Refusal.NOT_REGISTERED, "");
    } else if (object.holder == from) {
      refuse(request, Refusal.FAILED, Reasons.HELD_ALREADY);
    } else {
      AllocationRequest made =
          request(nowMillis, request, from, Optional.of(id), object.type.name, timeoutMillis);
      if (object.isFreeFor(from)) {
        grant(made, object);
      } else {
        await(made, object.unit.waiting, timeoutMillis);
      }
    }
    return done();
  }

  /** As {@link #allocateById} for any object of a type whose server is enabled. */
  public List<AllocationOutput> allocateByType(
      long nowMillis, long request, long session, String type, int timeoutMillis) {
    expire(nowMillis);
    AllocationSession from = sessions.get(session);
    AllocationType wanted = types.get(type);
    if (from == null) {
      refuse(request, Refusal.FAILED, DESTROYED);
    } else if (wanted == null) {
      refuse(request, Refusal.FAILED, Reasons.noneOfType(type));
    } else if (wanted.objects.stream().noneMatch(this::isEnabled)) {
      refuse(request, Refusal.FAILED, Reasons.noneEnabled(type));
    } else {
      AllocationRequest made =
          request(nowMillis, request, from, Optional.empty(), type, timeoutMillis);
      Optional<AllocationObject> free = freeOf(wanted.objects, type, from);
      if (free.isPresent()) {
        grant(made, free.get());
      } else {
        await(made, wanted.waiting, timeoutMillis);
      }
    }
    return done();
  }

  /**
   * Gives an object back; if that releases a server which is loaded for the session, the answer
   * comes when it is unloaded.
   */
  public List<AllocationOutput> release(long nowMillis, long request, long session, ObjectId id) {
    expire(nowMillis);
    AllocationObject object = objects.get(id);
    if (object == null) {
      refuse(request, Refusal.NOT_REGISTERED, "");
    } else if (object.holder == null || object.holder.id != session || object.unanswered != null) {
      refuse(request, Refusal.FAILED, Reasons.NOT_HELD);
    } else {
      take(object, Refusal.FAILED, "");
      AllocationOutput.Answer answer =
          new AllocationOutput.Answer(request, new AllocationOutcome.Released(object.object));
      if (object.unit.phase == AllocationUnit.Phase.UNLOADING) {
        object.unit.release = Optional.of(answer);
      } else {
        output(answer);
      }
      offer(object.unit);
    }
    return done();
  }

  /** The server of an assignment is loaded for its session, or could not be. */
  public List<AllocationOutput> loaded(long nowMillis, String server, long assignment) {
    expire(nowMillis);
    AllocationUnit unit = servers.get(server);
    if (unit != null
        && unit.assignment == assignment
        && unit.phase == AllocationUnit.Phase.LOADING) {
      unit.phase = AllocationUnit.Phase.HELD;
      unit.objects.stream()
          .filter(object -> object.unanswered != null)
          .sorted(Comparator.comparingLong(AllocationObject::unansweredTicket))
          .forEach(this::answerGranted);
    }
    return done();
  }

  /** The server of an assignment is loaded for nobody any more, or could not be told so. */
  public List<AllocationOutput> unloaded(long nowMillis, String server, long assignment) {
    expire(nowMillis);
    AllocationUnit unit = servers.get(server);
    if (unit != null
        && unit.assignment == assignment
        && unit.phase == AllocationUnit.Phase.UNLOADING) {
      unit.phase = AllocationUnit.Phase.FREE;
      unit.release.ifPresent(this::output);
      unit.release = Optional.empty();
      forgetIfEmpty(unit);
      offer(unit);
    }
    return done();
  }

  /** A server was enabled or disabled; servers are enabled at first. */
  public List<AllocationOutput> enabled(long nowMillis, String server, boolean enabled) {
    expire(nowMillis);
    if (!enabled) {
      disabled.add(server);
    } else if (disabled.remove(server)) {
      Set<AllocationUnit> units = new LinkedHashSet<>();
      objectsOfServers.getOrDefault(server, List.of()).forEach(object -> units.add(object.unit));
      units.forEach(this::offer);
    }
    return done();
  }

  /**
   * Servers were deployed, changed or removed. Objects that stay as they are stay with those who
   * have them, even if their server is no longer allocatable, or is so from now on.
   *
   * @param removed ids of servers that are no more
   */
  public List<AllocationOutput> update(
      long nowMillis, Collection<AllocatableServer> deployed, Collection<String> removed) {
    expire(nowMillis);
    Set<AllocationUnit> units = new LinkedHashSet<>();
    Set<AllocationType> shrunk = new LinkedHashSet<>();
    for (String server : removed) {
      removeObjects(server, new LinkedHashSet<>(), units, shrunk);
      disabled.remove(server);
    }
    for (AllocatableServer server : deployed) {
      removeObjects(server.id(), new LinkedHashSet<>(server.objects()), units, shrunk);
    }
    for (AllocatableServer server : deployed) {
      AllocationUnit unit = servers.get(server.id());
      if (unit != null) {
        unit.loaded = server.loaded();
      }
      for (AllocatableObject object : server.objects()) {
        addObject(server, object, units);
      }
    }
    units.forEach(this::forgetIfEmpty);
    shrunk.forEach(this::refuseIfEmpty);
    units.forEach(this::offer);
    return done();
  }

  /** Refuses requests that have waited long enough. */
  public List<AllocationOutput> tick(long nowMillis) {
    expire(nowMillis);
    return done();
  }

  /** When {@link #tick} has something to do next; empty: not before something else happens. */
  public OptionalLong nextDeadlineMillis() {
    return deadlines.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(deadlines.first().deadlineMillis);
  }

  /** Who has an object, if it is known and somebody has it. */
  OptionalLong holder(ObjectId id) {
    AllocationObject object = objects.get(id);
    return object == null || object.holder == null
        ? OptionalLong.empty()
        : OptionalLong.of(object.holder.id);
  }

  private AllocationRequest request(
      long nowMillis,
      long id,
      AllocationSession session,
      Optional<ObjectId> object,
      String type,
      int timeoutMillis) {
    long deadline = timeoutMillis > 0 ? nowMillis + timeoutMillis : Long.MAX_VALUE;
    return new AllocationRequest(id, ++tickets, session, object, type, deadline);
  }

  private void await(AllocationRequest request, AllocationQueue queue, int timeoutMillis) {
    AllocationSession session = request.session;
    if (timeoutMillis == 0) {
      refuse(request.id, Refusal.TIMED_OUT, "");
    } else if (session.waiting.size() >= config.waitingMax()) {
      refuse(request.id, Refusal.FAILED, Reasons.tooMany(config.waitingMax()));
    } else {
      queue.add(request);
      session.waiting.put(request.ticket, request);
      if (request.deadlineMillis < Long.MAX_VALUE) {
        deadlines.add(request);
      }
    }
  }

  private void expire(long nowMillis) {
    while (!deadlines.isEmpty() && deadlines.first().deadlineMillis <= nowMillis) {
      refuseWaiting(deadlines.first(), Refusal.TIMED_OUT, "");
    }
  }

  private void unqueue(AllocationRequest request) {
    request.queue.ifPresent(queue -> queue.remove(request));
    request.session.waiting.remove(request.ticket);
    deadlines.remove(request);
  }

  private void refuseWaiting(AllocationRequest request, Refusal refusal, String reason) {
    unqueue(request);
    refuse(request.id, refusal, reason);
  }

  private void refuse(long request, Refusal refusal, String reason) {
    output(new AllocationOutput.Answer(request, new AllocationOutcome.Refused(refusal, reason)));
  }

  private void grant(AllocationRequest request, AllocationObject object) {
    AllocationSession session = request.session;
    AllocationUnit unit = object.unit;
    if (!object.isFreeFor(session)) {
      throw new IllegalStateException("not free: " + object.object + " for " + session.id);
    }
    unqueue(request);
    if (unit.owner == null) {
      own(unit, session);
    }
    object.holder = session;
    unit.allocated++;
    session.objects.add(object);
    output(new AllocationOutput.ObjectAllocated(session.id, request.id, object.object));
    object.unanswered = request;
    if (unit.phase == AllocationUnit.Phase.HELD) {
      answerGranted(object);
    }
    for (AllocationRequest waiting : List.copyOf(session.waiting.values())) {
      if (waiting.object.equals(Optional.of(object.object.id()))) {
        refuseWaiting(waiting, Refusal.FAILED, Reasons.HELD_ALREADY);
      }
    }
  }

  private void own(AllocationUnit unit, AllocationSession session) {
    unit.owner = session;
    unit.phase = AllocationUnit.Phase.HELD;
    if (unit.server.isPresent()) {
      unit.assignment = ++assignments;
      unit.assignmentLoads = unit.loaded;
      if (unit.loaded) {
        unit.phase = AllocationUnit.Phase.LOADING;
      }
      output(
          new AllocationOutput.ServerAllocated(
              session.id, unit.server.get(), unit.assignment, unit.assignmentLoads));
    }
  }

  private void answerGranted(AllocationObject object) {
    AllocationRequest request = requireNonNull(object.unanswered, "unanswered");
    object.unanswered = null;
    output(new AllocationOutput.Answer(request.id, new AllocationOutcome.Granted(object.object)));
  }

  /** Takes an object from the session that has it; the reason is for one that is not yet told. */
  private void take(AllocationObject object, Refusal refusal, String reason) {
    AllocationSession session = requireNonNull(object.holder, "holder");
    if (object.unanswered != null) {
      refuse(object.unanswered.id, refusal, reason);
      object.unanswered = null;
    }
    object.holder = null;
    session.objects.remove(object);
    output(new AllocationOutput.ObjectReleased(session.id, object.object));
    AllocationUnit unit = object.unit;
    unit.allocated--;
    if (unit.allocated == 0) {
      unit.owner = null;
      unit.phase =
          unit.assignmentLoads ? AllocationUnit.Phase.UNLOADING : AllocationUnit.Phase.FREE;
      unit.server.ifPresent(
          server ->
              output(
                  new AllocationOutput.ServerReleased(
                      session.id, server, unit.assignment, unit.assignmentLoads)));
    }
  }

  /** Gives what is free in a unit to those who wait for it. */
  private void offer(AllocationUnit unit) {
    if (unit.phase == AllocationUnit.Phase.FREE) {
      oldestFor(unit).ifPresent(request -> grant(request, freeFor(request, unit).orElseThrow()));
    }
    // Refusals may free nothing, so the owner stays who it is while its requests are served.
    AllocationSession owner = unit.owner;
    if (owner != null) {
      for (AllocationRequest request : List.copyOf(owner.waiting.values())) {
        if (request.queue.isPresent()) {
          freeFor(request, unit).ifPresent(object -> grant(request, object));
        }
      }
    }
  }

  private Optional<AllocationRequest> oldestFor(AllocationUnit unit) {
    Optional<AllocationRequest> oldest = unit.waiting.first();
    Set<AllocationType> seen = new LinkedHashSet<>();
    for (AllocationObject object : unit.objects) {
      if (isEnabled(object) && seen.add(object.type)) {
        Optional<AllocationRequest> other = object.type.waiting.first();
        if (other.isPresent() && (oldest.isEmpty() || other.get().ticket < oldest.get().ticket)) {
          oldest = other;
        }
      }
    }
    return oldest;
  }

  private Optional<AllocationObject> freeFor(AllocationRequest request, AllocationUnit unit) {
    if (request.object.isEmpty()) {
      return freeOf(unit.objects, request.type, request.session);
    }
    return Optional.ofNullable(objects.get(request.object.get()))
        .filter(object -> object.unit == unit && object.isFreeFor(request.session));
  }

  private Optional<AllocationObject> freeOf(
      List<AllocationObject> candidates, String type, AllocationSession session) {
    int count = candidates.size();
    int start = count > 1 ? random.nextInt(count) : 0;
    for (int i = 0; i < count; i++) {
      AllocationObject candidate = candidates.get((start + i) % count);
      if (candidate.isFreeFor(session)
          && isEnabled(candidate)
          && candidate.type.name.equals(type)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private boolean isEnabled(AllocationObject object) {
    return !disabled.contains(object.object.server());
  }

  private void removeObjects(
      String server,
      Set<AllocatableObject> kept,
      Set<AllocationUnit> units,
      Set<AllocationType> shrunk) {
    for (AllocationObject object : List.copyOf(objectsOfServers.getOrDefault(server, List.of()))) {
      if (kept.contains(object.object)) {
        continue;
      }
      objects.remove(object.object.id());
      object.type.objects.remove(object);
      object.unit.objects.remove(object);
      requireNonNull(objectsOfServers.get(server), server).remove(object);
      for (AllocationRequest request : object.unit.waiting.all()) {
        if (request.object.equals(Optional.of(object.object.id()))) {
          refuseWaiting(request, Refusal.NOT_REGISTERED, "");
        }
      }
      if (object.holder != null) {
        take(object, Refusal.NOT_REGISTERED, "");
      }
      units.add(object.unit);
      shrunk.add(object.type);
    }
    objectsOfServers.computeIfPresent(server, (id, left) -> left.isEmpty() ? null : left);
  }

  private void addObject(
      AllocatableServer server, AllocatableObject object, Set<AllocationUnit> units) {
    AllocationObject known = objects.get(object.id());
    if (known != null) {
      if (!known.object.equals(object)) {
        output(new AllocationOutput.DuplicateObject(object));
      }
      return;
    }
    AllocationUnit unit =
        server.allocatable()
            ? servers.computeIfAbsent(
                server.id(),
                id -> {
                  AllocationUnit created = new AllocationUnit(Optional.of(id));
                  created.loaded = server.loaded();
                  return created;
                })
            : new AllocationUnit(Optional.empty());
    AllocationType type = types.computeIfAbsent(object.type(), AllocationType::new);
    AllocationObject added = new AllocationObject(object, unit, type);
    objects.put(object.id(), added);
    unit.objects.add(added);
    type.objects.add(added);
    objectsOfServers.computeIfAbsent(server.id(), id -> new ArrayList<>()).add(added);
    units.add(unit);
  }

  private void forgetIfEmpty(AllocationUnit unit) {
    if (unit.objects.isEmpty() && unit.phase == AllocationUnit.Phase.FREE) {
      unit.server.ifPresent(server -> servers.remove(server, unit));
    }
  }

  private void refuseIfEmpty(AllocationType type) {
    if (type.objects.isEmpty()) {
      for (AllocationRequest request : type.waiting.all()) {
        refuseWaiting(request, Refusal.FAILED, Reasons.noneOfType(type.name));
      }
      types.remove(type.name);
    }
  }

  private void output(AllocationOutput output) {
    outputs.add(output);
  }

  private List<AllocationOutput> done() {
    if (outputs.isEmpty()) {
      return List.of();
    }
    List<AllocationOutput> all = outputs;
    outputs = new ArrayList<>();
    return all;
  }

  /** What callers are told. */
  private static final class Reasons {
    private static final String HELD_ALREADY = "already allocated by the session";
    private static final String NOT_HELD = "can't release object which is not allocated";

    private static String noneOfType(String type) {
      return "no allocatable objects with type `" + type + "' registered";
    }

    private static String noneEnabled(String type) {
      return "no allocatable objects with type `" + type + "' enabled";
    }

    private static String tooMany(int waitingMax) {
      return "more than " + waitingMax + " requests of the session are waiting";
    }
  }
}
