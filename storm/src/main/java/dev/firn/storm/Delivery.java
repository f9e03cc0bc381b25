package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.election.TopicTables;
import java.time.Duration;
import java.util.List;

/** Delivers events: the publishers, the subscribers' queues and all that is between them. */
final class Delivery {
  /**
   * @param publishAdapter where publishers and topic links are registered
   * @param engine its publish gate is passed by every event; told of subscribers that are gone
   */
  Delivery(
      DeliverySettings settings,
      Communicator communicator,
      ObjectAdapter publishAdapter,
      TopicEngine engine,
      StormTraces traces,
      Logger logger) {}

  /** Takes up new topics and subscribers and lets go of those gone. On the engine's thread. */
  void update(TopicTables tables) {}

  /** All topics, for metrics. Any thread. */
  List<? extends TopicView> topics() {
    return List.of();
  }

  /**
   * Ends, once: publishers are refused, queued events leave within the limit.
   *
   * @return whether all have left
   */
  boolean stop(Duration drainLimit) {
    return true;
  }
}
