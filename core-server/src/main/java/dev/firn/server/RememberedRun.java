package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the next run of a node has to know of a running process in order to adopt it.
 *
 * @param descriptor what the process runs with
 * @param state ACTIVATING and WAIT_FOR_ACTIVATION are one
 * @param process its Process proxy, null if none was registered
 * @param adapters the direct proxies of the adapters that have one
 * @param filesOutdated whether the server's files are still those of an older descriptor
 */
public record RememberedRun(
    InternalServerDescriptor descriptor,
    ServerState state,
    EncodedProxy process,
    SortedMap<String, EncodedProxy> adapters,
    boolean filesOutdated) {
  public RememberedRun {
    adapters = Collections.unmodifiableSortedMap(new TreeMap<>(adapters));
  }
}
