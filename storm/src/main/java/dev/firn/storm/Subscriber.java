package dev.firn.storm;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Subscription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber or link: its queue, its state and the messages under way. Publishers enqueue;
 * workers take events and hand messages to Ice, one thread at a time; Ice says what became of each.
 * None of these waits for the subscriber. Any thread; guarded by a lock of its own.
 */
final class Subscriber implements SubscriberView, EventSink {
  /** From here on a publisher does the work of our threads if they fall behind: it is paced. */
  private static final int CROWDED_EVENTS = 1024;

  private static final long CROWDED_BYTES = 1 << 20;
  private static final long REAP_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Who cannot be judged is not tried with every event; other failures are on their way too. */
  private static final long NOT_JUDGED_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Object lock = new Object();
  private final Runnable task = this::run;
  private final DeliveryContext context;
  private final Subscription subscription;
  private final SubscriberRecord record;
  private final ObjectPrx proxy;
  private final SubscriberKind kind;
  private final Qos qos;
  private final SubscriberOutlet outlet;
  private final SubscriberLog log;
  private final OversizeGuard guard;
  private final int queueSizeMax;
  private final int crowdedEvents;

  private final EventQueue queue = new EventQueue();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private SubscriberState state = SubscriberState.ONLINE;
  private boolean closed;
  private boolean draining;

  /** The workers have it in their queue. */
  private boolean scheduled;

  /** A thread takes events and hands them to Ice. */
  private boolean sending;

  private boolean flushTimerRuns;

  /** Only in batches: the first so many events need not wait any more. */
  private int due;

  private int messagesOut;
  private int eventsOut;
  private long delivered;
  private int failures;
  private long offlineUntilNanos;
  private long reapedNanos;
  private long reapedGroup;

  /** The group of replicas in which the last message was begun. */
  private long lastGroup;

  /**
   * @param proxy with time-outs and quality of service applied
   */
  Subscriber(DeliveryContext context, Subscription subscription, ObjectPrx proxy, Qos qos) {
    this.context = context;
    this.subscription = subscription;
    this.record = subscription.record();
    this.proxy = proxy;
    this.qos = qos;
    DeliverySettings settings = context.settings();
    this.kind = SubscriberKind.of(record, proxy, qos);
    this.outlet =
        new SubscriberOutlet(kind, proxy, settings, context.communicator().getProperties());
    this.log = new SubscriberLog(context, record.id(), proxy, qos);
    this.guard = new OversizeGuard(context.connections(), this::oversize);
    this.queueSizeMax = settings.queueSizeMax() > 0 ? settings.queueSizeMax() : Integer.MAX_VALUE;
    this.lastGroup = context.engine().group();
    this.crowdedEvents = Math.min(queueSizeMax, CROWDED_EVENTS);
  }

  /** Events for this subscriber alone. */
  @Override
  public void publish(Event event) {
    if (offer(event)) {
      context.workers().execute(task);
    }
  }

  /**
   * Queues an event, or discards it as state and policy want.
   *
   * @return whether {@link #task} must be given to the workers
   */
  boolean offer(Event event) {
    if (record.link() && record.cost() != 0 && event.cost() > record.cost()) {
      return false;
    }
    boolean runNeeded = queueOrDiscard(event);
    context.meter().changed(this);
    return runNeeded;
  }

  private boolean queueOrDiscard(Event event) {
    synchronized (lock) {
      if (!accepts()) {
        return false;
      }
      if (queue.size() < crowdedEvents && queue.bytes() < CROWDED_BYTES) {
        return enqueue(event);
      }
    }
    return offerCrowded(event);
  }

  Runnable task() {
    return task;
  }

  /** What the workers do: one message, then others have their turn. */
  private void run() {
    synchronized (lock) {
      scheduled = false;
    }
    if (send(1)) {
      context.workers().execute(task);
    }
  }

  /**
   * Either the subscriber is slow or our threads are. In the second case the publisher lends a
   * hand, which slows it down to what can be delivered; only what then does not fit is too much.
   */
  private boolean offerCrowded(Event event) {
    boolean runNeeded = false;
    while (true) {
      runNeeded |= send(Integer.MAX_VALUE);
      SubscriberFailure failure;
      long group;
      synchronized (lock) {
        if (!accepts()) {
          return runNeeded;
        }
        if (queue.size() < queueSizeMax) {
          return enqueue(event) || runNeeded;
        }
        flushNow();
        if (sending) {
          // Another thread hands events to Ice, which does not take long.
          awaitSender();
          continue;
        }
        if (canSend()) {
          continue;
        }
        if (context.settings().queuePolicy() == QueuePolicy.DROP_EVENTS) {
          queue.removeFirst();
          due = Math.min(due, queue.size());
          return enqueue(event) || runNeeded;
        }
        failure = SubscriberFailure.QUEUE_FULL;
        group = lastGroup;
      }
      failed(failure, group);
      return runNeeded;
    }
  }

  private boolean accepts() {
    if (closed) {
      return false;
    }
    return switch (state) {
      case ONLINE -> true;
      case OFFLINE -> {
        boolean again = System.nanoTime() - offlineUntilNanos >= 0;
        if (again) {
          become(SubscriberState.ONLINE);
        }
        yield again;
      }
      case ERROR -> false;
      case REAPED -> {
        if (context.engine().group() != reapedGroup) {
          // Whatever was found in that group is forgotten with it.
          become(SubscriberState.ONLINE);
          yield true;
        }
        if (System.nanoTime() - reapedNanos >= REAP_AGAIN_NANOS) {
          reap(reapedGroup);
        }
        yield false;
      }
    };
  }

  private boolean enqueue(Event event) {
    queue.add(event);
    if (kind.waitsForFlush()) {
      if (draining || outlet.full(queue)) {
        flushNow();
      } else {
        startFlushTimer();
      }
    }
    return claimRun();
  }

  private void flushNow() {
    due = queue.size();
  }

  private void startFlushTimer() {
    if (!flushTimerRuns && due == 0 && !queue.isEmpty()) {
      flushTimerRuns = true;
      long millis = context.settings().flushTimeout().toMillis();
      context.timer().schedule(this::flushTimedOut, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void flushTimedOut() {
    boolean runNeeded;
    synchronized (lock) {
      flushTimerRuns = false;
      flushNow();
      runNeeded = claimRun();
    }
    if (runNeeded) {
      context.workers().execute(task);
    }
  }

  private boolean canSend() {
    return state == SubscriberState.ONLINE
        && messagesOut < kind.messagesMax()
        && (kind.waitsForFlush() ? due > 0 : !queue.isEmpty());
  }

  /**
   * @return whether the caller must give {@link #task} to the workers, as nobody else will
   */
  private boolean claimRun() {
    if (scheduled || sending || !canSend()) {
      return false;
    }
    scheduled = true;
    return true;
  }

  /**
   * Sends what can be sent, unless another thread is at it.
   *
   * @return as for {@link #claimRun}
   */
  private boolean send(int messagesMax) {
    synchronized (lock) {
      if (sending || !canSend()) {
        return false;
      }
      sending = true;
    }
    for (int i = 0; i < messagesMax; i++) {
      List<Event> events;
      long group;
      synchronized (lock) {
        if (!canSend()) {
          break;
        }
        events = take();
        group = lastGroup;
      }
      transmit(events, group);
    }
    boolean runNeeded;
    synchronized (lock) {
      sending = false;
      lock.notifyAll();
      runNeeded = claimRun();
    }
    context.meter().changed(this);
    return runNeeded;
  }

  private List<Event> take() {
    List<Event> events = outlet.take(queue, kind.waitsForFlush() ? due : Integer.MAX_VALUE);
    if (kind.waitsForFlush()) {
      due -= events.size();
      startFlushTimer();
    }
    lastGroup = context.engine().group();
    messagesOut++;
    eventsOut += events.size();
    return events;
  }

  private void transmit(List<Event> events, long group) {
    int count = events.size();
    try {
      EventCall call = outlet.call(events, guard::carries);
      call.whenComplete((done, failure) -> completed(count, group, failure));
      call.start();
    } catch (RuntimeException e) {
      log.bug(e);
      completed(count, group, e);
    }
  }

  /** Also on the threads of Ice. */
  private void completed(int count, long group, @Nullable Throwable failure) {
    boolean runNeeded;
    synchronized (lock) {
      messagesOut--;
      eventsOut -= count;
      if (failure == null) {
        delivered += count;
        failures = state == SubscriberState.ONLINE ? 0 : failures;
      }
      runNeeded = failure == null && claimRun();
      noteDrained();
    }
    if (failure != null) {
      failed(SubscriberFailure.of(failure), group);
      return;
    }
    context.meter().changed(this);
    if (runNeeded) {
      context.workers().execute(task);
    }
  }

  /**
   * @param group in which the delivery that failed was begun
   */
  private void failed(SubscriberFailure failure, long group) {
    Runnable report;
    synchronized (lock) {
      report = closed ? () -> {} : react(failure, group);
      noteDrained();
    }
    context.meter().changed(this);
    report.run();
  }

  /** The transitions of {@link SubscriberState}; returns what is to be said outside the lock. */
  private Runnable react(SubscriberFailure failure, long group) {
    if (state == SubscriberState.ERROR || state == SubscriberState.REAPED) {
      return () -> {};
    }
    long now = System.nanoTime();
    boolean late = state == SubscriberState.OFFLINE && now - offlineUntilNanos < 0;
    if (late && !failure.hard()) {
      return () -> {};
    }
    int before = failures;
    queue.clear();
    due = 0;
    if (!failure.hard() && qos.allowsRetry(failures)) {
      failures++;
      offlineUntilNanos = now + context.settings().discardInterval().toNanos();
      become(SubscriberState.OFFLINE);
      return () -> log.offline(failure, context.settings().discardInterval(), before + 1);
    }
    long groupNow = context.engine().group();
    if (group == TopicEngine.NO_GROUP || group != groupNow) {
      // Whoever is cut off from the other replicas may be so from a healthy subscriber too, and
      // must not have it removed everywhere.
      lastGroup = groupNow;
      offlineUntilNanos = now + NOT_JUDGED_NANOS;
      become(SubscriberState.OFFLINE);
      return () -> log.notJudged(failure);
    }
    become(SubscriberState.ERROR);
    reap(group);
    return () -> log.erroredOut(failure, before);
  }

  private void become(SubscriberState next) {
    SubscriberState before = state;
    state = next;
    if (before != next) {
      log.transition(before, next);
    }
  }

  /** On a worker: the engine is not called with our lock held. */
  private void reap(long group) {
    become(SubscriberState.REAPED);
    reapedNanos = System.nanoTime();
    reapedGroup = group;
    context.workers().execute(() -> context.engine().reap(record.topicName(), subscription, group));
  }

  private void oversize() {
    if (outlet.sendSingly()) {
      log.sendsSingly();
    }
  }

  /** No more events: what waits is dropped, and nothing more is said of it. */
  void close() {
    synchronized (lock) {
      closed = true;
      queue.clear();
      due = 0;
      noteDrained();
    }
    guard.close();
  }

  /**
   * What waits in batches waits no longer.
   *
   * @return completes when nothing waits and nothing is under way
   */
  CompletableFuture<Void> drain() {
    boolean runNeeded;
    synchronized (lock) {
      draining = true;
      flushNow();
      runNeeded = claimRun();
      noteDrained();
    }
    if (runNeeded) {
      context.workers().execute(task);
    }
    return drained;
  }

  private void noteDrained() {
    if (draining && queue.isEmpty() && messagesOut == 0) {
      drained.complete(null);
    }
  }

  private void awaitSender() {
    try {
      while (sending && queue.size() >= queueSizeMax) {
        lock.wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public SubscriberRecord record() {
    return record;
  }

  @Override
  public ObjectPrx proxy() {
    return proxy;
  }

  @Override
  public boolean ended() {
    synchronized (lock) {
      return closed;
    }
  }

  @Override
  public SubscriberState state() {
    synchronized (lock) {
      return state;
    }
  }

  @Override
  public int queued() {
    synchronized (lock) {
      return queue.size();
    }
  }

  @Override
  public int outstanding() {
    synchronized (lock) {
      return eventsOut;
    }
  }

  @Override
  public long delivered() {
    synchronized (lock) {
      return delivered;
    }
  }
}
