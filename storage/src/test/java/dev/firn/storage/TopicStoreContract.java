package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TopicStore} does. */
abstract class TopicStoreContract {
  private TopicStore store;

  /** A store that nothing was written to. */
  abstract TopicStore create();

  /** Closes the store and opens what it left. */
  abstract TopicStore reopen(TopicStore store);

  @BeforeEach
  final void createStore() {
    store = create();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private TopicTables reloaded() {
    store = reopen(store);
    return store.load();
  }

  private void commit(StateChange... changes) {
    store.commit(List.of(changes));
  }

  @Test
  void newStoreIsEmpty() {
    assertThat(store.load()).isEqualTo(TopicTables.EMPTY);
  }

  @Test
  void changesOfEveryKindSurvive() {
    SubscriberRecord subscriber = Topics.subscriber("a", "s", "c");
    SubscriberRecord link = Topics.link("a", "b", -3);
    commit(
        Topics.create("a"),
        Topics.create("b"),
        Topics.put(subscriber),
        Topics.put(link),
        Topics.position(4, 2),
        new StateChange.SetPromise(7));

    TopicTables tables = reloaded();

    assertThat(tables.topics()).extracting(Topic::name).containsExactly("a", "b");
    assertThat(Topics.subscribers(tables, "a")).containsExactly(subscriber, link);
    assertThat(Topics.subscribers(tables, "b")).isEmpty();
    assertThat(tables.position()).isEqualTo(new LogPosition(4, 2));
    assertThat(tables.promise()).isEqualTo(7);
  }

  @Test
  void positionAndPromiseSurviveManyStarts() {
    commit(Topics.position(4, 2), new StateChange.SetPromise(7));
    for (int start = 0; start < 3; start++) {
      TopicTables tables = reloaded();
      assertThat(tables.position()).isEqualTo(new LogPosition(4, 2));
      assertThat(tables.promise()).isEqualTo(7);
    }
    commit(Topics.position(4, 3));

    assertThat(reloaded().promise()).isEqualTo(7);
  }

  @Test
  void loadWithinALifeSeesEveryCommit() {
    commit(Topics.create("a"));
    assertThat(store.load().topics()).hasSize(1);
    commit(Topics.create("b"));
    assertThat(store.load().topics()).hasSize(2);
  }

  @Test
  void destroyedTopicTakesItsSubscribersAlongAndOnlyThose() {
    commit(Topics.create("a"), Topics.create("aa"));
    for (String topic : List.of("a", "aa")) {
      commit(
          Topics.put(Topics.subscriber(topic, "s", "")),
          Topics.put(Topics.subscriber(topic, "longer name", "x")),
          Topics.put(Topics.link(topic, "b", 0)));
    }
    commit(Topics.destroy("a"));
    assertThat(reloaded().find("a")).isNull();
    commit(Topics.create("a"));

    TopicTables tables = reloaded();

    assertThat(Topics.subscribers(tables, "a")).isEmpty();
    assertThat(Topics.subscribers(tables, "aa")).hasSize(3);
  }

  @Test
  void removedSubscribersAreGone() {
    commit(Topics.create("a"));
    List<ObjectId> ids = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      SubscriberRecord subscriber = Topics.subscriber("a", "s".repeat(1 + i % 40) + i, "c" + i % 3);
      ids.add(subscriber.id());
      commit(Topics.put(subscriber));
    }
    ids.subList(0, 299).forEach(id -> commit(Topics.remove("a", id)));

    assertThat(Topics.subscribers(reloaded(), "a"))
        .extracting(SubscriberRecord::id)
        .containsExactly(ids.get(299));
  }

  @Test
  void replacedSubscriberHasTheNewRecord() {
    SubscriberRecord replaced = Topics.link("a", "b", 9);
    commit(Topics.create("a"), Topics.put(Topics.link("a", "b", 1)));
    commit(Topics.put(replaced));

    assertThat(Topics.subscribers(reloaded(), "a")).containsExactly(replaced);
  }

  @Test
  void topicThatIsPutAgainIsEmpty() {
    commit(Topics.create("a"), Topics.put(Topics.subscriber("a", "s", "")));
    commit(Topics.create("a"));

    assertThat(Topics.subscribers(reloaded(), "a")).isEmpty();
  }

  @Test
  void clearLeavesPositionAndPromise() {
    commit(Topics.create("a"), Topics.position(1, 1), new StateChange.SetPromise(2));
    commit(new TopicChange.Clear(), Topics.create("b"));

    TopicTables tables = reloaded();

    assertThat(tables.topics()).extracting(Topic::name).containsExactly("b");
    assertThat(tables.position()).isEqualTo(new LogPosition(1, 1));
    assertThat(tables.promise()).isEqualTo(2);
  }

  @Test
  void nothingOfARefusedCommitIsWritten() {
    String tooLong = "x".repeat(512);
    commit(Topics.create("a"));
    for (TopicChange bad :
        List.of(Topics.create(tooLong), Topics.put(Topics.subscriber("a", tooLong, "")))) {
      assertThatThrownBy(() -> commit(Topics.create("fine"), bad, Topics.position(9, 9)))
          .isInstanceOf(StateStoreException.class)
          .hasMessageContaining("511")
          .hasMessageContaining("use shorter names");
    }

    TopicTables tables = reloaded();

    assertThat(tables.topics()).hasSize(1);
    assertThat(tables.position()).isEqualTo(LogPosition.ZERO);
  }

  @Test
  void longestNamesThatFitAreStored() {
    // Two names, two categories: five bytes of sizes for a name from 255 bytes on, else one.
    String longest = "x".repeat(511 - 5 - 1 - 8 - 1 - 1 - "topic.".length());
    commit(Topics.create(longest));
    assertThatThrownBy(() -> commit(Topics.create(longest + "x")))
        .isInstanceOf(StateStoreException.class);

    assertThat(reloaded().find(longest)).isNotNull();
  }

  @Test
  void unusualNamesSurvive() {
    for (String name : List.of("", "Drückér/\u0000\uD83D\uDDA8", "topic.", " ", "x".repeat(300))) {
      commit(Topics.create(name), Topics.put(Topics.subscriber(name, "s", "ö")));
    }
    commit(new TopicChange.PutTopic(new ObjectId("old form", "")));

    TopicTables tables = reloaded();

    assertThat(tables.topics()).hasSize(6);
    assertThat(Topics.subscribers(tables, "")).hasSize(1);
    assertThat(tables.find("old form")).isEqualTo(Topic.of(new ObjectId("old form", "")));
  }

  @Test
  void manyTopicsAndSubscribersSurvive() {
    List<StateChange> changes = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      changes.add(Topics.create("topic" + i));
    }
    changes.add(Topics.create("popular"));
    for (int i = 0; i < 10_000; i++) {
      changes.add(Topics.put(Topics.subscriber("popular", "s" + i, "")));
    }
    store.commit(changes);
    TopicTables tables = reloaded();
    assertThat(tables.topics()).hasSize(5_001);
    assertThat(Topics.subscribers(tables, "popular")).hasSize(10_000);

    commit(Topics.destroy("popular"));

    assertThat(reloaded().topics()).hasSize(5_000);
  }

  @Test
  void randomHistoryEndsAsInMemory() {
    var random = new Random(20261122);
    TopicTables expected = TopicTables.EMPTY;
    for (int step = 0; step < 800; step++) {
      List<StateChange> changes = List.of(randomChange(random), Topics.position(1, step));
      if (changes.get(0) instanceof TopicChange.PutSubscriber put
          && expected.find(put.subscriber().topicName()) == null) {
        continue;
      }
      if (changes.get(0) instanceof TopicChange.DeleteSubscriber delete
          && expected.find(Topic.nameOf(delete.topic())) == null) {
        continue;
      }
      expected = expected.with(changes);
      store.commit(changes);
      if (step % 100 == 0) {
        assertThat(reloaded()).isEqualTo(expected);
      }
    }

    assertThat(reloaded()).isEqualTo(expected);
  }

  /** Names whose encoded bytes and decoded names are in different orders. */
  private static TopicChange randomChange(Random random) {
    String topic = String.valueOf((char) ('a' + random.nextInt(6))).repeat(1 + random.nextInt(3));
    String name = String.valueOf((char) ('s' + random.nextInt(5))).repeat(1 + random.nextInt(5));
    String category = "c".repeat(random.nextInt(3));
    return switch (random.nextInt(9)) {
      case 0, 1 -> Topics.create(topic);
      case 2 -> Topics.destroy(topic);
      case 3 -> Topics.remove(topic, new ObjectId(name, category));
      case 4 -> Topics.put(Topics.link(topic, name, random.nextInt(9)));
      default -> Topics.put(Topics.subscriber(topic, name, category));
    };
  }

  @Test
  void closedStoreRefusesToWork() {
    store.close();

    assertThatThrownBy(() -> store.load()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> commit(Topics.create("a"))).isInstanceOf(IllegalStateException.class);
  }
}
