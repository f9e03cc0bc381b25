package dev.firn.wire;

import static java.util.Objects.requireNonNull;

import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Host;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.Output;
import dev.firn.election.PeerStatus;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.StateStore;
import dev.firn.election.StateStoreException;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the election core: the one write path of a replicated service.
 *
 * <p>One thread owns the core and the store. Everybody else posts inputs to its queue, from any
 * thread and without waiting, and reads {@link #view()}. Futures complete on the owner thread, so
 * what depends on them must not block.
 */
public final class ReplicaLoop implements Host {
  private static final int QUEUE_MAX = 100_000;
  private static final long STORING_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final String STOPPING = "the service is shutting down";
  private static final String FULL = QUEUE_MAX + " requests are waiting already";

  private final Replica core;
  private final StateStore store;
  private final ReplicaService service;

  /** Bounded for requests of others; the ends of own calls are bounded by the calls. */
  private final BlockingQueue<Input> inputs = new LinkedBlockingQueue<>();

  private final Map<Long, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastRequest = new AtomicLong();
  private final Thread owner;

  /** Inputs that the owner thread posted itself. */
  private final Deque<Input> ownInputs = new ArrayDeque<>();

  /** The outcome of a Persist that was just performed: the next input. Owner thread only. */
  private @Nullable Input persistOutcome;

  private @Nullable PeerCalls peers;
  private volatile Snapshot snapshot;

  /** When the transaction under way began, null if there is none. */
  private volatile @Nullable Long storingSinceNanos;

  private volatile boolean stopped;

  /** A replica between two inputs. */
  public record Snapshot(ReplicaView view, PeerStatus status) {}

  /**
   * @param store where {@code core} got its state from; closed by whoever opened it
   * @param threadName of the owner thread
   */
  public ReplicaLoop(Replica core, StateStore store, ReplicaService service, String threadName) {
    this.core = core;
    this.store = store;
    this.service = service;
    this.snapshot = new Snapshot(core.view(), core.status());
    this.owner = new Thread(this::run, threadName);
    owner.setDaemon(true);
  }

  /** Starts the owner thread, once. */
  public void start(PeerCalls calls) {
    peers = calls;
    inputs.add(new Input.Start());
    owner.start();
  }

  /** The replica after the last input. */
  public ReplicaView view() {
    return snapshot.view();
  }

  /**
   * The replica as peers may be told while the owner waits for the disk, so that a slow disk does
   * not look like a dead process; empty if the owner can answer, or has waited for too long.
   */
  public Optional<Snapshot> whileStoring() {
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
  public CompletableFuture<Answer> request(Function<RequestId, Input> input) {
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    request(input, answered);
    return answered;
  }

  /**
   * As above, for a future to which is already attached what depends on it: that runs on the owner
   * thread, in the order of the answers.
   */
  public void request(Function<RequestId, Input> input, CompletableFuture<Answer> answered) {
    if (inputs.size() >= QUEUE_MAX) {
      answered.complete(new Answer.Failed(FULL));
      return;
    }
    RequestId id = new RequestId(lastRequest.incrementAndGet());
    waiting.put(id.value(), answered);
    post(input.apply(id));
    if (stopped && waiting.remove(id.value()) != null) {
      answered.complete(new Answer.Failed(STOPPING));
    }
  }

  /** Posts what nobody waits for; dropped if the queue is full, as the network might have. */
  public void tell(Input input) {
    if (inputs.size() < QUEUE_MAX) {
      post(input);
    }
  }

  /** Posts the end of a call or what became of a connection: never dropped. */
  public void post(Input input) {
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
  public void shutdown() {
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
      service.broken(e);
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
    service.ended();
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
  public void persist(List<? extends StateChange> changes) {
    storingSinceNanos = System.nanoTime();
    try {
      store.commit(changes);
      persistOutcome = new Input.Persisted();
    } catch (StateStoreException e) {
      String reason = String.valueOf(e.getMessage());
      service.storeFailed(reason);
      persistOutcome = new Input.PersistFailed(reason);
    } finally {
      storingSinceNanos = null;
    }
  }

  @Override
  public void publish(ReplicatedState state) {
    service.published(state);
  }

  @Override
  public void setGates(boolean readOpen, boolean publishOpen) {
    service.gates(readOpen, publishOpen);
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
    service.report(severity, message);
  }

  @Override
  public void trace(Output.Category category, String message) {
    service.trace(category, message);
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
      StateCommand command,
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
