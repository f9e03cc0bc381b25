package dev.firn.server;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Requests that wait for the same, the oldest first. */
final class AllocationQueue {
  private final TreeMap<Long, AllocationRequest> requests = new TreeMap<>();

  void add(AllocationRequest request) {
    requests.put(request.ticket, request);
    request.queue = Optional.of(this);
  }

  void remove(AllocationRequest request) {
    requests.remove(request.ticket);
    request.queue = Optional.empty();
  }

  Optional<AllocationRequest> first() {
    return requests.isEmpty() ? Optional.empty() : Optional.of(requests.firstEntry().getValue());
  }

  /** A copy. */
  List<AllocationRequest> all() {
    return List.copyOf(requests.values());
  }
}
