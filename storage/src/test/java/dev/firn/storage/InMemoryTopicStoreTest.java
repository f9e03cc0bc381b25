package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.election.StateChange;
import dev.firn.election.StateStoreException;
import dev.firn.election.TopicStore;
import dev.firn.election.TopicTables;
import dev.firn.storage.InMemoryTopicStore.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryTopicStoreTest extends TopicStoreContract {
  private static final List<StateChange> CHANGES = List.of(Topics.create("a"));

  @Override
  TopicStore create() {
    return InMemoryTopicStore.refusing(TopicTables.EMPTY);
  }

  @Override
  TopicStore reopen(TopicStore store) {
    return ((InMemoryTopicStore) store).reopened();
  }

  @Test
  void unlimitedStoreTakesNamesOfAnyLength() {
    try (var store = InMemoryTopicStore.unlimited()) {
      store.commit(List.of(Topics.create("x".repeat(5_000))));

      assertThat(store.load().topics()).hasSize(1);
    }
  }

  @Test
  void failedCommitWritesNothingAndTheNextOneWorks() {
    try (var store = InMemoryTopicStore.unlimited()) {
      store.failNext(Fault.FAIL);

      assertThatThrownBy(() -> store.commit(CHANGES)).isInstanceOf(StateStoreException.class);
      assertThat(store.load().topics()).isEmpty();
      store.commit(CHANGES);
      assertThat(store.load().topics()).hasSize(1);
    }
  }

  @Test
  void crashBeforeTheWriteLosesIt() {
    assertThat(topicsAfter(Fault.CRASH_BEFORE_WRITE)).isZero();
  }

  @Test
  void crashAfterTheWriteKeepsIt() {
    assertThat(topicsAfter(Fault.CRASH_AFTER_WRITE)).isOne();
  }

  private static int topicsAfter(Fault fault) {
    try (var store = InMemoryTopicStore.unlimited()) {
      store.failNext(fault);
      assertThatThrownBy(() -> store.commit(CHANGES)).isInstanceOf(StateStoreException.class);
      assertThatThrownBy(store::load).isInstanceOf(IllegalStateException.class);
      try (var reopened = store.reopened()) {
        return reopened.load().topics().size();
      }
    }
  }
}
