/**
 * Components: servers of which one instance is active and the others stand by with its state.
 * {@code ReplicatedComponent} is what a developer extends; the rest is the host of an instance, of
 * the state replicator and of the service locator.
 */
@NullMarked
package dev.firn.component;

import org.jspecify.annotations.NullMarked;
