package dev.firn.server;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;

/** What a session has and waits for. Owned by {@link Allocations}. */
final class AllocationSession {
  final long id;

  /** By ticket. */
  final TreeMap<Long, AllocationRequest> waiting = new TreeMap<>();

  /** In the order in which they were allocated. */
  final Set<AllocationObject> objects = new LinkedHashSet<>();

  AllocationSession(long id) {
    this.id = id;
  }
}
