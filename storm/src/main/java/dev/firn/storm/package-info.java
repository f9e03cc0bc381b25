/**
 * The publish-subscribe service: topics, delivery of events, and the replicas that keep them.
 *
 * <p>Public are the ways to run it: {@link dev.firn.storm.StormService} in an IceBox, {@link
 * dev.firn.storm.StormMain} without one, {@link dev.firn.storm.IceBoxMain} for configurations that
 * were written for C++. Everything else is reached over Ice. One write path, the engine: it stores,
 * shows and acknowledges updates on its own thread; servants and deliveries read its tables from
 * any thread and hold none while they wait.
 */
@NullMarked
package dev.firn.storm;

import org.jspecify.annotations.NullMarked;
