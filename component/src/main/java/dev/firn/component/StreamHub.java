package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.OperationNotExistException;
import dev.firn.failover.AckLevel;
import dev.firn.failover.RoleOutput.Severity;
import dev.firn.failover.StateStream;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamChange;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamConfig;
import dev.firn.failover.StreamInput;
import dev.firn.failover.StreamOutput;
import dev.firn.failover.StreamOutput.Delivery;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamTables;
import dev.firn.failover.StreamView;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The streams of the replicator that serves, and their listeners: hosts a {@link StateStream} for
 * each, all on one thread. {@link #view} is for any thread.
 */
final class StreamHub implements StreamEngine.Listener, AutoCloseable {
  /** Is told of streams; on the hub's thread. */
  interface Observer {
    /** This replicator serves these streams, and no other. */
    void serves(List<String> streams);

    /** Somebody uses a stream that nobody did before. */
    void streamAdded(String stream);

    /** Configuration is as it was stored, or has changed. */
    void configured(StreamView configuration, Optional<StreamCommand.Configure> change);

    void servesNothing();
  }

  /** How long a listener may take for one call. */
  private static final int DELIVERY_LIMIT_MILLIS = 10_000;

  private final StreamConfig config;
  private final Logger logger;
  private final Observer observer;
  private final OwnerThread owner;
  private final Map<String, Hosted> streams = new ConcurrentHashMap<>();

  /**
   * What the observer was told of: streams in use, if only by their configuration. Whoever asks for
   * a name does not use it yet. Changed on the hub's thread.
   */
  private final Set<String> known = new ConcurrentSkipListSet<>();

  /**
   * Whether those who ask are let in. It is shut at once when this replicator serves no longer, and
   * opened on the hub's thread once the streams are there, unless it was shut again before.
   */
  private final AtomicReference<Door> door = new AtomicReference<>(new Door("not started"));

  private final CountDownLatch served = new CountDownLatch(1);
  private long lastId;

  /** One for each time that this replicator begins or ends to serve: no two are equal. */
  private static final class Door {
    final Optional<String> obstacle;

    Door(String obstacle) {
      this.obstacle = Optional.of(obstacle);
    }

    /** Open. */
    Door() {
      obstacle = Optional.empty();
    }
  }

  /**
   * @param bugs gets what nobody expected; the hub does nothing any more then
   */
  StreamHub(StreamConfig config, Logger logger, Observer observer, Consumer<Throwable> bugs) {
    this.config = config;
    this.logger = logger;
    this.observer = observer;
    this.owner = new OwnerThread("firn-listeners", this::wakeAtMillis, this::tick, bugs);
    owner.start();
  }

  /**
   * Waits until this replicator serves for the first time, where nothing but itself decides that.
   */
  void awaitServing() {
    try {
      served.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why this replicator is not the one to talk to; empty if it is. */
  Optional<String> obstacle() {
    return requireNonNull(door.get(), "door").obstacle;
  }

  /**
   * A stream with everything that was committed before this call; an empty one if there is none.
   *
   * @return completes on the hub's thread; fails with {@link StreamEngine.NotServingException}
   */
  CompletableFuture<StreamView> read(String stream) {
    return ask(() -> view(stream));
  }

  /** Has the hub's thread ask, unless this replicator does not serve. */
  private <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    owner.execute(
        () -> {
          Optional<String> obstacle = obstacle();
          if (obstacle.isPresent()) {
            answer.completeExceptionally(new StreamEngine.NotServingException(obstacle.get()));
          } else {
            answer.complete(question.get());
          }
        });
    return answer;
  }

  /** A stream as the hub has seen it last; an empty one if there is none. */
  StreamView view(String name) {
    Hosted hosted = streams.get(name);
    return hosted == null ? StreamState.empty(name).view() : hosted.core.view();
  }

  /** The streams in use, sorted. */
  List<String> names() {
    return List.copyOf(known);
  }

  /**
   * An instance belongs to a stream, before anybody has published there.
   *
   * @return fails with {@link StreamEngine.NotServingException}
   */
  CompletionStage<Boolean> join(String stream) {
    return ask(() -> know(stream));
  }

  private boolean know(String stream) {
    boolean added = known.add(stream);
    if (added) {
      observer.streamAdded(stream);
    }
    return added;
  }

  /** Completes when an update, which is durable, may be acknowledged. */
  CompletableFuture<Long> await(String stream, long seq) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    owner.execute(
        () -> {
          Hosted hosted = streams.get(stream);
          if (hosted == null) {
            answer.completeExceptionally(
                new StreamEngine.NotServingException("this replicator serves no longer"));
          } else {
            hosted.await(answer, seq);
          }
        });
    return answer;
  }

  /**
   * @return fails with {@link StreamEngine.NotServingException}
   */
  CompletableFuture<Boolean> addListener(
      String stream, String instance, StateListenerPrx listener, long haveEpoch, long haveSeq) {
    return ask(
        () -> {
          streams
              .computeIfAbsent(stream, name -> new Hosted(StreamState.empty(name)))
              .add(instance, listener, haveEpoch, haveSeq);
          return know(stream);
        });
  }

  /** Gives an input to a stream, if there is one. */
  void tell(String stream, StreamInput input) {
    owner.execute(
        () -> {
          Hosted hosted = streams.get(stream);
          if (hosted != null) {
            hosted.step(input);
          }
        });
  }

  @Override
  public void serving(StreamTables tables) {
    Door shut = new Door("this replicator begins to serve");
    door.set(shut);
    owner.execute(
        () -> {
          drop("replaced");
          for (StreamState state : tables.streams()) {
            streams.put(state.name(), new Hosted(state));
            known.add(StreamState.group(state.name()));
            if (state.isConfiguration()) {
              observer.configured(state.view(), Optional.empty());
            }
          }
          if (!door.compareAndSet(shut, new Door())) {
            // It serves no longer, or anew: the next task is about that.
            return;
          }
          observer.serves(names());
          served.countDown();
        });
  }

  @Override
  public void committed(StreamCommand command, StreamCommand.Applied result) {
    owner.execute(() -> apply(command, result));
  }

  @Override
  public void notServing(String reason) {
    door.set(new Door(reason));
    owner.execute(
        () -> {
          drop(reason);
          observer.servesNothing();
        });
  }

  private void drop(String reason) {
    List<Hosted> dropped = List.copyOf(streams.values());
    streams.clear();
    known.clear();
    dropped.forEach(hosted -> hosted.fail(reason));
  }

  private void apply(StreamCommand command, StreamCommand.Applied result) {
    String name = command.stream();
    Hosted hosted = streams.computeIfAbsent(name, n -> new Hosted(StreamState.empty(n)));
    if (command instanceof StreamCommand.Claim claim) {
      hosted.step(claimed(claim, result));
      know(name);
    } else if (command instanceof StreamCommand.Publish publish) {
      hosted.step(
          new StreamInput.Published(
              new StateUpdate(publish.epoch(), result.seq(), publish.set(), publish.removed())));
    } else if (command instanceof StreamCommand.Replace part) {
      hosted.step(
          new StreamInput.Replaced(
              part.epoch(), result.seq(), part.first(), part.last(), part.set()));
    } else if (command instanceof StreamCommand.Configure configure) {
      hosted.step(
          new StreamInput.Published(Configurations.update(configure, result, hosted.core.view())));
      know(StreamState.group(name));
      observer.configured(hosted.core.view(), Optional.of(configure));
    } else {
      throw new IllegalStateException("unknown command " + command);
    }
  }

  private static StreamInput claimed(StreamCommand.Claim claim, StreamCommand.Applied result) {
    boolean whole = true;
    for (StreamChange change : result.changes()) {
      if (change instanceof StreamChange.SetHead head) {
        whole = head.whole();
      }
    }
    return new StreamInput.Claimed(result.epoch(), claim.instance(), whole);
  }

  private long wakeAtMillis() {
    long wake = Long.MAX_VALUE;
    for (Hosted hosted : streams.values()) {
      wake = Math.min(wake, hosted.core.wakeAtMillis());
    }
    return wake;
  }

  private void tick() {
    long now = OwnerThread.nowMillis();
    for (Hosted hosted : List.copyOf(streams.values())) {
      if (hosted.core.wakeAtMillis() <= now) {
        hosted.step(new StreamInput.Tick());
      }
    }
  }

  @Override
  public void close() {
    door.set(new Door("shutting down"));
    owner.close();
  }

  /** One stream; on the hub's thread. */
  private final class Hosted implements StreamOutput.StreamHost {
    private final String name;
    private final StateStream core;
    private final Map<Long, CompletableFuture<Long>> waiting = new HashMap<>();
    private final Map<Long, StateListenerPrx> listeners = new HashMap<>();

    Hosted(StreamState state) {
      name = state.name();
      // Nobody acknowledges configuration; members are waited for by other means.
      core =
          new StateStream(
              state.isConfiguration() ? StreamConfig.of(AckLevel.QUORUM) : config, state);
    }

    void step(StreamInput input) {
      for (StreamOutput output : core.step(OwnerThread.nowMillis(), input)) {
        output.perform(this);
      }
    }

    void await(CompletableFuture<Long> answer, long seq) {
      long id = ++lastId;
      waiting.put(id, answer);
      step(new StreamInput.Await(id, seq));
    }

    void add(String instance, StateListenerPrx listener, long haveEpoch, long haveSeq) {
      long id = ++lastId;
      listeners.put(
          id, listener.ice_invocationTimeout(DELIVERY_LIMIT_MILLIS).ice_connectionId("listener"));
      step(new StreamInput.AddListener(instance, id, listener.toString(), haveEpoch, haveSeq));
    }

    void fail(String reason) {
      List<CompletableFuture<Long>> failed = new ArrayList<>(waiting.values());
      waiting.clear();
      listeners.clear();
      failed.forEach(f -> f.completeExceptionally(new StreamEngine.NotServingException(reason)));
    }

    @Override
    public void reply(long request, long seq) {
      CompletableFuture<Long> answer = waiting.remove(request);
      if (answer != null) {
        answer.complete(seq);
      }
    }

    @Override
    public void deliver(long listener, Delivery delivery) {
      StateListenerPrx to = listeners.get(listener);
      if (to == null) {
        return;
      }
      CompletableFuture<Void> call;
      try {
        call = call(to, delivery);
      } catch (RuntimeException e) {
        call = CompletableFuture.failedFuture(e);
      }
      call.whenComplete(
          (done, failure) ->
              owner.execute(
                  () -> {
                    if (streams.get(name) == this) {
                      step(
                          failure == null
                              ? new StreamInput.Delivered(listener)
                              : failed(listener, Async.cause(failure)));
                    }
                  }));
    }

    private CompletableFuture<Void> call(StateListenerPrx to, Delivery delivery) {
      if (delivery instanceof Delivery.SnapshotBegin begin) {
        return to.snapshotBeginAsync(name, begin.epoch(), begin.seq());
      } else if (delivery instanceof Delivery.SnapshotItems part) {
        return to.snapshotItemsAsync(StreamMapping.items(part.items()));
      } else if (delivery instanceof Delivery.SnapshotEnd end) {
        return to.snapshotEndAsync(end.seq());
      } else if (delivery instanceof Delivery.Updates updates) {
        return to.updatesAsync(StreamMapping.updates(updates.updates()));
      }
      throw new IllegalStateException("unknown delivery " + delivery);
    }

    private StreamInput failed(long listener, Throwable failure) {
      boolean gone =
          failure instanceof ObjectNotExistException
              || failure instanceof FacetNotExistException
              || failure instanceof OperationNotExistException;
      return new StreamInput.DeliveryFailed(listener, gone, Exceptions.text(failure));
    }

    @Override
    public void drop(long listener) {
      listeners.remove(listener);
    }

    @Override
    public void report(Severity severity, String text) {
      switch (severity) {
        case ERROR -> logger.error(text);
        case WARNING -> logger.warning(text);
        case INFO -> logger.print(text);
      }
    }
  }
}
