package dev.firn.model;

import static java.util.Objects.requireNonNull;

/** The identity of an Ice object. Ordered by category, then name. */
public record ObjectId(String name, String category) implements Comparable<ObjectId> {
  public ObjectId {
    requireNonNull(name, "name");
    requireNonNull(category, "category");
  }

  @Override
  public int compareTo(ObjectId other) {
    int byCategory = category.compareTo(other.category);
    return byCategory != 0 ? byCategory : name.compareTo(other.name);
  }

  /** For messages only: {@code category/name} without the escapes of Ice's stringified form. */
  @Override
  public String toString() {
    return category.isEmpty() ? name : category + "/" + name;
  }
}
