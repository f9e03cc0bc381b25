package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * The identity of an Ice object. Ordered by name, then category: names differ, categories rarely.
 */
public record ObjectId(String name, String category) implements Comparable<ObjectId> {
  public ObjectId {
    requireNonNull(name, "name");
    requireNonNull(category, "category");
  }

  @Override
  public int compareTo(ObjectId other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : category.compareTo(other.category);
  }

  /** For messages only: {@code category/name} without the escapes of Ice's stringified form. */
  @Override
  public String toString() {
    return category.isEmpty() ? name : category + "/" + name;
  }
}
