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
  private ReplicatedState state;
  private @Nullable Write outstanding;

  private record Write(
      List<? extends StateChange> changes, Runnable done, Consumer<String> failed) {}

  Disk(Outputs outputs, ReplicatedState state) {
    this.outputs = outputs;
    this.state = state;
  }

  ReplicatedState state() {
    return state;
  }

  LogPosition position() {
    return state.position();
  }

  long promise() {
    return state.promise();
  }

  boolean isIdle() {
    return outstanding == null;
  }

  /**
   * @param done runs when the changes are durable and published
   * @param failed runs, with the reason, when nothing was written
   */
  void persist(List<? extends StateChange> changes, Runnable done, Consumer<String> failed) {
    if (outstanding != null) {
      throw new IllegalStateException(
          "cannot write %s: %s is outstanding".formatted(changes, outstanding.changes()));
    }
    outstanding = new Write(List.copyOf(changes), done, failed);
    outputs.add(new Output.Persist(changes));
  }

  void persisted() {
    Write write = endOutstanding("Persisted");
    state = state.with(write.changes());
    if (write.changes().stream().anyMatch(Disk::isVisible)) {
      outputs.add(new Output.Publish(state));
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

  private static boolean isVisible(StateChange change) {
    return !(change instanceof StateChange.SetPosition)
        && !(change instanceof StateChange.SetPromise);
  }
}
