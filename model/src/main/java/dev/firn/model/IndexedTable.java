package dev.firn.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Immutable rows by key, with an index over a second, not unique, attribute.
 *
 * @param <K> the key
 * @param <V> the row
 */
final class IndexedTable<K extends Comparable<? super K>, V> {
  private final Function<V, K> keyOf;
  private final Function<V, String> attributeOf;
  private final TreePMap<K, V> rows;
  private final TreePMap<String, TreePMap<K, V>> byAttribute;

  private IndexedTable(
      Function<V, K> keyOf,
      Function<V, String> attributeOf,
      TreePMap<K, V> rows,
      TreePMap<String, TreePMap<K, V>> byAttribute) {
    this.keyOf = keyOf;
    this.attributeOf = attributeOf;
    this.rows = rows;
    this.byAttribute = byAttribute;
  }

  /**
   * @param attributeOf rows of which this is empty are not indexed
   */
  static <K extends Comparable<? super K>, V> IndexedTable<K, V> empty(
      Function<V, K> keyOf, Function<V, String> attributeOf) {
    return new IndexedTable<>(keyOf, attributeOf, TreePMap.empty(), TreePMap.empty());
  }

  /**
   * This kind of table with just these rows, at a fraction of the cost of adding one by one.
   *
   * @throws IllegalArgumentException if two rows have the same key
   */
  IndexedTable<K, V> filled(Collection<V> entries) {
    TreeMap<K, V> sorted = new TreeMap<>();
    entries.forEach(row -> sorted.put(keyOf.apply(row), row));
    if (sorted.size() != entries.size()) {
      throw new IllegalArgumentException(entries.size() - sorted.size() + " rows have equal keys");
    }
    return filled(sorted);
  }

  /** As {@link #filled(Collection)}, from rows by their keys. */
  IndexedTable<K, V> filled(SortedMap<K, V> sorted) {
    TreePMap<K, V> all = TreePMap.fromSortedMap(sorted);
    TreeMap<String, List<V>> index = new TreeMap<>();
    for (V row : sorted.values()) {
      String attribute = attributeOf.apply(row);
      if (!attribute.isEmpty()) {
        index.computeIfAbsent(attribute, unused -> new ArrayList<>()).add(row);
      }
    }
    TreeMap<String, TreePMap<K, V>> shared = new TreeMap<>();
    index.forEach(
        (attribute, rows) ->
            shared.put(attribute, rows.size() == all.size() ? all : ofSorted(rows)));
    return new IndexedTable<>(keyOf, attributeOf, all, TreePMap.fromSortedMap(shared));
  }

  private TreePMap<K, V> ofSorted(List<V> sorted) {
    TreeMap<K, V> byKey = new TreeMap<>();
    sorted.forEach(row -> byKey.put(keyOf.apply(row), row));
    return TreePMap.fromSortedMap(byKey);
  }

  int size() {
    return rows.size();
  }

  @Nullable V get(K key) {
    return rows.get(key);
  }

  /** All rows, ascending by key. */
  Collection<V> all() {
    return rows.values();
  }

  /** The rows with this attribute, ascending by key; empty if there are none. */
  Collection<V> with(String attribute) {
    TreePMap<K, V> found = byAttribute.get(attribute);
    return found == null ? List.of() : found.values();
  }

  /** The attributes in use, ascending. */
  Collection<String> attributes() {
    return byAttribute.keySet();
  }

  IndexedTable<K, V> plus(V row) {
    K key = keyOf.apply(row);
    IndexedTable<K, V> base = minus(key);
    String attribute = attributeOf.apply(row);
    TreePMap<String, TreePMap<K, V>> index = base.byAttribute;
    if (!attribute.isEmpty()) {
      TreePMap<K, V> same = index.get(attribute);
      index = index.plus(attribute, (same == null ? TreePMap.<K, V>empty() : same).plus(key, row));
    }
    return new IndexedTable<>(keyOf, attributeOf, base.rows.plus(key, row), index);
  }

  /** This table if it has no such row. */
  IndexedTable<K, V> minus(K key) {
    V row = rows.get(key);
    if (row == null) {
      return this;
    }
    String attribute = attributeOf.apply(row);
    TreePMap<String, TreePMap<K, V>> index = byAttribute;
    TreePMap<K, V> same = index.get(attribute);
    if (same != null) {
      TreePMap<K, V> fewer = same.minus(key);
      index = fewer.isEmpty() ? index.minus(attribute) : index.plus(attribute, fewer);
    }
    return new IndexedTable<>(keyOf, attributeOf, rows.minus(key), index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IndexedTable<?, ?> table && rows.equals(table.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }
}
