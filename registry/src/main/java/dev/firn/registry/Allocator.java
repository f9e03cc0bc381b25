package dev.firn.registry;

import com.zeroc.IceGrid.AllocationException;
import com.zeroc.IceGrid.AllocationTimeoutException;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import dev.firn.model.IdentityText;
import dev.firn.model.ObjectId;
import dev.firn.server.AllocatableObject;
import dev.firn.server.AllocatableServer;
import dev.firn.server.AllocationConfig;
import dev.firn.server.AllocationHost;
import dev.firn.server.AllocationOutcome;
import dev.firn.server.AllocationOutput;
import dev.firn.server.Allocations;
import dev.firn.wire.Mapping;
import dev.firn.wire.StackTraces;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * Runs {@link Allocations}: which session has which object. Any thread may call, nothing waits.
 *
 * <p>What is asked is queued; the thread that finds nobody at work on the queue works it off, its
 * own entry and those that come meanwhile. So the core has one thread at a time, which holds no
 * lock, without a thread of its own.
 */
final class Allocator {
  /** A session, as seen from here. Called one after the other; must neither block nor throw. */
  interface Holder {
    /** The session's id, not unique. */
    String sessionId();

    /** The session has these from now on. */
    void gained(AllocatedItem item);

    /** The session has these no more. */
    void lost(AllocatedItem item);

    /** Ends when the session can reach all it was told of by {@link #gained}; never fails. */
    CompletionStage<Void> reachable();
  }

  /** An object, or a server with all that it has. */
  record AllocatedItem(List<ObjectId> objects, List<String> adapterIds) {
    AllocatedItem {
      objects = List.copyOf(objects);
      adapterIds = List.copyOf(adapterIds);
    }
  }

  /** The registry around it. */
  interface Surroundings {
    /** Loads a server for a session, or for none; see {@link DeployedServers#assign}. */
    CompletionStage<Void> assign(String server, String sessionId);

    /** What an allocatable server has. */
    AllocatedItem contents(String server);

    /** Runs a task later, unless the registry stops before. */
    void schedule(Runnable task, long delayNanos);

    /** The object's indirect proxy, for traces. */
    String text(AllocatableObject object);
  }

  private final Traces traces;
  private final Surroundings surroundings;
  private final Allocations core;
  private final Performer performer = new Performer();
  private final SerialQueue queue;
  private final AtomicLong sessions = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final Map<Long, Holder> holders = new ConcurrentHashMap<>();
  private final Map<Long, Request> waiting = new ConcurrentHashMap<>();

  /** When the timer will look next; touched only by who works off the queue. */
  private OptionalLong alarmMillis = OptionalLong.empty();

  /** A request that is not answered yet. */
  private record Request(
      long session, Optional<ObjectId> id, CompletableFuture<AllocatableObject> answer) {}

  Allocator(Traces traces, Surroundings surroundings, RandomGenerator random) {
    this.traces = traces;
    this.surroundings = surroundings;
    // One request is lost with a bug; the others must not wait for ever.
    queue =
        new SerialQueue(bug -> traces.logger().error("allocation failed:\n" + StackTraces.of(bug)));
    core = new Allocations(AllocationConfig.DEFAULT, random);
  }

  /** A session may allocate from now on, until {@link #end} with the returned number. */
  long open(Holder holder) {
    long session = sessions.incrementAndGet();
    holders.put(session, holder);
    submit(
        now -> {
          core.open(session);
          return List.of();
        });
    return session;
  }

  /** Frees all that a session has and refuses what it waits for; nothing if it has ended. */
  void end(long session) {
    submit(now -> core.end(now, session));
    submit(
        now -> {
          holders.remove(session);
          return List.of();
        });
  }

  /** The registry stops: ends all sessions. */
  void shutdown() {
    submit(core::endAll);
  }

  /**
   * Allocates an object.
   *
   * @param timeoutMillis negative: waits for ever; 0: does not wait
   * @return fails with AllocationException, AllocationTimeoutException or
   *     ObjectNotRegisteredException
   */
  CompletionStage<AllocatableObject> allocate(long session, ObjectId id, int timeoutMillis) {
    return request(
        session,
        Optional.of(id),
        (request, now) -> core.allocateById(now, request, session, id, timeoutMillis));
  }

  /** As {@link #allocate(long, ObjectId, int)}, any object of a type. */
  CompletionStage<AllocatableObject> allocate(long session, String type, int timeoutMillis) {
    return request(
        session,
        Optional.empty(),
        (request, now) -> core.allocateByType(now, request, session, type, timeoutMillis));
  }

  /**
   * Gives an object back.
   *
   * @return fails with AllocationException or ObjectNotRegisteredException
   */
  CompletionStage<AllocatableObject> release(long session, ObjectId id) {
    return request(
        session, Optional.of(id), (request, now) -> core.release(now, request, session, id));
  }

  /** See {@link Allocations#update}. */
  void update(Collection<AllocatableServer> deployed, Collection<String> removed) {
    submit(now -> core.update(now, deployed, removed));
  }

  /** A server was enabled or disabled. */
  void enabled(String server, boolean enabled) {
    submit(now -> core.enabled(now, server, enabled));
  }

  private interface Asked {
    List<AllocationOutput> of(long request, long nowMillis);
  }

  private CompletionStage<AllocatableObject> request(
      long session, Optional<ObjectId> id, Asked asked) {
    long request = requests.incrementAndGet();
    CompletableFuture<AllocatableObject> answer = new CompletableFuture<>();
    waiting.put(request, new Request(session, id, answer));
    submit(now -> asked.of(request, now));
    return answer;
  }

  private void submit(LongFunction<List<AllocationOutput>> input) {
    queue.execute(
        () -> {
          input.apply(nowMillis()).forEach(output -> output.perform(performer));
          setAlarm();
        });
  }

  private static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  private void setAlarm() {
    OptionalLong next = core.nextDeadlineMillis();
    if (next.isPresent() && (alarmMillis.isEmpty() || next.getAsLong() < alarmMillis.getAsLong())) {
      alarmMillis = next;
      long at = next.getAsLong();
      surroundings.schedule(
          () -> submit(now -> alarm(now, at)), Math.max(1, at - nowMillis()) * 1_000_000);
    }
  }

  private List<AllocationOutput> alarm(long nowMillis, long atMillis) {
    if (alarmMillis.isPresent() && alarmMillis.getAsLong() == atMillis) {
      alarmMillis = OptionalLong.empty();
    }
    return core.tick(nowMillis);
  }

  /** What the core wants done. Belongs to who works off the queue. */
  private final class Performer implements AllocationHost {
    @Override
    public void answer(long request, AllocationOutcome outcome) {
      Request answered = waiting.remove(request);
      if (answered == null) {
        throw new IllegalStateException("answered twice: " + request + " " + outcome);
      }
      CompletableFuture<AllocatableObject> answer = answered.answer();
      if (outcome instanceof AllocationOutcome.Granted granted) {
        reachable(answered.session()).whenComplete((done, x) -> answer.complete(granted.object()));
      } else if (outcome instanceof AllocationOutcome.Released released) {
        answer.complete(released.object());
      } else if (outcome instanceof AllocationOutcome.Refused refused) {
        answer.completeExceptionally(exception(refused, answered.id()));
      } else {
        throw new IllegalStateException("no answer: " + outcome);
      }
    }

    private CompletionStage<Void> reachable(long session) {
      Holder holder = holders.get(session);
      return holder == null ? CompletableFuture.completedFuture(null) : holder.reachable();
    }

    @Override
    public void serverAllocated(long session, String server, long assignment, boolean load) {
      Holder holder = holder(session);
      traceServer(server, "allocated", holder);
      holder.gained(surroundings.contents(server));
      if (load) {
        surroundings
            .assign(server, holder.sessionId())
            .whenComplete((done, x) -> submit(now -> core.loaded(now, server, assignment)));
      }
    }

    @Override
    public void serverReleased(long session, String server, long assignment, boolean unload) {
      Holder holder = holder(session);
      traceServer(server, "released", holder);
      holder.lost(surroundings.contents(server));
      if (unload) {
        surroundings
            .assign(server, "")
            .whenComplete((done, x) -> submit(now -> core.unloaded(now, server, assignment)));
      }
    }

    @Override
    public void objectAllocated(long session, long request, AllocatableObject object) {
      Holder holder = holder(session);
      traceObject(object, "allocated", holder);
      holder.gained(new AllocatedItem(List.of(object.id()), List.of()));
    }

    @Override
    public void objectReleased(long session, AllocatableObject object) {
      Holder holder = holder(session);
      traceObject(object, "released", holder);
      holder.lost(new AllocatedItem(List.of(object.id()), List.of()));
    }

    @Override
    public void duplicateObject(AllocatableObject object) {
      traces
          .logger()
          .error(
              "can't add duplicate allocatable object `" + IdentityText.format(object.id()) + "'");
    }

    private Holder holder(long session) {
      Holder holder = holders.get(session);
      if (holder == null) {
        throw new IllegalStateException("no session " + session);
      }
      return holder;
    }

    private void traceServer(String server, String what, Holder holder) {
      traces.trace(
          Traces.Category.SERVER,
          2,
          () ->
              "server `"
                  + server
                  + "' "
                  + what
                  + " by `"
                  + LogText.of(holder.sessionId())
                  + "' (0)");
    }

    private void traceObject(AllocatableObject object, String what, Holder holder) {
      traces.trace(
          Traces.Category.OBJECT,
          2,
          () ->
              "object `"
                  + surroundings.text(object)
                  + "' "
                  + what
                  + " by `"
                  + LogText.of(holder.sessionId())
                  + "' (0)");
    }
  }

  private static Exception exception(AllocationOutcome.Refused refused, Optional<ObjectId> id) {
    return switch (refused.refusal()) {
      case NOT_REGISTERED -> new ObjectNotRegisteredException(Mapping.identity(id.orElseThrow()));
      case TIMED_OUT -> new AllocationTimeoutException("");
      case FAILED -> new AllocationException(refused.reason());
    };
  }
}
