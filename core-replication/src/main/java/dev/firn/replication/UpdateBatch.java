package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.CommandResult.Applied;
import dev.firn.model.RegistryEvent;
import dev.firn.model.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Updates of a master that a slave applies as a whole: all tables at first, then one by one. */
record UpdateBatch(List<PushedUpdate> updates) {
  UpdateBatch {
    updates = List.copyOf(updates);
  }

  static UpdateBatch of(PushedUpdate update) {
    return new UpdateBatch(List.of(update));
  }

  boolean isSynchronisation() {
    return updates.size() == Topic.values().length;
  }

  Command command() {
    List<RegistryEvent> events = new ArrayList<>();
    List<Long> serials = new ArrayList<>();
    Optional<Long> epochNumber = Optional.empty();
    for (PushedUpdate update : updates) {
      events.add(update.event());
      serials.add(update.dbSerial().orElse(Applied.NO_SERIAL));
      if (update.epochNumber().isPresent()) {
        epochNumber = update.epochNumber();
      }
    }
    return new Command.Replicate(events, serials, epochNumber);
  }

  /**
   * @param failure why it was not applied, empty if it was
   */
  void acknowledge(long attempt, String failure, Outputs outputs) {
    for (PushedUpdate update : updates) {
      Topic topic = update.event().topic();
      outputs.add(new Output.Acknowledge(attempt, topic, update.serial(), failure));
    }
  }
}
