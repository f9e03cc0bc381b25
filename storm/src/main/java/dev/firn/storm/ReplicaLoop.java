package dev.firn.storm;

import static java.util.Objects.requireNonNull;

import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Host;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.Output;
import dev.firn.election.PeerStatus;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.RequestId;
import dev.firn.election.StormReplica;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicStoreException;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Runs the election core: the one write path of a replicated service.
 *
 * <p>One thread owns the core and the store. Everybody else posts inputs to its queue, from any
 * thread and without waiting, and reads {@link #tables()} and {@link #view()}. Futures complete on
 * the owner thread, so what depends on them must not block.
 */
final class ReplicaLoop implements Host {
  private static final int QUEUE_MAX = 100_000;
  private static final long STORING_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final String STOPPING = "the service is shutting down";
  private static final String FULL = QUEUE_MAX + " requests are waiting already";

  private final StormReplica core;
  private final TopicStore store;
  private final StormTraces traces;
  private final Consumer<Throwable> onBug;
  private final SwitchGate readGate;
  private final SwitchGate publishGate;

  /** Bounded for requests of others; the ends of own calls are bounded by the calls. */
  private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();

  private final Map<Long, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastRequest = new AtomicLong();
  private final Thread owner = new Thread(this::run, "firn-storm-replica");

  /** Inputs that the owner thread posted itself. */
  private final Deque<Input> ownInputs = new ArrayDeque<>();

  /** The outcome of a Persist that was just performed: the next input. Owner thread only. */
  private @Nullable Input persistOutcome;

  private @Nullable PeerCalls peers;
  private Consumer<TopicTables> listener = tables -> {};
  private volatile TopicTables tables;
  private volatile Snapshot snapshot;

  /** When the transaction under way began, null if there is none. */
  private volatile @Nullable Long storingSinceNanos;

  private volatile boolean stopped;

  /** A replica between two inputs. */
  record Snapshot(ReplicaView view, PeerStatus status) {}

  /**
   * @param store where {@code core} got its tables from; closed by whoever opened it
   * @param onBug called once, on the owner thread, if the core throws: the process must end
   */
  ReplicaLoop(
      StormReplica core,
      TopicStore store,
      StormTraces traces,
      SwitchGate readGate,
      SwitchGate publishGate,
      Consumer<Throwable> onBug) {
    this.core = core;
    this.store = store;
    this.traces = traces;
    this.readGate = readGate;
    this.publishGate = publishGate;
    this.onBug = onBug;
    this.tables = core.tables();
    this.snapshot = new Snapshot(core.view(), core.status());
    owner.setDaemon(true);
  }

  /** Starts the owner thread, once. */
  void start(PeerCalls calls, Consumer<TopicTables> listenerOfTables) {
    peers = calls;
    listener = listenerOfTables;
    listener.accept(tables);
    inputs.add(new Input.Start());
    owner.start();
  }

  /** What readers see. */
  TopicTables tables() {
    return tables;
  }

  /** The replica after the last input. */
  ReplicaView view() {
    return snapshot.view();
  }

  /**
   * The replica as peers may be told while the owner waits for the disk, so that a slow disk does
   * not look like a dead process; empty if the owner can answer, or has waited for too long.
   */
  Optional<Snapshot> whileStoring() {
    Long since = storingSinceNanos;
    return since != null && System.nanoTime() - since < STORING_PATIENCE_NANOS
        ? Optional.of(snapshot)
        : Optional.empty();
  }

  /**
   * Posts an input that is answered.
   *
   * @return {@link Answer.Failed} at once if the queue is full or the replica has ended
   */
  CompletableFuture<Answer> request(Function<RequestId, Input> input) {
    if (inputs.size() >= QUEUE_MAX) {
      return CompletableFuture.completedFuture(new Answer.Failed(FULL));
    }
    RequestId id = new RequestId(lastRequest.incrementAndGet());
    CompletableFuture<Answer> future = new CompletableFuture<>();
    waiting.put(id.value(), future);
    post(input.apply(id));
    if (stopped && waiting.remove(id.value()) != null) {
      future.complete(new Answer.Failed(STOPPING));
    }
    return future;
  }

  /** Posts what nobody waits for; dropped if the queue is full, as the network might have. */
  void tell(Input input) {
    if (inputs.size() < QUEUE_MAX) {
      post(input);
    }
  }

  /** Posts the end of a call or what became of a connection: never dropped. */
  void post(Input input) {
    if (Thread.currentThread() == owner) {
      ownInputs.add(input);
    } else if (!stopped) {
      inputs.add(input);
    }
  }

  /**
   * Releases all who wait and stops the owner thread, waiting for the transaction under way. May be
   * called twice and without start; not on the owner thread.
   */
  void shutdown() {
    if (owner.isAlive()) {
      post(new Input.Shutdown());
      try {
        owner.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    end();
  }

  private void run() {
    try {
      boolean last = false;
      while (!last) {
        Input next = next();
        if (next != null) {
          last = next instanceof Input.Shutdown;
          step(next);
        }
        // Time passes for the core also while there is always something else to do.
        if (!last && nowMillis() >= core.wakeAtMillis()) {
          step(new Input.Tick());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      onBug.accept(e);
    } finally {
      end();
    }
  }

  private @Nullable Input next() throws InterruptedException {
    Input own = ownInputs.poll();
    if (own != null) {
      return own;
    }
    long untilWake = Math.max(0, core.wakeAtMillis() - nowMillis());
    return inputs.poll(untilWake, TimeUnit.MILLISECONDS);
  }

  private void end() {
    stopped = true;
    readGate.end();
    publishGate.end();
    waiting.forEach((id, future) -> reply(new RequestId(id), new Answer.Failed(STOPPING)));
  }

  private void step(Input input) {
    Input current = input;
    while (current != null) {
      persistOutcome = null;
      List<Output> outputs = core.step(nowMillis(), current);
      snapshot = new Snapshot(core.view(), core.status());
      for (Output output : outputs) {
        output.perform(this);
      }
      current = persistOutcome;
    }
  }

  private PeerCalls peers() {
    return requireNonNull(peers, "not started");
  }

  private static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  @Override
  public void persist(List<TopicChange> changes) {
    storingSinceNanos = System.nanoTime();
    try {
      store.commit(changes);
      persistOutcome = new Input.Persisted();
    } catch (TopicStoreException e) {
      traces.logger().error("LMDB error: " + e.getMessage());
      persistOutcome = new Input.PersistFailed(String.valueOf(e.getMessage()));
    } finally {
      storingSinceNanos = null;
    }
  }

  @Override
  public void publish(TopicTables published) {
    tables = published;
    listener.accept(published);
  }

  @Override
  public void setGates(boolean readOpen, boolean publishOpen) {
    readGate.set(readOpen);
    publishGate.set(publishOpen);
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
      case ERROR -> traces.logger().error(message);
      case WARNING -> traces.logger().warning(message);
    }
  }

  @Override
  public void trace(Output.Category category, String message) {
    StormTraces.Category shown =
        switch (category) {
          case ELECTION -> StormTraces.Category.ELECTION;
          case REPLICATION -> StormTraces.Category.REPLICATION;
          case TOPIC -> StormTraces.Category.TOPIC;
        };
    traces.trace(shown, 1, () -> message);
  }

  @Override
  public void tell(ReplicaId to, Message.Oneway message) {
    peers().tell(to, message);
  }

  @Override
  public void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis) {
    peers().ask(call, to, message, timeoutMillis);
  }

  @Override
  public void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis) {
    peers().askObserver(call, to, observer, message, timeoutMillis);
  }

  @Override
  public void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      TopicCommand command,
      long timeoutMillis) {
    peers().forward(call, to, coordinator, command, timeoutMillis);
  }

  @Override
  public void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis) {
    peers().forwardReap(call, to, coordinator, topic, subscribers, timeoutMillis);
  }
}
