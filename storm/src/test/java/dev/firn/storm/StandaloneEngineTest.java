package dev.firn.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Util;
import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicCommand.CreateTopic;
import dev.firn.election.TopicCommand.DestroyTopic;
import dev.firn.election.TopicCommand.Result;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandaloneEngineTest {
  private static final int LIMIT_SECONDS = 60;

  private final GatedStore store = new GatedStore();
  private final StandaloneEngine engine =
      new StandaloneEngine(store, TopicCommand.KEY_SIZE_MAX, Util.getProcessLogger());

  @AfterEach
  void stop() {
    store.open.countDown();
    engine.shutdown();
  }

  @Test
  void anUpdateIsStoredThenVisibleThenAcknowledged() throws Exception {
    List<String> order = new ArrayList<>();
    store.open.countDown();
    store.onCommit = changes -> order.add("stored " + engine.tables().topics());
    engine.start(tables -> order.add("visible " + tables.topics()));

    CompletableFuture<Result> answer = engine.submit(create("a"));

    assertThat(answer.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThat(order).containsExactly("visible []", "stored []", "visible [a[]]");
    assertThat(engine.tables().position()).isEqualTo(new LogPosition(0, 1));
  }

  @Test
  void whatQueuesUpWhileTheStoreWritesGoesIntoOneTransaction() throws Exception {
    engine.start(tables -> {});
    List<CompletableFuture<Result>> answers = new ArrayList<>();
    answers.add(engine.submit(create("first")));
    store.awaitCommit();
    for (int i = 0; i < 50; i++) {
      answers.add(engine.submit(create("t" + i)));
    }
    store.open.countDown();

    for (CompletableFuture<Result> answer : answers) {
      assertThat(answer.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    }
    assertThat(store.commits).hasSize(2);
    assertThat(store.load().topics()).hasSize(51);
    assertThat(store.load().position()).isEqualTo(new LogPosition(0, 51));
  }

  @Test
  void anUpdateSeesThoseBeforeItInTheSameTransaction() throws Exception {
    engine.start(tables -> {});
    engine.submit(create("first"));
    store.awaitCommit();
    CompletableFuture<Result> once = engine.submit(create("a"));
    CompletableFuture<Result> twice = engine.submit(create("a"));
    CompletableFuture<Result> gone = engine.submit(new DestroyTopic("a"));
    CompletableFuture<Result> goneAlready = engine.submit(new DestroyTopic("a"));
    store.open.countDown();

    assertThat(once.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThat(twice.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Rejected.class);
    assertThat(gone.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThat(goneAlready.get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(Result.Rejected.class);
    assertThat(store.load().topics()).hasSize(1);
  }

  @Test
  void whoSubscribesAgainIsNotRemovedByAnOldReport() throws Exception {
    store.open.countDown();
    engine.start(tables -> {});
    ObjectId id = new ObjectId("s", "");
    TopicCommand subscribe =
        new TopicCommand.AddSubscriber(
            "a", SubscriberRecord.subscriber("a", id, EncodedProxy.NULL, new TreeMap<>()));
    engine.submit(create("a"));
    engine.submit(subscribe).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    Subscription before = subscription(id);
    engine.submit(new TopicCommand.RemoveSubscribers("a", List.of(id)));
    engine.submit(subscribe).get(LIMIT_SECONDS, TimeUnit.SECONDS);

    engine.reap("a", before, engine.group());
    engine.submit(create("b")).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    Subscription after = subscription(id);
    engine.reap("a", after, engine.group());
    engine.submit(create("c")).get(LIMIT_SECONDS, TimeUnit.SECONDS);

    assertThat(requireNonNull(engine.tables().find("a")).subscribers()).isEmpty();
  }

  private Subscription subscription(ObjectId id) {
    return requireNonNull(requireNonNull(engine.tables().find("a")).findSubscription(id));
  }

  @Test
  void anUpdateThatCannotBeStoredDoesNotTakeOthersWithIt() throws Exception {
    store.refuses =
        change ->
            change instanceof TopicChange.PutTopic put && Topic.nameOf(put.topic()).equals("bad");
    engine.start(tables -> {});
    engine.submit(create("first"));
    store.awaitCommit();
    CompletableFuture<Result> before = engine.submit(create("before"));
    CompletableFuture<Result> bad = engine.submit(create("bad"));
    CompletableFuture<Result> after = engine.submit(create("after"));
    store.open.countDown();

    assertThat(before.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThat(after.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThatThrownBy(() -> bad.get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("LMDB error: the disk is full");
    assertThat(engine.tables().find("bad")).isNull();
    assertThat(engine.tables()).isEqualTo(store.load());
    assertThat(store.load().topics()).extracting(Topic::name).contains("before", "after");
  }

  @Test
  void whoWaitsWhenTheEngineStopsIsToldSo() throws Exception {
    engine.start(tables -> {});
    CompletableFuture<Result> underWay = engine.submit(create("under way"));
    store.awaitCommit();
    CompletableFuture<Result> waiting = engine.submit(create("waiting"));
    Thread stopping = new Thread(engine::shutdown);
    stopping.start();
    CompletableFuture<Result> late;
    do {
      late = engine.submit(create("late"));
    } while (!late.isCompletedExceptionally());
    store.open.countDown();
    stopping.join();

    assertThat(underWay.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Result.Applied.class);
    assertThatThrownBy(() -> waiting.get(LIMIT_SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(UnknownOutcomeException.class);
    assertThat(store.load().topics()).hasSize(1);
  }

  @Test
  void anUpdateThatChangesNothingIsNotWritten() throws Exception {
    store.open.countDown();
    engine.start(tables -> {});
    engine.submit(create("a")).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    engine.reapForPeer("a", List.of()).get(LIMIT_SECONDS, TimeUnit.SECONDS);

    assertThat(store.commits).hasSize(1);
  }

  private static CreateTopic create(String name) {
    return new CreateTopic(Topic.idOf("IceStorm", name));
  }

  /** Holds its first transaction until it is opened. */
  private static final class GatedStore implements TopicStore {
    final CountDownLatch open = new CountDownLatch(1);
    final List<List<? extends StateChange>> commits = new ArrayList<>();
    Predicate<StateChange> refuses = change -> false;
    Consumer<List<? extends StateChange>> onCommit = changes -> {};
    private final CountDownLatch committing = new CountDownLatch(1);
    private TopicTables tables = TopicTables.EMPTY;

    void awaitCommit() throws InterruptedException {
      assertThat(committing.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public synchronized TopicTables load() {
      return tables;
    }

    @Override
    public void commit(List<? extends StateChange> changes) {
      committing.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (changes.stream().anyMatch(refuses)) {
        throw new StateStoreException("the disk is full");
      }
      onCommit.accept(changes);
      synchronized (this) {
        commits.add(changes);
        tables = tables.with(changes);
      }
    }

    @Override
    public void close() {}
  }
}
