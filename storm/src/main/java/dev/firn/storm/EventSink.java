package dev.firn.storm;

/** Where a publisher's events go: to a topic or to one subscriber. */
interface EventSink {
  /** Queues the event for whoever is to have it; does not wait for any of them. */
  void publish(Event event);
}
