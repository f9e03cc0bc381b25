package dev.firn.storm;

/** What happens to an event for a subscriber whose queue is full. */
enum QueuePolicy {
  /** The subscriber is removed. */
  REMOVE_SUBSCRIBER,
  /** The oldest queued event is dropped. */
  DROP_EVENTS
}
