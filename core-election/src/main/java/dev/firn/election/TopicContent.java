package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;
import java.util.List;

/** One topic on its way between replicas, with all its subscribers and links. */
public record TopicContent(ObjectId id, List<SubscriberRecord> records) {
  public TopicContent {
    requireNonNull(id, "id");
    records = List.copyOf(records);
  }
}
