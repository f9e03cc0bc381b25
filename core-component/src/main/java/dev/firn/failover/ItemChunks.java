package dev.firn.failover;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Items in their order, some at a time: no more than fit into one message. */
final class ItemChunks {
  private final Iterator<StateItem> rest;

  /** The next one; null once there is none. */
  private @Nullable StateItem next;

  ItemChunks(Collection<StateItem> items) {
    rest = items.iterator();
    advance();
  }

  boolean hasNext() {
    return next != null;
  }

  /** As many as fit, and at least one if there is one: what is larger than the limit goes alone. */
  List<StateItem> next(long bytesMax, int itemsMax) {
    List<StateItem> chunk = new ArrayList<>();
    long bytes = 0;
    StateItem item = next;
    while (item != null
        && (chunk.isEmpty() || bytes + item.sizeBytes() <= bytesMax)
        && chunk.size() < itemsMax) {
      chunk.add(item);
      bytes += item.sizeBytes();
      item = advance();
    }
    return List.copyOf(chunk);
  }

  private @Nullable StateItem advance() {
    next = rest.hasNext() ? rest.next() : null;
    return next;
  }
}
