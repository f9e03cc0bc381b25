package dev.firn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one session has at a time: an allocatable server with all its objects, or a single object of
 * a server that sessions share. Owned by {@link Allocations}.
 *
 * <table>
 *   <caption>Phases</caption>
 *   <tr><th>Phase</th><th>Input</th><th>Next</th></tr>
 *   <tr><td>FREE</td><td>first object allocated</td><td>LOADING if loaded for sessions, else HELD</td></tr>
 *   <tr><td>LOADING</td><td>loaded, or loading failed</td><td>HELD</td></tr>
 *   <tr><td>LOADING, HELD</td><td>last object released</td><td>UNLOADING if loaded, else FREE</td></tr>
 *   <tr><td>UNLOADING</td><td>unloaded, or unloading failed</td><td>FREE</td></tr>
 * </table>
 */
final class AllocationUnit {
  enum Phase {
    FREE,
    LOADING,
    HELD,
    UNLOADING
  }

  /** Empty: a single object. */
  final Optional<String> server;

  final List<AllocationObject> objects = new ArrayList<>();

  /** Requests for one of the objects by its id. */
  final AllocationQueue waiting = new AllocationQueue();

  /** Whether the next session needs the server loaded for it. */
  boolean loaded;

  Phase phase = Phase.FREE;

  /** In LOADING and HELD, and only there. */
  @Nullable AllocationSession owner;

  /** How many of the objects the owner has. */
  int allocated;

  /** The last one, of {@link AllocationOutput.ServerAllocated}. */
  long assignment;

  /** Whether the last assignment loaded the server. */
  boolean assignmentLoads;

  /** In UNLOADING: what the session that gave it back is told at the end of it. */
  Optional<AllocationOutput.Answer> release = Optional.empty();

  AllocationUnit(Optional<String> server) {
    this.server = server;
  }

  boolean isOpenFor(AllocationSession session) {
    return phase == Phase.FREE || owner == session;
  }
}
