package dev.firn.server;

import org.jspecify.annotations.Nullable;

/** An allocatable object with who has it. Owned by {@link Allocations}. */
final class AllocationObject {
  final AllocatableObject object;
  final AllocationUnit unit;
  final AllocationType type;
  @Nullable AllocationSession holder;

  /** The request that got it, while it is not answered because the server is being loaded. */
  @Nullable AllocationRequest unanswered;

  AllocationObject(AllocatableObject object, AllocationUnit unit, AllocationType type) {
    this.object = object;
    this.unit = unit;
    this.type = type;
  }

  /** The ticket of the unanswered request. */
  long unansweredTicket() {
    return unanswered == null ? Long.MAX_VALUE : unanswered.ticket;
  }

  /** Whether this session could have it now. */
  boolean isFreeFor(AllocationSession session) {
    return holder == null && unit.isOpenFor(session);
  }
}
