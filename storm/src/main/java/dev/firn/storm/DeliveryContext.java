package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Logger;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all subscribers of a service share.
 *
 * @param timer flushes batches
 */
record DeliveryContext(
    DeliverySettings settings,
    Communicator communicator,
    TopicEngine engine,
    DeliveryWorkers workers,
    ScheduledExecutorService timer,
    ConnectionWatch connections,
    StormTraces traces,
    Logger logger) {}
