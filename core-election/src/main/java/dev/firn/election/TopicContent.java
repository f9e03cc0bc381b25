package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.ObjectId;
import java.util.List;

/** One topic on its way between replicas, with all its subscribers and links. */
public record TopicContent(ObjectId id, List<SubscriberRecord> records) implements StateContent {
  public TopicContent {
    requireNonNull(id, "id");
    records = List.copyOf(records);
  }

  /**
   * The content of a storm.
   *
   * @throws ClassCastException if it is another service's
   */
  public static List<TopicContent> all(List<? extends StateContent> content) {
    return content.stream().map(TopicContent.class::cast).toList();
  }
}
