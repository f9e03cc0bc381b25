package dev.firn.component;

import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamLimits;
import dev.firn.failover.WriterInput;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the component publishes with: refuses what no replicator takes. */
final class StreamPublisher implements StatePublisher {
  private final IceStreamClient client;
  private final StreamLimits limits;

  StreamPublisher(IceStreamClient client, StreamLimits limits) {
    this.client = client;
    this.limits = limits;
  }

  @Override
  public void update(List<StateItem> set, List<String> removed) {
    Set<String> keys = new HashSet<>();
    for (StateItem item : set) {
      if (item.payload().length() > limits.itemBytesMax()) {
        throw new IllegalArgumentException(
            "item \"" + item.key() + "\" has more than " + limits.itemBytesMax() + " bytes");
      }
      requireKey(keys, item.key());
    }
    removed.forEach(key -> requireKey(keys, key));
    if (keys.size() > limits.updateItemsMax()
        || new StateUpdate(0, 0, set, removed).sizeBytes() > limits.updateBytesMax()) {
      throw new IllegalArgumentException(
          "an update has at most "
              + limits.updateItemsMax()
              + " keys and "
              + limits.updateBytesMax()
              + " bytes");
    }
    client.publish(new WriterInput.Change(set, removed));
  }

  private static void requireKey(Set<String> keys, String key) {
    if (key.isEmpty() || StreamLimits.utf8Bytes(key) > StreamLimits.KEY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a key has 1 to " + StreamLimits.KEY_BYTES_MAX + " bytes: " + key);
    } else if (!keys.add(key)) {
      throw new IllegalArgumentException("key \"" + key + "\" is there twice");
    }
  }

  @Override
  public CompletionStage<Long> flush() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    client.flush(answer);
    return answer;
  }
}
