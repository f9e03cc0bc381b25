package dev.firn.storm;

import com.zeroc.IceMX.MetricsHelper;
import com.zeroc.IceMX.SubscriberMetrics;
import com.zeroc.IceMX.TopicMetrics;

/**
 * How metrics see what deliveries count.
 *
 * @param <V> what counts
 * @param <T> the metrics it appears in
 */
interface MetricsSource<V, T> {
  /** The attributes at this moment. */
  MetricsHelper<T> attributes(V view);

  /** Changes with the attributes, and only with them. */
  String state(V view);

  Counts counts(V view);

  /** Whether it is gone: what still comes of it is not counted. Never false again. */
  boolean ended(V view);

  /** Adds differences; gauges may go down. */
  void add(T metrics, Counts difference);

  /**
   * @param events total of published or delivered events
   * @param forwarded total of events that came over links
   * @param queued gauge
   * @param outstanding gauge
   */
  record Counts(long events, long forwarded, int queued, int outstanding) {
    static final Counts ZERO = new Counts(0, 0, 0, 0);

    Counts minus(Counts other) {
      return new Counts(
          events - other.events,
          forwarded - other.forwarded,
          queued - other.queued,
          outstanding - other.outstanding);
    }

    Counts gauges() {
      return new Counts(0, 0, queued, outstanding);
    }
  }

  record OfTopics(String service) implements MetricsSource<TopicView, TopicMetrics> {
    @Override
    public MetricsHelper<TopicMetrics> attributes(TopicView topic) {
      return new TopicAttributes(service, topic.name());
    }

    @Override
    public String state(TopicView topic) {
      return "";
    }

    @Override
    public Counts counts(TopicView topic) {
      return new Counts(topic.published(), topic.forwarded(), 0, 0);
    }

    @Override
    public boolean ended(TopicView topic) {
      return topic.ended();
    }

    @Override
    public void add(TopicMetrics metrics, Counts difference) {
      metrics.published += difference.events();
      metrics.forwarded += difference.forwarded();
    }
  }

  record OfSubscribers(String service) implements MetricsSource<SubscriberView, SubscriberMetrics> {
    @Override
    public MetricsHelper<SubscriberMetrics> attributes(SubscriberView subscriber) {
      return new SubscriberAttributes(service, subscriber, subscriber.state());
    }

    @Override
    public String state(SubscriberView subscriber) {
      return subscriber.state().metricsLabel();
    }

    @Override
    public Counts counts(SubscriberView subscriber) {
      return new Counts(subscriber.delivered(), 0, subscriber.queued(), subscriber.outstanding());
    }

    @Override
    public boolean ended(SubscriberView subscriber) {
      return subscriber.ended();
    }

    @Override
    public void add(SubscriberMetrics metrics, Counts difference) {
      metrics.delivered += difference.events();
      metrics.queued += difference.queued();
      metrics.outstanding += difference.outstanding();
    }
  }
}
