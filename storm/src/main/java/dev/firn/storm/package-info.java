/** The publish-subscribe service: topics, delivery of events, and the replicas that keep them. */
@NullMarked
package dev.firn.storm;

import org.jspecify.annotations.NullMarked;
