package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firn.model.AdapterEntry;
import dev.firn.model.Epoch;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Serials;
import dev.firn.model.Topic;
import dev.firn.replication.RegistryStore;
import dev.firn.replication.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link RegistryStore} does. */
abstract class RegistryStoreContract {
  private RegistryStore store;

  /** A store that nothing was written to. */
  abstract RegistryStore create();

  /** Closes the store and opens what it left. */
  abstract RegistryStore reopen(RegistryStore store);

  @BeforeEach
  final void createStore() {
    store = create();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private RegistryTables reloaded() {
    store = reopen(store);
    return store.load();
  }

  private void commit(RowChange... rows) {
    store.commit(List.of(rows));
  }

  @Test
  void newStoreIsEmpty() {
    RegistryTables tables = store.load();

    assertThat(tables.applications()).isEmpty();
    assertThat(tables.objects()).isEmpty();
    assertThat(tables.adapters()).isEmpty();
    assertThat(tables.nodes()).isEmpty();
    assertThat(tables.serials()).isEqualTo(Serials.INITIAL);
    assertThat(tables.epoch()).isEqualTo(Epoch.NONE);
  }

  @Test
  void committedRowsOfEveryKindSurvive() {
    var object = Rows.object("printer", "::Demo::Printer");
    var adapter = Rows.adapter("PrinterAdapter", "Printers");
    var node = Rows.object("node1", "::IceGrid::Node");
    var application = Rows.application("Demo", 10_000);
    commit(
        Rows.put(object),
        Rows.put(adapter),
        Rows.put(application),
        new RowChange.PutNode(node, Optional.empty()),
        new RowChange.PutSerial(Topic.OBJECTS, 7),
        new RowChange.PutEpoch(new Epoch(3, true)));

    RegistryTables tables = reloaded();

    assertThat(tables.objects()).containsExactly(object);
    assertThat(tables.objectsOfType("::Demo::Printer")).containsExactly(object);
    assertThat(tables.adapters()).containsExactly(adapter);
    assertThat(tables.adaptersOfReplicaGroup("Printers")).containsExactly(adapter);
    assertThat(tables.applications()).containsExactly(application);
    assertThat(tables.nodes()).containsExactly(node);
    assertThat(tables.serials()).isEqualTo(new Serials(1, 1, 7));
    assertThat(tables.epoch()).isEqualTo(new Epoch(3, true));
  }

  @Test
  void loadWithinALifeSeesEveryCommit() {
    commit(Rows.put(Rows.object("a", "t")));
    assertThat(store.load().objects()).hasSize(1);
    commit(Rows.put(Rows.object("b", "t")));
    assertThat(store.load().objects()).hasSize(2);
  }

  @Test
  void replacedRowsMoveInTheIndexes() {
    ObjectEntry object = Rows.object("o", "old");
    ObjectEntry changedObject = Rows.object("o", "new");
    AdapterEntry adapter = Rows.adapter("a", "oldGroup");
    AdapterEntry changedAdapter = Rows.adapter("a", "");
    commit(Rows.put(object), Rows.put(adapter));
    commit(
        new RowChange.PutObject(changedObject, Optional.of(object)),
        new RowChange.PutAdapter(changedAdapter, Optional.of(adapter)));

    RegistryTables tables = reloaded();

    assertThat(tables.objectsOfType("old")).isEmpty();
    assertThat(tables.objectsOfType("new")).containsExactly(changedObject);
    assertThat(tables.adaptersOfReplicaGroup("oldGroup")).isEmpty();
    assertThat(tables.adapters()).containsExactly(changedAdapter);
  }

  @Test
  void deletedRowsAreGone() {
    var object = Rows.object("o", "t");
    var adapter = Rows.adapter("a", "g");
    var node = Rows.object("n", "::IceGrid::Node");
    commit(Rows.put(object), Rows.put(adapter), Rows.put(Rows.application("App", 3)));
    commit(new RowChange.PutNode(node, Optional.empty()));
    commit(
        new RowChange.DeleteObject(object),
        new RowChange.DeleteAdapter(adapter),
        new RowChange.DeleteApplication("App"),
        new RowChange.DeleteNode(node));

    RegistryTables tables = reloaded();

    assertThat(tables.objects()).isEmpty();
    assertThat(tables.adapters()).isEmpty();
    assertThat(tables.applications()).isEmpty();
    assertThat(tables.nodes()).isEmpty();
  }

  @Test
  void clearedTableLeavesTheOthers() {
    var adapter = Rows.adapter("a", "g");
    var object = Rows.object("new", "t");
    commit(Rows.put(Rows.object("old", "t")), Rows.put(adapter));
    commit(new RowChange.ClearTable(Topic.OBJECTS), Rows.put(object));

    RegistryTables tables = reloaded();

    assertThat(tables.objects()).containsExactly(object);
    assertThat(tables.objectsOfType("t")).containsExactly(object);
    assertThat(tables.adapters()).containsExactly(adapter);
  }

  @Test
  void rowsOfOneCommitApplyInOrder() {
    var first = Rows.object("o", "first");
    var second = Rows.object("o", "second");
    commit(
        Rows.put(first),
        new RowChange.DeleteObject(first),
        Rows.put(second),
        new RowChange.PutSerial(Topic.OBJECTS, 2),
        new RowChange.PutSerial(Topic.OBJECTS, 3));

    RegistryTables tables = reloaded();

    assertThat(tables.objects()).containsExactly(second);
    assertThat(tables.serials().objects()).isEqualTo(3);
  }

  @Test
  void keyOfTheGreatestLengthIsStored() {
    // A size of three digits takes five bytes; below 255 it takes one.
    var adapter = Rows.adapter("a".repeat(506), "g".repeat(506));
    commit(Rows.put(adapter));

    assertThat(reloaded().adapters()).containsExactly(adapter);
  }

  @Test
  void tooLongNamesAreRefusedAndNothingIsWritten() {
    String tooLong = "x".repeat(507);
    List<RowChange> refused =
        List.of(
            Rows.put(Rows.adapter(tooLong, "")),
            Rows.put(Rows.adapter("a", tooLong)),
            Rows.put(Rows.object(tooLong, "t")),
            Rows.put(Rows.object("o", tooLong)),
            Rows.put(Rows.application(tooLong, 1)));
    for (RowChange row : refused) {
      assertThatThrownBy(() -> commit(Rows.put(Rows.object("fine", "t")), row))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("511")
          .hasMessageContaining("use a shorter name");
    }

    assertThat(reloaded().objects()).isEmpty();
  }

  @Test
  void unusualNamesSurvive() {
    var umlaut = Rows.object("Drückér/\u0000\uD83D\uDDA8", "::Tüp");
    var noType = Rows.object("noType", "");
    commit(Rows.put(umlaut), Rows.put(noType));

    assertThat(reloaded().objects()).containsExactlyInAnyOrder(umlaut, noType);
  }

  @Test
  void manyRowsSurviveInOneCommitAndInMany() {
    List<RowChange> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(Rows.put(Rows.object("object" + i, "type" + i % 3)));
      rows.add(Rows.put(Rows.adapter("adapter" + i, i % 2 == 0 ? "" : "group" + i % 500)));
    }
    store.commit(rows);
    for (int i = 0; i < 50; i++) {
      commit(Rows.put(Rows.application("application" + i, 100 * i)));
    }

    RegistryTables tables = reloaded();

    assertThat(tables.objects()).hasSize(20_000);
    assertThat(tables.objectsOfType("type1")).hasSize(6_667);
    assertThat(tables.adapters()).hasSize(20_000);
    assertThat(tables.applications()).hasSize(50);
  }

  @Test
  void randomHistoryEndsAsInMemory() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 30);
    var history = new RandomHistory();
    numbers
        .list()
        .ofSize(600)
        .sampleStream()
        .limit(3)
        .forEach(sample -> history.steps(sample, rows -> store.commit(rows)));

    RegistryTables tables = reloaded();

    assertThat(tables.sameReplicatedContent(history.tables())).isTrue();
    assertThat(tables.nodes()).containsExactlyElementsOf(history.tables().nodes());
    assertThat(tables.epoch()).isEqualTo(history.tables().epoch());
  }

  @Test
  void closedStoreRefusesToWork() {
    store.close();

    assertThatThrownBy(() -> store.load()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> commit(Rows.put(Rows.object("o", "t"))))
        .isInstanceOf(IllegalStateException.class);
  }
}
