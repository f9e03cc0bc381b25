package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.failover.FollowerInput;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamWriter;
import dev.firn.failover.WriterInput;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link StreamClient} that talks to replicators with Ice. One thread owns all of it. */
final class IceStreamClient implements StreamClient {
  private static final long PROBE_MILLIS = 500;
  private static final long LOST_MILLIS = 1_000;

  private final String instance;
  private final String stream;
  private final ObjectAdapter backplane;
  private final StreamEvents events;
  private final StreamClientConfig config;
  private final OwnerThread owner;
  private final ReplicatorLink link;
  private final StreamPublisher publisher;
  private final MemberRegistration registration;
  private final StreamClaims claims;
  private final Logger logger;
  private final List<Timed> timed = new ArrayList<>();
  private SortedMap<String, StateItem> items = new TreeMap<>();
  private long itemsSeq;
  private @Nullable StreamWriting writing;
  private @Nullable StreamFollowing following;

  /** What has ended while the component was applying something: publishing begins after that. */
  private @Nullable StreamFollowing ending;

  private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

  /** How publishing begins then, and what comes after; empty if nothing waits. */
  private final List<Runnable> starting = new ArrayList<>();

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
    this.logger = communicator.getLogger();
    this.publisher = new StreamPublisher(this, config.writer().limits());
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
                StreamWriting now = writing;
                if (now != null) {
                  now.abandon(reason);
                }
              }
            });
    this.registration =
        new MemberRegistration(link, stream, config.publishMillis(), config.registerMillis());
    this.claims =
        new StreamClaims(
            instance,
            config,
            link,
            owner,
            this::after,
            last -> {
              StreamWriting now = writing;
              if (now != null && last.epoch() <= now.core().epoch()) {
                now.notRaised();
              }
            });
    owner.start();
    owner.execute(link::look);
  }

  @Override
  public CompletionStage<ClaimedEpoch> claim(long epoch, long known) {
    return claims.claim(epoch, known);
  }

  @Override
  public CompletionStage<ClaimedEpoch> confirm(long epoch) {
    return claims.confirm(epoch);
  }

  /** Whether this instance has, or is about to have, an epoch for which its writer is refused. */
  boolean mayHave(long epoch) {
    return claims.isAnyUnderWay() || claims.last().epoch() >= epoch;
  }

  @Override
  public void startPublishing(long epoch, boolean wholeState) {
    owner.execute(() -> inOrder(() -> start(epoch, wholeState)));
  }

  /** After what the component is still applying, if anything. */
  private void inOrder(Runnable task) {
    if (ending != null || !starting.isEmpty()) {
      starting.add(task);
    } else {
      task.run();
    }
  }

  private void start(long epoch, boolean wholeState) {
    StreamWriting old = writing;
    if (old != null) {
      // A newer epoch of this same instance, which may have more than was acknowledged.
      items = old.core().items();
      itemsSeq = -1;
    }
    ClaimedEpoch claimed = claims.last();
    long headSeq = claimed.epoch() == epoch ? claimed.headSeq() : -1;
    StreamWriting started =
        new StreamWriting(
            this,
            new StreamWriter(config.writer(), epoch, headSeq, items, wholeState ? -1 : itemsSeq));
    writing = started;
    started.step(new WriterInput.Start());
    if (old != null) {
      old.handOver(started);
    }
  }

  @Override
  public void stopPublishing() {
    owner.execute(
        () ->
            inOrder(
                () -> {
                  StreamWriting old = writing;
                  writing = null;
                  if (old != null) {
                    old.end();
                    items = old.core().items();
                    // What was not acknowledged may not be there: only a snapshot can tell.
                    itemsSeq = -1;
                  }
                }));
  }

  void publish(WriterInput.Change change) {
    owner.execute(
        () ->
            inOrder(
                () -> {
                  StreamWriting now = writing;
                  if (now != null) {
                    now.step(change);
                  }
                }));
  }

  void flush(CompletableFuture<Long> answer) {
    owner.execute(
        () ->
            inOrder(
                () -> {
                  StreamWriting now = writing;
                  if (now == null) {
                    answer.completeExceptionally(
                        new NotPublishingException(instance + " does not publish"));
                  } else {
                    now.flush(answer);
                  }
                }));
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
          StreamFollowing started = new StreamFollowing(this, backplane, sink);
          following = started;
          started.step(new FollowerInput.Start());
        });
  }

  @Override
  public CompletionStage<Void> stopListening() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    owner.execute(
        () -> {
          endFollowing();
          ended.whenComplete((ok, failure) -> done.complete(null));
        });
    return done;
  }

  private void endFollowing() {
    StreamFollowing old = following;
    following = null;
    if (old == null) {
      return;
    }
    old.end();
    take(old);
    if (old.isApplying()) {
      ending = old;
      ended = new CompletableFuture<>();
    }
  }

  private void take(StreamFollowing from) {
    if (from.core().isWhole()) {
      items = from.core().appliedItems();
      itemsSeq = from.core().appliedSeq();
    }
  }

  /** The component has ended with what it was given last before the end of following. */
  void appliedLast(StreamFollowing from, boolean well) {
    if (ending != from) {
      return;
    }
    ending = null;
    if (well) {
      take(from);
    } else {
      // Nobody knows what the component has of it.
      itemsSeq = -1;
    }
    List<Runnable> tasks = List.copyOf(starting);
    starting.clear();
    tasks.forEach(Runnable::run);
    ended.complete(null);
  }

  @Override
  public CompletionStage<Void> registerConfiguration(ConfigurationServicePrx service) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    owner.execute(() -> registration.begin(service, done));
    return done;
  }

  @Override
  public CompletionStage<ConfigurationServicePrx> configuration() {
    CompletableFuture<ConfigurationServicePrx> found = new CompletableFuture<>();
    owner.execute(
        () -> {
          StateStreamPrx to = link.target();
          if (to == null) {
            link.look();
            found.completeExceptionally(new StreamEngine.NotServingException(link.lastFailure()));
          } else {
            Identity service = new Identity(stream + Replicator.CONFIGURATION, "");
            found.complete(ConfigurationServicePrx.uncheckedCast(to.ice_identity(service)));
          }
        });
    return found.orTimeout(config.confirmMillis(), TimeUnit.MILLISECONDS);
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
          registration.end();
          StreamWriting old = writing;
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

  boolean isCurrent(StreamWriting one) {
    return writing == one;
  }

  boolean isCurrent(StreamFollowing one) {
    return following == one;
  }

  String instance() {
    return instance;
  }

  StreamClientConfig config() {
    return config;
  }

  ReplicatorLink link() {
    return link;
  }

  StreamEvents events() {
    return events;
  }

  void execute(Runnable task) {
    owner.execute(task);
  }

  void warn(String text) {
    logger.warning("stream " + stream + ": " + text);
  }

  void progressed(StreamProgress now) {
    progress = now;
  }

  void heard() {
    heardMillis = OwnerThread.nowMillis();
    if (!found) {
      found = true;
      told = true;
      // It may be another replicator, or the same one without its memory.
      registration.anew();
      events.found();
    }
  }

  void lose(String reason) {
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
            registration.anew();
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
    wake = Math.min(wake, registration.wakeAtMillis());
    StreamWriting writes = writing;
    if (writes != null) {
      wake = Math.min(wake, writes.core().wakeAtMillis());
    }
    StreamFollowing follows = following;
    return follows == null ? wake : Math.min(wake, follows.core().wakeAtMillis());
  }

  private void tick() {
    long now = OwnerThread.nowMillis();
    List<Timed> due = timed.stream().filter(one -> one.atMillis() <= now).toList();
    timed.removeAll(due);
    due.forEach(one -> one.task().run());
    probe(now);
    registration.tick(now);
    StreamWriting writes = writing;
    if (writes != null && writes.core().wakeAtMillis() <= now) {
      writes.step(new WriterInput.Tick());
    }
    StreamFollowing follows = following;
    if (follows != null && follows.core().wakeAtMillis() <= now) {
      follows.step(new FollowerInput.Tick());
    }
  }
}
