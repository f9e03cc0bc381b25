package dev.firn.election;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is durable. One write is outstanding at most; hosts end it before they give other inputs, so
 * whatever is decided here is decided on what the disk has.
 */
final class Disk {
  private final Outputs outputs;
  private TopicTables tables;
  private @Nullable Write outstanding;

  private record Write(List<TopicChange> changes, Runnable done, Consumer<String> failed) {}

  Disk(Outputs outputs, TopicTables tables) {
    this.outputs = outputs;
    this.tables = tables;
  }

  TopicTables tables() {
    return tables;
  }

  LogPosition position() {
    return tables.position();
  }

  long promise() {
    return tables.promise();
  }

  boolean isIdle() {
    return outstanding == null;
  }

  /**
   * @param done runs when the changes are durable and published
   * @param failed runs, with the reason, when nothing was written
   */
  void persist(List<TopicChange> changes, Runnable done, Consumer<String> failed) {
    if (outstanding != null) {
      throw new IllegalStateException(
          "cannot write %s: %s is outstanding".formatted(changes, outstanding.changes()));
    }
    outstanding = new Write(List.copyOf(changes), done, failed);
    outputs.add(new Output.Persist(changes));
  }

  void persisted() {
    Write write = endOutstanding("Persisted");
    tables = tables.with(write.changes());
    if (write.changes().stream().anyMatch(Disk::isOfTopics)) {
      outputs.add(new Output.Publish(tables));
    }
    write.done().run();
  }

  void persistFailed(String reason) {
    endOutstanding("PersistFailed").failed().accept(reason);
  }

  private Write endOutstanding(String input) {
    Write write = outstanding;
    if (write == null) {
      throw new IllegalStateException(input + " without an outstanding Persist");
    }
    outstanding = null;
    return write;
  }

  private static boolean isOfTopics(TopicChange change) {
    return !(change instanceof TopicChange.SetPosition)
        && !(change instanceof TopicChange.SetPromise);
  }
}
