package dev.firn.registry;

import com.zeroc.Ice.Logger;
import dev.firn.model.Command;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Host;
import dev.firn.replication.Input;
import dev.firn.replication.Output;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.Replica;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.RequestId;
import dev.firn.replication.SessionId;
import dev.firn.replication.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the replication core: the one write path of the registry.
 *
 * <p>One thread owns the core. Everybody else posts inputs to its bounded queue, from any thread,
 * and reads {@link #tables()}. Futures complete on the owner thread, so what depends on them must
 * not block.
 */
final class Engine implements Host {
  private static final int QUEUE_MAX = 100_000;
  private static final long TICK_MILLIS = 100;

  /** Told of every change, on the owner thread, right after readers see it; only queues. */
  interface Observer {
    void published(RegistryTables before, RegistryTables after, List<RegistryEvent> events);
  }

  private final Replica core;
  private final RegistryStore store;
  private final Traces traces;
  private final Logger logger;
  private final Consumer<Throwable> onBug;
  private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>(QUEUE_MAX);
  private final Map<Long, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastRequest = new AtomicLong();
  private final Thread owner = new Thread(this::run, "firn-engine");

  private MasterPeers masterPeers = MasterPeers.NONE;
  private MasterLink masterLink = MasterLink.NONE;
  private Observer observer = (before, after, events) -> {};
  private volatile RegistryTables tables;
  private volatile boolean stopped;

  /** Inputs that the owner thread posted itself; it must never wait for its own queue. */
  private final Deque<Input> ownInputs = new ArrayDeque<>();

  /** The outcome of a Persist that was just performed: the next input. Owner thread only. */
  private @Nullable Input persistOutcome;

  /**
   * @param onBug called once, on the owner thread, if the core throws: the process must end
   */
  Engine(Replica core, RegistryStore store, Traces traces, Consumer<Throwable> onBug) {
    this.core = core;
    this.store = store;
    this.traces = traces;
    this.logger = traces.logger();
    this.onBug = onBug;
    this.tables = core.tables();
    owner.setDaemon(true);
  }

  /** Starts the owner thread. The collaborators may use the engine from now on. */
  void start(MasterPeers peers, MasterLink link, Observer ofChanges) {
    masterPeers = peers;
    masterLink = link;
    observer = ofChanges;
    owner.start();
  }

  /** What readers see: the tables after the last published command. */
  RegistryTables tables() {
    return tables;
  }

  CompletableFuture<Answer> submit(Command command) {
    return request(id -> new Input.Submit(id, command));
  }

  /** Posts an input that is answered. */
  CompletableFuture<Answer> request(Function<RequestId, Input> input) {
    RequestId id = new RequestId(lastRequest.incrementAndGet());
    CompletableFuture<Answer> future = new CompletableFuture<>();
    waiting.put(id.value(), future);
    post(input.apply(id));
    if (stopped && waiting.remove(id.value()) != null) {
      future.complete(new Answer.NotDone(Input.shuttingDown()));
    }
    return future;
  }

  /** Posts an input; waits while the queue is full, which slows down whoever fills it. */
  void post(Input input) {
    if (Thread.currentThread() == owner) {
      ownInputs.add(input);
      return;
    }
    try {
      while (!stopped && !inputs.offer(input, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        traces.trace(Traces.Category.REPLICA, 3, () -> "engine queue is full");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Releases all waiting callers and stops the owner thread. Must not be called on it. */
  void shutdown() {
    post(new Input.Shutdown());
    stopped = true;
    try {
      owner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      boolean last = false;
      long nextTick = System.nanoTime();
      while (!last) {
        long untilTick = nextTick - System.nanoTime();
        Input own = ownInputs.poll();
        Input next = own != null ? own : inputs.poll(Math.max(0, untilTick), TimeUnit.NANOSECONDS);
        if (next != null) {
          last = next instanceof Input.Shutdown;
          step(next);
        }
        // Time passes for the core also while there is always something else to do.
        if (System.nanoTime() - nextTick >= 0 && !last) {
          step(new Input.Tick());
          nextTick = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      onBug.accept(e);
    } finally {
      stopped = true;
      waiting.forEach(
          (id, future) -> reply(new RequestId(id), new Answer.NotDone(Input.shuttingDown())));
    }
  }

  private void step(Input input) {
    Input current = input;
    while (true) {
      persistOutcome = null;
      for (Output output : core.step(System.nanoTime() / 1_000_000, current)) {
        output.perform(this);
      }
      Input outcome = persistOutcome;
      if (outcome == null) {
        return;
      }
      current = outcome;
    }
  }

  @Override
  public void persist(List<RowChange> rows) {
    try {
      store.commit(rows);
      persistOutcome = new Input.Persisted();
    } catch (StoreException e) {
      logger.error("LMDB error: " + e.getMessage());
      persistOutcome = new Input.PersistFailed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void publish(RegistryTables published, List<RegistryEvent> events) {
    RegistryTables before = tables;
    tables = published;
    observer.published(before, published, events);
    DeploymentTraces.trace(traces, before, published, events);
    EventTraces.trace(traces, published, events);
  }

  @Override
  public void reply(RequestId request, Answer answer) {
    CompletableFuture<Answer> future = waiting.remove(request.value());
    if (future != null) {
      future.complete(answer);
    }
  }

  @Override
  public void report(Output.Severity severity, String message) {
    switch (severity) {
      case ERROR -> logger.error(message);
      case WARNING -> logger.warning(message);
      case TRACE_1 -> traces.trace(Traces.Category.REPLICA, 1, () -> message);
      case TRACE_2 -> traces.trace(Traces.Category.REPLICA, 2, () -> message);
      case TRACE_3 -> traces.trace(Traces.Category.REPLICA, 3, () -> message);
    }
  }

  @Override
  public void ping(SessionId session) {
    masterPeers.ping(session);
  }

  @Override
  public void push(SessionId session, PushedUpdate update) {
    masterPeers.push(session, update);
  }

  @Override
  public void replicaUp(SessionId session, ReplicaInfo info) {
    masterPeers.replicaUp(session, info);
  }

  @Override
  public void replicaDown(SessionId session, ReplicaInfo info, List<ObjectId> wellKnown) {
    masterPeers.replicaDown(session, info);
  }

  @Override
  public void connect(long attempt) {
    masterLink.connect(attempt);
  }

  @Override
  public void keepAlive(long attempt) {
    masterLink.keepAlive(attempt);
  }

  @Override
  public void acknowledge(long attempt, Topic topic, int serial, String failure) {
    masterLink.acknowledge(attempt, topic, serial, failure);
  }

  @Override
  public void disconnect(long attempt) {
    masterLink.disconnect(attempt);
  }

  @Override
  public void masterUp(long attempt) {
    masterLink.masterUp(attempt);
  }

  @Override
  public void masterDown() {
    masterLink.masterDown();
  }
}
