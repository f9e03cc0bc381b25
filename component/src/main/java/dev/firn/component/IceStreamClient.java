package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.failover.FollowerInput;
import dev.firn.failover.FollowerOutput;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamFollower;
import dev.firn.failover.StreamWriter;
import dev.firn.failover.WriterInput;
import dev.firn.failover.WriterOutput;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationReplicatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateListener;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.TooLarge;
import dev.firn.wire.Failover.V1.Update;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A {@link StreamClient} that talks to replicators with Ice. One thread owns all of it. */
final class IceStreamClient implements StreamClient {
  private static final long RETRY_MILLIS = 100;
  private static final long PROBE_MILLIS = 500;
  private static final long LOST_MILLIS = 1_000;
  private static final long REGISTER_MILLIS = 1_000;

  private final String instance;
  private final String stream;
  private final ObjectAdapter backplane;
  private final StreamEvents events;
  private final StreamClientConfig config;
  private final OwnerThread owner;
  private final ReplicatorLink link;
  private final Publisher publisher = new Publisher();
  private final List<Timed> timed = new ArrayList<>();
  private SortedMap<String, StateItem> items = new TreeMap<>();
  private long itemsSeq;
  private ClaimedEpoch claimed = new ClaimedEpoch(0, -1);
  private @Nullable Writing writing;
  private @Nullable Following following;
  private @Nullable ConfigurationServicePrx configuration;
  private CompletableFuture<Void> configured = new CompletableFuture<>();
  private boolean registered;
  private boolean registering;
  private long registerAtMillis;
  private boolean found;
  private boolean told;
  private @Nullable Connection connection;
  private boolean probing;
  private long heardMillis;
  private long probeAtMillis;
  private volatile StreamProgress progress = StreamProgress.NONE;

  /** Something to do at a time. */
  private record Timed(long atMillis, Runnable task) {}

  /**
   * @param backplane where the listener is; active
   * @param events called on a thread of this client
   */
  IceStreamClient(
      Communicator communicator,
      String instance,
      String stream,
      StreamSource source,
      ObjectAdapter backplane,
      StreamEvents events,
      StreamClientConfig config) {
    this.instance = instance;
    this.stream = stream;
    this.backplane = backplane;
    this.events = events;
    this.config = config;
    this.owner =
        new OwnerThread("firn-stream-" + instance, this::wakeAtMillis, this::tick, events::broken);
    this.link =
        new ReplicatorLink(
            owner,
            source,
            stream,
            new ReplicatorLink.Events() {
              @Override
              public void heard() {
                IceStreamClient.this.heard();
              }

              @Override
              public void moved(String reason) {
                Writing now = writing;
                if (now != null) {
                  now.abandon(reason);
                }
              }
            });
    owner.start();
    owner.execute(link::look);
  }

  @Override
  public CompletionStage<ClaimedEpoch> claim(long epoch) {
    return patiently(config.claimMillis(), to -> claimOnce(to, epoch));
  }

  private CompletableFuture<ClaimedEpoch> claimOnce(StateStreamPrx to, long epoch) {
    return to.claimAsync(instance, epoch)
        .thenCompose(given -> to.infoAsync().thenApply(info -> new ClaimedEpoch(given, info.seq)));
  }

  @Override
  public CompletionStage<ClaimedEpoch> confirm(long epoch) {
    return patiently(
        config.confirmMillis(),
        to ->
            to.infoAsync()
                .thenCompose(
                    info -> {
                      if (info.epoch == epoch && info.writer.equals(instance)) {
                        return CompletableFuture.completedFuture(new ClaimedEpoch(epoch, info.seq));
                      }
                      return info.epoch < epoch
                          // It was claimed from a replicator that has forgotten.
                          ? claimOnce(to, epoch)
                          : CompletableFuture.failedFuture(new StaleWriter(info.epoch));
                    }));
  }

  /** Tries until the time is up. */
  private CompletionStage<ClaimedEpoch> patiently(
      int limitMillis, Function<StateStreamPrx, CompletableFuture<ClaimedEpoch>> attempt) {
    CompletableFuture<ClaimedEpoch> answer = new CompletableFuture<>();
    long untilMillis = OwnerThread.nowMillis() + limitMillis;
    owner.execute(() -> attempt(untilMillis, attempt, answer));
    return answer;
  }

  private void attempt(
      long untilMillis,
      Function<StateStreamPrx, CompletableFuture<ClaimedEpoch>> attempt,
      CompletableFuture<ClaimedEpoch> answer) {
    link.call(
        config.askMillis(),
        attempt,
        (result, failure) -> {
          if (result != null) {
            claimed = result;
            answer.complete(result);
          } else if (failure instanceof StaleWriter stale) {
            answer.completeExceptionally(new StaleWriterException(stale.epoch));
          } else if (OwnerThread.nowMillis() + RETRY_MILLIS >= untilMillis) {
            answer.completeExceptionally(
                new TimeoutException("no replicator serves the stream: " + link.lastFailure()));
          } else {
            after(RETRY_MILLIS, () -> attempt(untilMillis, attempt, answer));
          }
        });
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
    owner.execute(
        () -> {
          Writing old = writing;
          if (old != null) {
            // A newer epoch of this same instance, which may have more than was acknowledged.
            items = old.core.items();
            itemsSeq = -1;
          }
          long headSeq = claimed.epoch() == epoch ? claimed.headSeq() : -1;
          Writing started =
              new Writing(
                  new StreamWriter(
                      config.writer(), epoch, headSeq, items, wholeState ? -1 : itemsSeq));
          if (old != null) {
            old.end();
          }
          writing = started;
          started.step(new WriterInput.Start());
        });
  }

  @Override
  public void stopPublishing() {
    owner.execute(
        () -> {
          Writing old = writing;
          writing = null;
          if (old != null) {
            old.end();
            items = old.core.items();
            // What was not acknowledged may not be there: only a snapshot can tell.
            itemsSeq = -1;
          }
        });
  }

  @Override
  public StatePublisher publisher() {
    return publisher;
  }

  @Override
  public void listen(StateSink sink) {
    owner.execute(
        () -> {
          endFollowing();
          Following started = new Following(sink);
          following = started;
          started.step(new FollowerInput.Start());
        });
  }

  @Override
  public CompletionStage<Void> stopListening() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    owner.execute(
        () -> {
          Following old = following;
          endFollowing();
          if (old == null || !old.applying) {
            done.complete(null);
          } else {
            old.ended = done;
          }
        });
    return done;
  }

  private void endFollowing() {
    Following old = following;
    following = null;
    if (old != null) {
      old.end();
      if (old.core.isWhole()) {
        items = old.core.appliedItems();
        itemsSeq = old.core.appliedSeq();
      }
    }
  }

  @Override
  public CompletionStage<Void> registerConfiguration(ConfigurationServicePrx service) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    owner.execute(
        () -> {
          configuration = service;
          configured = done;
          registered = false;
          registerAtMillis = 0;
          register();
        });
    return done;
  }

  private void register() {
    ConfigurationServicePrx service = configuration;
    if (service == null || registered || registering) {
      return;
    }
    registering = true;
    registerAtMillis = OwnerThread.nowMillis() + REGISTER_MILLIS;
    link.call(
        config.publishMillis(),
        to ->
            ConfigurationReplicatorPrx.uncheckedCast(
                    to.ice_identity(new Identity(stream + Replicator.CONFIGURATION_REPLICATOR, "")))
                .registerConfigurationServiceAsync(service),
        (done, failure) -> {
          registering = false;
          if (failure == null) {
            registered = true;
            configured.complete(null);
          }
        });
  }

  @Override
  public StreamProgress progress() {
    return progress;
  }

  @Override
  public void close() {
    owner.execute(
        () -> {
          endFollowing();
          Writing old = writing;
          writing = null;
          if (old != null) {
            old.end();
          }
          owner.close();
        });
  }

  private void after(long millis, Runnable task) {
    timed.add(new Timed(OwnerThread.nowMillis() + millis, task));
  }

  private void heard() {
    heardMillis = OwnerThread.nowMillis();
    if (!found) {
      found = true;
      told = true;
      // It may be another replicator, or the same one without its memory.
      registered = false;
      events.found();
    }
  }

  private void lose(String reason) {
    if (found || !told) {
      found = false;
      told = true;
      events.lost(reason);
    }
  }

  private void probe(long now) {
    if (probing || now < probeAtMillis) {
      return;
    }
    probing = true;
    probeAtMillis = now + PROBE_MILLIS;
    List<StateStreamPrx> asked = new ArrayList<>();
    link.call(
        config.askMillis(),
        to -> {
          asked.add(to);
          return to.infoAsync();
        },
        (info, failure) -> {
          probing = false;
          Connection seen = asked.isEmpty() ? null : asked.get(0).ice_getCachedConnection();
          if (failure == null && seen != connection) {
            // Another process may answer at the same place.
            connection = seen;
            registered = false;
          }
          if (failure != null && OwnerThread.nowMillis() - heardMillis >= LOST_MILLIS) {
            lose(link.lastFailure());
          }
        });
  }

  private long wakeAtMillis() {
    long wake = probing ? Long.MAX_VALUE : probeAtMillis;
    for (Timed one : timed) {
      wake = Math.min(wake, one.atMillis());
    }
    if (configuration != null && !registered && !registering) {
      wake = Math.min(wake, registerAtMillis);
    }
    Writing writes = writing;
    if (writes != null) {
      wake = Math.min(wake, writes.core.wakeAtMillis());
    }
    Following follows = following;
    return follows == null ? wake : Math.min(wake, follows.core.wakeAtMillis());
  }

  private void tick() {
    long now = OwnerThread.nowMillis();
    List<Timed> due = timed.stream().filter(one -> one.atMillis() <= now).toList();
    timed.removeAll(due);
    due.forEach(one -> one.task().run());
    probe(now);
    if (now >= registerAtMillis) {
      register();
    }
    Writing writes = writing;
    if (writes != null && writes.core.wakeAtMillis() <= now) {
      writes.step(new WriterInput.Tick());
    }
    Following follows = following;
    if (follows != null && follows.core.wakeAtMillis() <= now) {
      follows.step(new FollowerInput.Tick());
    }
  }

  /** What the component publishes with. */
  private final class Publisher implements StatePublisher {
    @Override
    public void update(List<StateItem> set, List<String> removed) {
      config.writer().limits().requireUpdate(set, removed);
      WriterInput.Change change = new WriterInput.Change(set, removed);
      owner.execute(
          () -> {
            Writing now = writing;
            if (now != null) {
              now.step(change);
            }
          });
    }

    @Override
    public CompletionStage<Long> flush() {
      CompletableFuture<Long> answer = new CompletableFuture<>();
      owner.execute(
          () -> {
            Writing now = writing;
            if (now == null) {
              answer.completeExceptionally(
                  new NotPublishingException(instance + " does not publish"));
            } else {
              now.flush(answer);
            }
          });
      return answer;
    }
  }

  /** Hosts the writer; on the owner's thread. */
  private final class Writing implements WriterOutput.WriterHost {
    private final StreamWriter core;
    private final Map<Long, CompletableFuture<Long>> flushes = new HashMap<>();
    private final Set<Long> underWay = new HashSet<>();
    private long lastFlush;

    Writing(StreamWriter core) {
      this.core = core;
    }

    void step(WriterInput input) {
      if (writing != this) {
        return;
      }
      for (WriterOutput output : core.step(OwnerThread.nowMillis(), input)) {
        output.perform(this);
      }
    }

    void flush(CompletableFuture<Long> answer) {
      long request = ++lastFlush;
      flushes.put(request, answer);
      step(new WriterInput.Flush(request));
    }

    void end() {
      List<CompletableFuture<Long>> ended = new ArrayList<>(flushes.values());
      flushes.clear();
      ended.forEach(
          answer ->
              answer.completeExceptionally(
                  new NotPublishingException(instance + " has stopped publishing")));
    }

    /** The replicator is not asked any more: nobody waits for what it may still answer. */
    void abandon(String reason) {
      List<Long> abandoned = new ArrayList<>(underWay);
      underWay.clear();
      owner.execute(() -> abandoned.forEach(call -> step(new WriterInput.Failed(call, reason))));
    }

    private <T> void call(
        long call,
        int limitMillis,
        Function<StateStreamPrx, CompletableFuture<T>> operation,
        Function<T, WriterInput> answered) {
      underWay.add(call);
      link.call(
          limitMillis,
          operation,
          (result, failure) -> {
            if (!underWay.remove(call)) {
              return;
            }
            if (result != null) {
              step(answered.apply(result));
            } else if (failure instanceof StaleWriter stale) {
              step(new WriterInput.Stale(call, stale.epoch));
            } else if (failure instanceof TooLarge tooLarge) {
              step(new WriterInput.TooLarge(call, tooLarge.limit));
            } else {
              step(new WriterInput.Failed(call, failure == null ? "" : Exceptions.text(failure)));
            }
          });
    }

    @Override
    public void claim(long call, long epoch) {
      call(
          call,
          config.askMillis(),
          to -> to.claimAsync(instance, epoch),
          given -> new WriterInput.Answered(call, given, 0));
    }

    @Override
    public void probe(long call) {
      call(
          call,
          config.askMillis(),
          StateStreamPrx::infoAsync,
          info -> new WriterInput.Answered(call, info.epoch, info.seq));
    }

    @Override
    public void publish(
        long call, long epoch, long clientSeq, List<StateItem> set, List<String> removed) {
      Item[] mapped = StreamMapping.items(set);
      String[] keys = removed.toArray(new String[0]);
      call(
          call,
          config.publishMillis(),
          to -> to.publishAsync(epoch, clientSeq, mapped, keys),
          seq -> new WriterInput.Answered(call, epoch, seq));
    }

    @Override
    public void replace(
        long call, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set) {
      Item[] mapped = StreamMapping.items(set);
      call(
          call,
          config.publishMillis(),
          to -> to.replaceAsync(epoch, clientSeq, first, last, mapped),
          seq -> new WriterInput.Answered(call, epoch, seq));
    }

    @Override
    public void flushed(long request, long seq) {
      CompletableFuture<Long> answer = flushes.remove(request);
      if (answer != null) {
        answer.complete(seq);
      }
      progress = new StreamProgress(claimed.epoch(), seq, seq, 0, true);
    }

    @Override
    public void flushFailed(long request, long current) {
      CompletableFuture<Long> answer = flushes.remove(request);
      if (answer != null) {
        answer.completeExceptionally(new StaleWriterException(current));
      }
    }

    @Override
    public void stale(long current) {
      events.stale(core.epoch(), current);
    }

    @Override
    public void unprotected(String reason) {
      events.unprotected(reason);
    }

    @Override
    public void protectedAgain() {
      events.protectedAgain();
    }
  }

  /** Hosts the follower; on the owner's thread but for the servant's operations. */
  private final class Following implements FollowerOutput.FollowerHost, StateListener {
    private final StreamFollower core = new StreamFollower(config.follower());
    private final StateSink sink;
    private final Identity identity =
        Util.stringToIdentity(instance.replace('/', '_') + "/" + UUID.randomUUID());
    private final List<CompletableFuture<Void>> held = new ArrayList<>();
    private final StateListenerPrx proxy;
    private boolean applying;
    private @Nullable CompletableFuture<Void> ended;

    Following(StateSink sink) {
      this.sink = sink;
      this.proxy = StateListenerPrx.uncheckedCast(backplane.add(this, identity));
    }

    void step(FollowerInput input) {
      if (following != this) {
        return;
      }
      for (FollowerOutput output : core.step(OwnerThread.nowMillis(), input)) {
        output.perform(this);
      }
      if (!core.isFull() && !held.isEmpty()) {
        List<CompletableFuture<Void>> released = List.copyOf(held);
        held.clear();
        released.forEach(one -> one.complete(null));
      }
    }

    void end() {
      held.forEach(one -> one.complete(null));
      held.clear();
      try {
        backplane.remove(identity);
        StateStreamPrx to = link.target();
        if (to != null) {
          to.ice_invocationTimeout(config.askMillis()).removeListenerAsync(instance);
        }
      } catch (LocalException e) {
        // The process ends: the replicator finds out by itself.
      }
    }

    private CompletionStage<Void> take(FollowerInput input) {
      CompletableFuture<Void> taken = new CompletableFuture<>();
      owner.execute(
          () -> {
            if (following == this) {
              held.add(taken);
            } else {
              taken.complete(null);
            }
            step(input);
          });
      return taken;
    }

    @Override
    public CompletionStage<Void> snapshotBeginAsync(
        String name, long epoch, long seq, Current current) {
      return take(new FollowerInput.SnapshotBegin(epoch, seq));
    }

    @Override
    public CompletionStage<Void> snapshotItemsAsync(Item[] part, Current current) {
      return take(new FollowerInput.SnapshotItems(StreamMapping.items(part)));
    }

    @Override
    public CompletionStage<Void> snapshotEndAsync(long seq, Current current) {
      return take(new FollowerInput.SnapshotEnd(seq));
    }

    @Override
    public CompletionStage<Void> updatesAsync(Update[] updates, Current current) {
      return take(new FollowerInput.Updates(StreamMapping.updates(updates)));
    }

    @Override
    public void add(long haveEpoch, long haveSeq) {
      link.call(
          config.askMillis(),
          to -> to.addListenerAsync(instance, proxy, haveEpoch, haveSeq),
          (done, failure) ->
              step(
                  failure == null
                      ? new FollowerInput.Added()
                      : new FollowerInput.AddFailed(Exceptions.text(failure))));
    }

    @Override
    public void applySnapshot(long epoch, long seq, SortedMap<String, StateItem> all) {
      apply(() -> sink.snapshot(epoch, seq, all));
    }

    @Override
    public void applyUpdate(StateUpdate update) {
      apply(() -> sink.update(update));
    }

    private void apply(Supplier<CompletionStage<Void>> call) {
      applying = true;
      CompletionStage<Void> applied;
      try {
        applied = call.get();
      } catch (RuntimeException e) {
        applied = CompletableFuture.failedFuture(e);
      }
      applied.whenComplete(
          (done, failure) ->
              owner.execute(
                  () -> {
                    applying = false;
                    step(
                        failure == null
                            ? new FollowerInput.Applied()
                            : new FollowerInput.ApplyFailed(Exceptions.text(Async.cause(failure))));
                    CompletableFuture<Void> waiting = ended;
                    if (waiting != null) {
                      waiting.complete(null);
                    }
                  }));
    }

    @Override
    public void acknowledge(long seq) {
      link.call(config.askMillis(), to -> to.ackAsync(instance, seq), (done, failure) -> {});
    }

    @Override
    public void heard() {
      IceStreamClient.this.heard();
    }

    @Override
    public void lost(String reason) {
      lose(reason);
    }

    @Override
    public void progressed() {
      progress =
          new StreamProgress(
              core.appliedEpoch(),
              core.appliedSeq(),
              core.receivedSeq(),
              core.lagMillis(OwnerThread.nowMillis()),
              core.isWhole() && core.isHeard());
      events.progressed(progress);
    }
  }
}
