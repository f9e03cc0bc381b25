package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.RowChange;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import dev.firn.storage.InMemoryRegistryStore.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryRegistryStoreTest extends RegistryStoreContract {
  private static final List<RowChange> ROWS = List.of(Rows.put(Rows.object("o", "t")));

  @Override
  RegistryStore create() {
    return new InMemoryRegistryStore();
  }

  @Override
  RegistryStore reopen(RegistryStore store) {
    return ((InMemoryRegistryStore) store).reopened();
  }

  @Test
  void failedCommitWritesNothingAndTheNextOneWorks() {
    try (var store = new InMemoryRegistryStore()) {
      store.failNext(Fault.FAIL);

      assertThatThrownBy(() -> store.commit(ROWS)).isInstanceOf(StoreException.class);
      assertThat(store.load().objects()).isEmpty();
      store.commit(ROWS);
      assertThat(store.load().objects()).hasSize(1);
    }
  }

  @Test
  void crashBeforeTheWriteLosesIt() {
    assertThat(objectsAfter(Fault.CRASH_BEFORE_WRITE)).isZero();
  }

  @Test
  void crashAfterTheWriteKeepsIt() {
    assertThat(objectsAfter(Fault.CRASH_AFTER_WRITE)).isOne();
  }

  private static int objectsAfter(Fault fault) {
    try (var store = new InMemoryRegistryStore()) {
      store.failNext(fault);
      assertThatThrownBy(() -> store.commit(ROWS)).isInstanceOf(StoreException.class);
      assertThatThrownBy(store::load).isInstanceOf(IllegalStateException.class);
      try (var reopened = store.reopened()) {
        return reopened.load().objects().size();
      }
    }
  }
}
