package dev.firn.storm;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Logger;
import java.time.Duration;

/**
 * What a delivery is told by the properties of its service.
 *
 * @param instanceName category of the per-subscriber publishers of topics without a category
 * @param flushTimeout from the first event queued for a batch subscriber to its flush
 * @param sendTimeoutMillis connection time-out of subscribers' proxies; -1: none
 * @param queueSizeMax events waiting for one subscriber, those being sent not counted; 0 or less:
 *     no limit
 * @param queuePolicy what happens beyond that
 * @param discardInterval how long a failing subscriber is left alone
 * @param coalesceEventsMax events in one message to a oneway or batch subscriber or over a link; 1
 *     or more
 * @param coalesceBytesMax bytes of such a message; a larger event goes alone
 * @param threads that write events; 0 or less: as suits the machine
 */
record DeliverySettings(
    String instanceName,
    Duration flushTimeout,
    int sendTimeoutMillis,
    int queueSizeMax,
    QueuePolicy queuePolicy,
    Duration discardInterval,
    int coalesceEventsMax,
    int coalesceBytesMax,
    int threads) {
  private static final int NO_TIMEOUT = -1;
  private static final String REMOVE = "RemoveSubscriber";
  private static final String DROP = "DropEvents";

  DeliverySettings {
    requireNonNull(instanceName, "instanceName");
    requireNonNull(queuePolicy, "queuePolicy");
    if (flushTimeout.isNegative() || discardInterval.isNegative()) {
      throw new IllegalArgumentException(
          "intervals must not be negative: flush " + flushTimeout + " discard " + discardInterval);
    }
    if (coalesceEventsMax < 1 || coalesceBytesMax < 0) {
      throw new IllegalArgumentException(
          "coalescing limits: " + coalesceEventsMax + " events, " + coalesceBytesMax + " bytes");
    }
    if (sendTimeoutMillis != NO_TIMEOUT && sendTimeoutMillis < 1) {
      throw new IllegalArgumentException("send timeout must be -1 or > 0: " + sendTimeoutMillis);
    }
  }

  /**
   * @param logger told of values that cannot be used, for which the defaults are taken
   */
  static DeliverySettings of(StormSettings settings, Logger logger) {
    return new DeliverySettings(
        settings.instanceName(),
        Duration.ofMillis(atLeastZero(settings, StormProperty.FLUSH_TIMEOUT, logger)),
        sendTimeout(settings, logger),
        settings.integer(StormProperty.SEND_QUEUE_SIZE_MAX),
        policy(settings, logger),
        Duration.ofSeconds(atLeastZero(settings, StormProperty.DISCARD_INTERVAL, logger)),
        Math.max(1, settings.integer(StormProperty.FIRN_COALESCE_EVENTS)),
        Math.max(0, settings.integer(StormProperty.FIRN_COALESCE_BYTES)),
        settings.integer(StormProperty.FIRN_DELIVERY_THREADS));
  }

  private static int atLeastZero(StormSettings settings, StormProperty property, Logger logger) {
    int value = settings.integer(property);
    return value >= 0 ? value : replaced(settings, property, value, logger);
  }

  private static int sendTimeout(StormSettings settings, Logger logger) {
    int value = settings.integer(StormProperty.SEND_TIMEOUT);
    return value > 0 || value == NO_TIMEOUT
        ? value
        : replaced(settings, StormProperty.SEND_TIMEOUT, value, logger);
  }

  private static int replaced(
      StormSettings settings, StormProperty property, int value, Logger logger) {
    logger.warning(
        "invalid value `"
            + value
            + "' for `"
            + property.nameFor(settings.service())
            + "', using "
            + property.integerFallback());
    return property.integerFallback();
  }

  private static QueuePolicy policy(StormSettings settings, Logger logger) {
    String value = settings.text(StormProperty.SEND_QUEUE_SIZE_MAX_POLICY);
    if (value.equals(DROP)) {
      return QueuePolicy.DROP_EVENTS;
    }
    if (!value.isEmpty() && !value.equals(REMOVE)) {
      String name = StormProperty.SEND_QUEUE_SIZE_MAX_POLICY.nameFor(settings.service());
      logger.warning("invalid value `" + value + "' for `" + name + "'");
    }
    return QueuePolicy.REMOVE_SUBSCRIBER;
  }
}
