package dev.firn.registry;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Updates of applications that slaves may not have yet, and who waits until they do. Any thread.
 */
final class ReplicationWaits {
  private record Update(String uuid, int revision) {}

  private final Map<Update, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  /** An update is about to be published. */
  void begin(String uuid, int revision) {
    underWay.put(new Update(uuid, revision), new CompletableFuture<>());
  }

  /** All slaves have the update, or it was not made. */
  void end(String uuid, int revision) {
    CompletableFuture<Void> waits = underWay.remove(new Update(uuid, revision));
    if (waits != null) {
      waits.complete(null);
    }
  }

  /** Ends when {@link #end} was called; at once if the update is not under way. */
  CompletionStage<Void> await(String uuid, int revision) {
    CompletableFuture<Void> waits = underWay.get(new Update(uuid, revision));
    return waits == null ? CompletableFuture.completedFuture(null) : waits.copy();
  }
}
