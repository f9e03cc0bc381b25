package dev.firn.storage;

import dev.firn.model.AdapterEntry;
import dev.firn.model.Epoch;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns numbers into valid changes of a few rows, so that they replace and delete each other. */
final class RandomHistory {
  private static final List<Topic> TOPICS = List.of(Topic.values());

  private RegistryTables tables = RegistryTables.EMPTY;
  private int step;

  RegistryTables tables() {
    return tables;
  }

  /** Makes a change of each number, and commits them three at a time. */
  void steps(List<Integer> numbers, Consumer<List<RowChange>> commit) {
    List<RowChange> batch = new ArrayList<>();
    for (int number : numbers) {
      RowChange row = change(number);
      tables = tables.with(row);
      batch.add(row);
      if (batch.size() == 3) {
        commit.accept(List.copyOf(batch));
        batch.clear();
      }
    }
    commit.accept(batch);
  }

  private RowChange change(int number) {
    step++;
    String attribute = step % 4 == 0 ? "" : "attribute" + step % 5;
    if (number < 12) {
      ObjectEntry entry = Rows.object("object" + number % 6, attribute);
      ObjectEntry previous = tables.findObject(entry.id());
      return number < 6 && previous != null
          ? new RowChange.DeleteObject(previous)
          : new RowChange.PutObject(entry, Optional.ofNullable(previous));
    } else if (number < 22) {
      AdapterEntry entry = Rows.adapter("adapter" + number % 5, attribute);
      AdapterEntry previous = tables.findAdapter(entry.id());
      return number < 17 && previous != null
          ? new RowChange.DeleteAdapter(previous)
          : new RowChange.PutAdapter(entry, Optional.ofNullable(previous));
    } else if (number < 25) {
      ObjectEntry entry = Rows.object("node" + number, attribute);
      ObjectEntry previous = tables.findNode(entry.id());
      return step % 2 == 0 && previous != null
          ? new RowChange.DeleteNode(previous)
          : new RowChange.PutNode(entry, Optional.ofNullable(previous));
    } else if (number < 28) {
      return Rows.put(Rows.application("application" + number, step * 11));
    } else if (number == 28) {
      return new RowChange.ClearTable(TOPICS.get(step % 3));
    } else if (number == 29) {
      return new RowChange.PutSerial(TOPICS.get(step % 3), step);
    }
    return new RowChange.PutEpoch(new Epoch(step, step % 2 == 0));
  }
}
