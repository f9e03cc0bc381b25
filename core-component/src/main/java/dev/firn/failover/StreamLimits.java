package dev.firn.failover;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How large things may be.
 *
 * @param itemBytesMax the payload of one item
 * @param updateBytesMax all of one update
 * @param updateItemsMax items set and keys removed by one update
 * @param streamBytesMax all items of a stream
 */
public record StreamLimits(
    long itemBytesMax, long updateBytesMax, int updateItemsMax, long streamBytesMax) {
  /** Longest key, bytes of UTF-8: what fits a key on disk. */
  public static final int KEY_BYTES_MAX = 400;

  /** Longest name of a stream, bytes of UTF-8. */
  public static final int NAME_BYTES_MAX = 80;

  public static final StreamLimits DEFAULTS = new StreamLimits(1 << 20, 4 << 20, 10_000, 1L << 30);

  public StreamLimits {
    if (itemBytesMax < 1 || updateBytesMax < itemBytesMax || updateItemsMax < 1) {
      throw new IllegalArgumentException("an item must fit an update: " + itemBytesMax);
    }
    if (streamBytesMax < 1) {
      throw new IllegalArgumentException("streamBytesMax must be >= 1: " + streamBytesMax);
    }
  }

  /** How many bytes a text has in UTF-8; lone surrogates count as they are written, one. */
  public static int utf8Bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        bytes += Character.isSurrogate(c) ? 1 : 3;
      }
    }
    return bytes;
  }

  /**
   * @throws IllegalArgumentException no update may have this: something is too large or too much,
   *     or a key is there twice
   */
  public void requireUpdate(List<StateItem> set, List<String> removed) {
    SortedSet<String> keys = new TreeSet<>();
    for (StateItem item : set) {
      if (item.payload().length() > itemBytesMax) {
        throw new IllegalArgumentException(
            "item \"" + item.key() + "\" has more than " + itemBytesMax + " bytes");
      }
      requireKey(keys, item.key());
    }
    removed.forEach(key -> requireKey(keys, key));
    if (keys.size() > updateItemsMax
        || new StateUpdate(0, 0, set, removed).sizeBytes() > updateBytesMax) {
      throw new IllegalArgumentException(
          "an update has at most " + updateItemsMax + " keys and " + updateBytesMax + " bytes");
    }
  }

  private static void requireKey(SortedSet<String> keys, String key) {
    if (key.isEmpty() || utf8Bytes(key) > KEY_BYTES_MAX) {
      throw new IllegalArgumentException("a key has 1 to " + KEY_BYTES_MAX + " bytes: " + key);
    } else if (!keys.add(key)) {
      throw new IllegalArgumentException("key \"" + key + "\" is there twice");
    }
  }
}
