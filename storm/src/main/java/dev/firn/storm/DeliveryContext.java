package dev.firn.storm;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What all subscribers of a service share.
 *
 * @param timer flushes batches
 * @param meters who meters: changed when the service starts and ends
 */
record DeliveryContext(
    DeliverySettings settings,
    Communicator communicator,
    TopicEngine engine,
    DeliveryWorkers workers,
    ScheduledExecutorService timer,
    ConnectionWatch connections,
    StormTraces traces,
    Logger logger,
    AtomicReference<Meter> meters) {
  Meter meter() {
    return requireNonNull(meters.get(), "meter");
  }
}
