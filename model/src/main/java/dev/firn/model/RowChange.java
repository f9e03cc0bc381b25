package dev.firn.model;

import java.util.Optional;

/**
 * A change of one stored row, as a store has to write it.
 *
 * <p>A change that replaces or deletes a row carries the row it finds, so that a store can keep its
 * indexes without reading.
 */
public sealed interface RowChange {
  record PutApplication(ApplicationEntry entry) implements RowChange {}

  record DeleteApplication(String name) implements RowChange {}

  record PutAdapter(AdapterEntry entry, Optional<AdapterEntry> previous) implements RowChange {}

  record DeleteAdapter(AdapterEntry previous) implements RowChange {}

  record PutObject(ObjectEntry entry, Optional<ObjectEntry> previous) implements RowChange {}

  record DeleteObject(ObjectEntry previous) implements RowChange {}

  /** A row of the local table of nodes, which is never replicated. */
  record PutNode(ObjectEntry entry, Optional<ObjectEntry> previous) implements RowChange {}

  record DeleteNode(ObjectEntry previous) implements RowChange {}

  /** Deletes all rows of a replicated table, its indexes included. */
  record ClearTable(Topic topic) implements RowChange {}

  record PutSerial(Topic topic, long serial) implements RowChange {}

  record PutEpoch(Epoch epoch) implements RowChange {}
}
