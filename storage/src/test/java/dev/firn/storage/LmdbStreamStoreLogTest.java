package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamChange;
import dev.firn.failover.StreamTables;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one of several replicators has to remember besides the streams. */
final class LmdbStreamStoreLogTest {
  @TempDir private Path directory;

  @Test
  void positionAndPromiseSurvive() {
    try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
      assertThat(store.load().position()).isEqualTo(LogPosition.ZERO);
      store.commit(List.of(new StateChange.SetPromise(7)));
      store.commit(List.of(new StateChange.SetPosition(new LogPosition(7, 3))));
    }
    try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
      assertThat(store.load().promise()).isEqualTo(7);
      assertThat(store.load().position()).isEqualTo(new LogPosition(7, 3));
      assertThat(store.load().streams()).isEmpty();
    }
  }

  @Test
  void aStreamIsRemovedWithItsItems() {
    StreamTables before;
    try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
      store.commit(
          List.of(
              new StreamChange.SetHead("a", 1, "i", 1, 1, true, 0),
              new StreamChange.PutItem("a", new StateItem("k", "", 0, Bytes.EMPTY)),
              new StreamChange.SetHead("b", 1, "i", 1, 1, true, 0),
              new StreamChange.PutItem("b", new StateItem("k", "", 0, Bytes.EMPTY))));
      store.commit(List.of(new StreamChange.RemoveStream("a")));
      before = store.load();
      assertThat(before.streams()).hasSize(1);
    }
    try (LmdbStreamStore store = LmdbStreamStore.open(directory)) {
      assertThat(store.load().sameStreams(before)).isTrue();
    }
  }
}
