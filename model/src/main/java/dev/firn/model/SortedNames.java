package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/** Immutable maps by name, in the order in which all IceGrid programs iterate: that of UTF-8. */
public final class SortedNames {
  /** Orders as the bytes of UTF-8 do; Java's own order differs beyond the basic plane. */
  public static final Comparator<String> ORDER = SortedNames::compare;

  private SortedNames() {}

  public static <V> SortedMap<String, V> empty() {
    return TreePMap.empty(ORDER);
  }

  /**
   * @return an immutable copy, or the map itself if it is one
   */
  public static <V> SortedMap<String, V> copyOf(Map<String, V> map) {
    requireNonNull(map, "map");
    if (map instanceof TreePMap<String, V> sorted && sorted.comparator() == ORDER) {
      return sorted;
    }
    return TreePMap.from(ORDER, map);
  }

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char left = a.charAt(i);
      char right = b.charAt(i);
      if (left != right) {
        return weight(left) - weight(right);
      }
    }
    return a.length() - b.length();
  }

  /** Puts surrogates, which stand for code points beyond the plane, after all other characters. */
  private static int weight(char c) {
    if (c < Character.MIN_SURROGATE) {
      return c;
    }
    return c <= Character.MAX_SURROGATE ? c + 0x2000 : c - 0x800;
  }
}
