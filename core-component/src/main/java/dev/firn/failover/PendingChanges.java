package dev.firn.failover;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has changed and was not sent yet: whole batches while there are few, else only which keys.
 * Changes of one call stay in one batch.
 */
final class PendingChanges {
  /** What one update says. */
  record Batch(List<StateItem> set, List<String> removed) {}

  private final WriterConfig config;
  private final Deque<Batch> sealed = new ArrayDeque<>();
  private final NavigableMap<String, Optional<StateItem>> open = new TreeMap<>();
  private final NavigableSet<String> dirty = new TreeSet<>();
  private long openBytes;
  private long openedMillis;
  private long sealedBytes;

  PendingChanges(WriterConfig config) {
    this.config = config;
  }

  boolean isEmpty() {
    return sealed.isEmpty() && open.isEmpty() && dirty.isEmpty();
  }

  /** Keys that wait, each as often as it does. */
  int keys() {
    int keys = open.size() + dirty.size();
    for (Batch batch : sealed) {
      keys += batch.set().size() + batch.removed().size();
    }
    return keys;
  }

  /** Whether there are more keys than are worth being told apart. */
  boolean isEverything() {
    return dirty.size() > config.dirtyKeysMax();
  }

  void clear() {
    sealed.clear();
    open.clear();
    dirty.clear();
    openBytes = 0;
    sealedBytes = 0;
  }

  /** Notes a change; a later one of the same key takes its place. */
  void add(long nowMillis, List<StateItem> set, List<String> removed) {
    if (!dirty.isEmpty()) {
      set.forEach(item -> dirty.add(item.key()));
      dirty.addAll(removed);
      return;
    }
    long bytes = new StateUpdate(0, 0, set, removed).sizeBytes();
    int count = set.size() + removed.size();
    if (openBytes + bytes > config.limits().updateBytesMax()
        || open.size() + count > config.limits().updateItemsMax()) {
      seal();
    }
    if (open.isEmpty()) {
      openedMillis = nowMillis;
    }
    set.forEach(item -> open.put(item.key(), Optional.of(item)));
    removed.forEach(key -> open.put(key, Optional.empty()));
    openBytes += bytes;
    if (sealedBytes + openBytes > config.queueBytesMax()) {
      collapse();
    }
  }

  /** From now on only the keys are known, until all of them have been taken. */
  void collapse() {
    seal();
    for (Batch batch : sealed) {
      batch.set().forEach(item -> dirty.add(item.key()));
      dirty.addAll(batch.removed());
    }
    sealed.clear();
    sealedBytes = 0;
  }

  /** A batch that was refused, whose keys wait again. */
  void putBack(Batch batch) {
    collapse();
    batch.set().forEach(item -> dirty.add(item.key()));
    dirty.addAll(batch.removed());
  }

  /** When the next batch is due; the past if at once. */
  long dueAtMillis() {
    if (!sealed.isEmpty() || !dirty.isEmpty() || openBytes >= config.batchBytes()) {
      return Long.MIN_VALUE;
    }
    return open.isEmpty() ? Long.MAX_VALUE : openedMillis + config.batchMillis();
  }

  /**
   * Takes the next batch.
   *
   * @param items the state as it is now
   * @param removalsFirst whether to make room before anything is set
   */
  Batch take(SortedMap<String, StateItem> items, boolean removalsFirst) {
    if (sealed.isEmpty() && dirty.isEmpty()) {
      seal();
    }
    if (!sealed.isEmpty()) {
      Batch batch = sealed.remove();
      sealedBytes -= bytes(batch);
      return batch;
    }
    return takeDirty(items, removalsFirst);
  }

  private Batch takeDirty(SortedMap<String, StateItem> items, boolean removalsFirst) {
    List<StateItem> set = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    boolean removalsOnly = removalsFirst && dirty.stream().anyMatch(key -> !items.containsKey(key));
    long bytes = 0;
    for (var keys = dirty.iterator(); keys.hasNext(); ) {
      String key = keys.next();
      StateItem item = items.get(key);
      if (item != null && removalsOnly) {
        continue;
      }
      long size = item == null ? key.length() + 4L : item.sizeBytes();
      int count = set.size() + removed.size();
      if (count > 0
          && (bytes + size > config.chunkBytes() || count >= config.limits().updateItemsMax())) {
        break;
      }
      bytes += size;
      keys.remove();
      if (item == null) {
        removed.add(key);
      } else {
        set.add(item);
      }
    }
    return new Batch(List.copyOf(set), List.copyOf(removed));
  }

  private void seal() {
    if (open.isEmpty()) {
      return;
    }
    List<StateItem> set = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    open.forEach((key, item) -> item.ifPresentOrElse(set::add, () -> removed.add(key)));
    Batch batch = new Batch(List.copyOf(set), List.copyOf(removed));
    open.clear();
    openBytes = 0;
    sealed.add(batch);
    sealedBytes += bytes(batch);
  }

  private static long bytes(Batch batch) {
    return new StateUpdate(0, 0, batch.set(), batch.removed()).sizeBytes();
  }
}
