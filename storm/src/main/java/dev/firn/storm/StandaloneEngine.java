package dev.firn.storm;

import com.zeroc.Ice.Logger;
import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import dev.firn.wire.StackTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a service without replicas: persist, make visible, acknowledge.
 *
 * <p>One thread owns the store and the tables. What queued up while it wrote goes into the next
 * transaction together: one fsync for all of it.
 */
final class StandaloneEngine implements TopicEngine {
  private static final int QUEUE_MAX = 100_000;
  private static final int GROUP_MAX = 1_000;
  private static final String STOPPING = "the service is shutting down";

  private final TopicStore store;
  private final int keySizeMax;
  private final Logger logger;
  private final BlockingQueue<Update> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
  private final Thread owner;
  private Consumer<TopicTables> listener = tables -> {};
  private volatile TopicTables tables;
  private volatile boolean stopped;

  /**
   * A command and who waits for it; without a command, the end.
   *
   * @param only the command is void once this subscription has ended
   */
  private record Update(
      @Nullable TopicCommand command,
      @Nullable Subscription only,
      CompletableFuture<TopicCommand.Result> answer) {
    private TopicCommand.Result applyTo(TopicTables tables, TopicCommand asked, int keySizeMax) {
      Topic topic = tables.find(asked.topic());
      return only == null || (topic != null && topic.has(only))
          ? asked.applyTo(tables, keySizeMax)
          : new TopicCommand.Result.Applied(List.of());
    }
  }

  /** A group of updates while it is put together. */
  private record Outcome(Update update, TopicCommand.Result result) {}

  /**
   * @param store loaded here; closed by whoever opened it, after {@link #shutdown}
   * @param keySizeMax {@link TopicCommand#KEY_SIZE_MAX}, or more where nothing is stored
   */
  StandaloneEngine(TopicStore store, int keySizeMax, Logger logger) {
    this.store = store;
    this.keySizeMax = keySizeMax;
    this.logger = logger;
    this.tables = store.load();
    this.owner = new Thread(this::run, "firn-storm-engine");
    owner.setDaemon(true);
  }

  @Override
  public void start(Consumer<TopicTables> listenerOfTables) {
    listener = listenerOfTables;
    listener.accept(tables);
    owner.start();
  }

  @Override
  public TopicTables tables() {
    return tables;
  }

  @Override
  public CompletableFuture<TopicCommand.Result> submit(TopicCommand command) {
    return submit(new Update(command, null, new CompletableFuture<>()));
  }

  private CompletableFuture<TopicCommand.Result> submit(Update update) {
    if (stopped) {
      refuse(update, STOPPING);
    } else if (!queue.offer(update)) {
      refuse(update, QUEUE_MAX + " updates are waiting already");
    } else if (stopped && queue.remove(update)) {
      // The owner may have ended between the first look and the offer.
      refuse(update, STOPPING);
    }
    return update.answer();
  }

  @Override
  public Gate readGate() {
    return Gate.OPEN;
  }

  @Override
  public Gate publishGate() {
    return Gate.OPEN;
  }

  /** There is no other replica that could know better. */
  @Override
  public long group() {
    return 0;
  }

  @Override
  public void reap(String topic, Subscription subscription, long group) {
    submit(
        new Update(
            new TopicCommand.RemoveSubscribers(topic, List.of(subscription.record().id())),
            subscription,
            new CompletableFuture<>()));
  }

  @Override
  public CompletableFuture<TopicCommand.Result> reapForPeer(
      String topic, List<ObjectId> subscribers) {
    return submit(new TopicCommand.RemoveSubscribers(topic, subscribers));
  }

  @Override
  public void shutdown() {
    stopped = true;
    if (!owner.isAlive()) {
      return;
    }
    try {
      // Only wakes the owner: with a full queue it is awake.
      queue.offer(new Update(null, null, new CompletableFuture<>()));
      owner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Update> group = new ArrayList<>();
    try {
      while (!stopped) {
        group.clear();
        group.add(queue.take());
        queue.drainTo(group, GROUP_MAX - 1);
        group.removeIf(update -> update.command() == null);
        if (!carryOut(group)) {
          // One bad update must not take the others with it.
          group.forEach(update -> carryOut(List.of(update)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      logger.error("no further updates are possible: " + StackTraces.of(e));
    } finally {
      stopped = true;
      group.forEach(update -> refuse(update, STOPPING));
      queue.forEach(update -> refuse(update, STOPPING));
    }
  }

  /**
   * Carries out updates in one transaction.
   *
   * @return false if there are several and the transaction failed: nobody is answered then
   */
  private boolean carryOut(List<Update> group) {
    TopicTables next = tables;
    LogPosition position = next.position();
    List<StateChange> changes = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    for (Update update : group) {
      TopicCommand command = update.command();
      if (command == null) {
        continue;
      }
      TopicCommand.Result result = update.applyTo(next, command, keySizeMax);
      if (result instanceof TopicCommand.Result.Applied applied && !applied.changes().isEmpty()) {
        next = next.with(applied.changes());
        changes.addAll(applied.changes());
        position = position.next();
      }
      outcomes.add(new Outcome(update, result));
    }
    if (!changes.isEmpty()) {
      changes.add(new StateChange.SetPosition(position));
      try {
        store.commit(changes);
      } catch (StateStoreException e) {
        return notStored(group, e);
      }
      next = next.with(new StateChange.SetPosition(position));
      tables = next;
      listener.accept(next);
    }
    outcomes.forEach(outcome -> outcome.update().answer().complete(outcome.result()));
    return true;
  }

  private boolean notStored(List<Update> group, StateStoreException failure) {
    if (group.size() > 1) {
      return false;
    }
    String message = "LMDB error: " + failure.getMessage();
    logger.error(message);
    group.forEach(update -> refuse(update, message));
    return true;
  }

  /** Has no effect on an update that is answered already. */
  private static void refuse(Update update, String reason) {
    update.answer().completeExceptionally(new UnknownOutcomeException(reason));
  }
}
