package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import com.zeroc.IceInternal.MetricsAdminI;
import com.zeroc.IceMX.SubscriberMetrics;
import com.zeroc.IceMX.TopicMetrics;
import dev.firn.wire.StackTraces;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The maps {@code Topic} and {@code Subscriber} of the Metrics facet.
 *
 * <p>Deliveries count without knowing of metrics; a thread carries their counts over every {@value
 * #PERIOD_MILLIS} ms while a view has one of the maps. So events cost the same with and without
 * metrics, and what a view shows is at most that old.
 */
final class StormMetrics {
  private static final int PERIOD_MILLIS = 100;
  private static final String FACET = "Metrics";

  private final MetricsFeed<TopicView, TopicMetrics> topics;
  private final MetricsFeed<SubscriberView, SubscriberMetrics> subscribers;
  private final Supplier<List<? extends TopicView>> source;
  private final Logger logger;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "firn-storm-metrics");
            made.setDaemon(true);
            return made;
          });

  private StormMetrics(
      MetricsAdminI metrics,
      String service,
      Supplier<List<? extends TopicView>> source,
      Logger logger) {
    this.source = source;
    this.logger = logger;
    topics =
        new MetricsFeed<>(
            metrics, "Topic", TopicMetrics.class, new MetricsSource.OfTopics(service));
    subscribers =
        new MetricsFeed<>(
            metrics,
            "Subscriber",
            SubscriberMetrics.class,
            new MetricsSource.OfSubscribers(service));
  }

  /**
   * Starts, if the communicator has a Metrics facet.
   *
   * @param source the topics of this moment; called on another thread
   */
  static Optional<StormMetrics> start(
      Communicator communicator, String service, Supplier<List<? extends TopicView>> source) {
    if (!(communicator.findAdminFacet(FACET) instanceof MetricsAdminI facet)) {
      return Optional.empty();
    }
    StormMetrics metrics = new StormMetrics(facet, service, source, communicator.getLogger());
    metrics.refresh();
    metrics.thread.scheduleWithFixedDelay(
        metrics::refreshSafely, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return Optional.of(metrics);
  }

  /** Ends; the maps are gone when this returns. */
  void stop() {
    thread.shutdown();
    try {
      thread.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    topics.close();
    subscribers.close();
  }

  private void refreshSafely() {
    try {
      refresh();
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again, so it is known before it goes quiet.
      logger.error("metrics are no longer kept: " + StackTraces.of(e));
      throw e;
    }
  }

  private void refresh() {
    boolean wanted = topics.enabled() || subscribers.enabled();
    List<? extends TopicView> present = wanted ? source.get() : List.of();
    topics.refresh(topics.enabled() ? present : List.of());
    subscribers.refresh(
        subscribers.enabled()
            ? present.stream().flatMap(topic -> topic.subscribers().stream()).toList()
            : List.of());
  }
}
