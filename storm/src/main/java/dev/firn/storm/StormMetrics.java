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
 * <p>Deliveries count, and tell of it; while a view has one of the maps, it is then brought up to
 * date, so that whoever published an event and was answered sees it counted. A thread does the same
 * for all that there is every {@value #PERIOD_MILLIS} ms, so that nothing told out of order stays.
 */
final class StormMetrics implements Meter {
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
            metrics,
            "Topic",
            TopicMetrics.class,
            new MetricsSource.OfTopics(service),
            this::refreshTopics);
    subscribers =
        new MetricsFeed<>(
            metrics,
            "Subscriber",
            SubscriberMetrics.class,
            new MetricsSource.OfSubscribers(service),
            this::refreshSubscribers);
  }

  /**
   * Starts, if the communicator has a Metrics facet.
   *
   * @param source the topics of this moment; called on other threads
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
    refreshTopics();
    refreshSubscribers();
  }

  private void refreshTopics() {
    topics.refresh(topics.enabled() ? source.get() : List.of());
  }

  private void refreshSubscribers() {
    subscribers.refresh(
        subscribers.enabled()
            ? source.get().stream().flatMap(topic -> topic.subscribers().stream()).toList()
            : List.of());
  }

  @Override
  public void changed(TopicView topic) {
    topics.refresh(topic);
  }

  @Override
  public void changed(SubscriberView subscriber) {
    subscribers.refresh(subscriber);
  }

  @Override
  public void gone(TopicView topic) {
    topics.end(topic);
  }

  @Override
  public void gone(SubscriberView subscriber) {
    subscribers.end(subscriber);
  }
}
