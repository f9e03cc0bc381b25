package dev.firn.server;

import dev.firn.model.ObjectId;
import java.util.Optional;

/** A session's wish for an object: of an id, or of a type. Owned by {@link Allocations}. */
final class AllocationRequest {
  final long id;

  /** Requests are served in the order of their tickets. */
  final long ticket;

  final AllocationSession session;

  /** Empty: any object of the type. */
  final Optional<ObjectId> object;

  final String type;

  /** Milliseconds; {@link Long#MAX_VALUE}: none. */
  final long deadlineMillis;

  /** Where it waits; empty while it does not. */
  Optional<AllocationQueue> queue = Optional.empty();

  AllocationRequest(
      long id,
      long ticket,
      AllocationSession session,
      Optional<ObjectId> object,
      String type,
      long deadlineMillis) {
    this.id = id;
    this.ticket = ticket;
    this.session = session;
    this.object = object;
    this.type = type;
    this.deadlineMillis = deadlineMillis;
  }
}
