package dev.firn.registry;

import org.jspecify.annotations.Nullable;

/**
 * The options of the command line.
 *
 * @param initFrom the replica to take the database from, null to keep the own
 */
record RegistryOptions(boolean nowarn, boolean readOnly, @Nullable String initFrom) {}
