package dev.firn.server;

import java.util.ArrayList;
import java.util.List;

/** The objects of a type, and the requests for any of them. Owned by {@link Allocations}. */
final class AllocationType {
  final String name;
  final List<AllocationObject> objects = new ArrayList<>();
  final AllocationQueue waiting = new AllocationQueue();

  AllocationType(String name) {
    this.name = name;
  }
}
