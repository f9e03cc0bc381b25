package dev.firn.storm;

import java.util.List;

/** A topic as metrics see it. Any thread. */
interface TopicView {
  String name();

  /** Events that came from publishers. */
  long published();

  /** Events that came over links. */
  long forwarded();

  /** Subscribers and links at this moment. */
  List<? extends SubscriberView> subscribers();

  /** Whether it was removed; for ever, if so. */
  boolean ended();
}
