package dev.firn.failover;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What an instance says of itself when it wants the active role, or has it.
 *
 * @param address where its replica is, as text: two processes may have the same instance name
 * @param epoch the highest that it knows of
 * @param configurationRevision the last one that it has taken; 0: none
 * @param ready whether it could become active now
 * @param preferred who is to have the role if it can, empty: nobody in particular
 * @param fallbackAfterMillis how long that one has to be ready before it is given the role back; 0:
 *     never by itself; empty: as the registry says
 */
public record Candidacy(
    String group,
    String instance,
    String address,
    RoleState state,
    long epoch,
    long appliedSeq,
    long configurationRevision,
    boolean ready,
    String preferred,
    OptionalLong fallbackAfterMillis) {
  public Candidacy {
    Objects.requireNonNull(state, "state");
    if (group.isEmpty() || instance.isEmpty()) {
      throw new IllegalArgumentException("a candidate has a group and a name");
    }
  }

  public Candidacy(
      String group,
      String instance,
      String address,
      RoleState state,
      long epoch,
      long appliedSeq,
      boolean ready,
      String preferred) {
    this(
        group,
        instance,
        address,
        state,
        epoch,
        appliedSeq,
        0,
        ready,
        preferred,
        OptionalLong.empty());
  }

  /** Whether it has the role in its own view, or did until a moment ago. */
  boolean hasRole() {
    return state == RoleState.ACTIVATING
        || state == RoleState.ACTIVE
        || state == RoleState.DEACTIVATING;
  }
}
