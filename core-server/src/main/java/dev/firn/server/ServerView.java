package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A server as it is after a step; for readers on any thread.
 *
 * @param descriptor empty if the server is not loaded
 * @param process the Process proxy, null if there is none
 * @param failures that followed each other, of a server that is always to run
 * @param lastFailure why it failed last, empty if it did not
 * @param restartMillis when it is started by itself, in the host's time
 * @param isUnused whether there is no server and nobody who wants one
 */
public record ServerView(
    LifeState life,
    ServerStatus status,
    Optional<InternalServerDescriptor> descriptor,
    EncodedProxy process,
    SortedMap<String, AdapterView> adapters,
    int failures,
    String lastFailure,
    OptionalLong restartMillis,
    boolean isUnused) {
  public ServerView {
    adapters = Collections.unmodifiableSortedMap(new TreeMap<>(adapters));
  }

  /**
   * An adapter.
   *
   * @param proxy what clients may have, null if nothing
   * @param activatable whether asking for it can start the server
   */
  public record AdapterView(EncodedProxy proxy, boolean activatable) {}
}
