/**
 * What a registry knows, as values: identities, rows of its tables, the immutable {@link
 * dev.firn.model.RegistryTables} and the {@link dev.firn.model.Command}s that change them.
 *
 * <p>Pure: no clock, thread, file, socket or Ice run time. Everything here is immutable and may be
 * shared between threads.
 */
@NullMarked
package dev.firn.model;

import org.jspecify.annotations.NullMarked;
