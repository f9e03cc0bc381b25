package dev.firn.replication;

import dev.firn.model.RegistryEvent;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one attempt, from three independent ordered streams to batches that may be
 * applied.
 *
 * <p>The first batch holds a snapshot of every table, because tables of different moments must not
 * be seen together. What follows a snapshot before the others have arrived waits behind it. Each
 * later batch is one update. Serials have no gap, or updates were lost.
 */
final class UpdateStream {
  private final int waitingMax;
  private final Map<Topic, PushedUpdate> snapshots = new EnumMap<>(Topic.class);
  private final Map<Topic, Integer> lastSerials = new EnumMap<>(Topic.class);
  private final List<UpdateBatch> waiting = new ArrayList<>();

  /**
   * @param waitingMax how many updates may wait for the snapshots of other topics
   */
  UpdateStream(int waitingMax) {
    this.waitingMax = waitingMax;
  }

  /**
   * Takes the next update of its topic; what was taken before is ignored.
   *
   * @return batches to apply now, each as a whole, in order; empty while snapshots are missing
   */
  List<UpdateBatch> take(PushedUpdate update) throws LostUpdateException {
    Topic topic = update.event().topic();
    Integer last = lastSerials.get(topic);
    boolean numbered = update.serial() >= 0; // masters of old do not number
    if (last != null && numbered && update.serial() <= last) {
      return List.of();
    }
    boolean synchronised = isSynchronised();
    if (isSnapshot(update.event())) {
      lastSerials.put(topic, update.serial());
      if (!synchronised) {
        snapshots.put(topic, update);
        return isSynchronised() ? release() : List.of();
      }
    } else {
      requireNext(update, last, numbered);
      lastSerials.put(topic, update.serial());
    }
    if (synchronised) {
      return List.of(UpdateBatch.of(update));
    }
    if (waiting.size() >= waitingMax) {
      throw new LostUpdateException(
          "more than %d updates before the tables were complete".formatted(waitingMax));
    }
    waiting.add(UpdateBatch.of(update));
    return List.of();
  }

  private boolean isSynchronised() {
    return snapshots.size() == Topic.values().length;
  }

  private List<UpdateBatch> release() {
    List<UpdateBatch> batches = new ArrayList<>();
    batches.add(new UpdateBatch(List.copyOf(snapshots.values())));
    batches.addAll(waiting);
    waiting.clear();
    return batches;
  }

  private static void requireNext(PushedUpdate update, @Nullable Integer last, boolean numbered)
      throws LostUpdateException {
    String topic = update.event().topic().key();
    if (last == null) {
      throw new LostUpdateException(
          "update %d of %s came before the table".formatted(update.serial(), topic));
    }
    if (numbered && last >= 0 && update.serial() != last + 1) {
      throw new LostUpdateException(
          "update %d of %s came after update %d".formatted(update.serial(), topic, last));
    }
  }

  private static boolean isSnapshot(RegistryEvent event) {
    return event instanceof RegistryEvent.ApplicationsReplaced
        || event instanceof RegistryEvent.AdaptersReplaced
        || event instanceof RegistryEvent.ObjectsReplaced;
  }
}
