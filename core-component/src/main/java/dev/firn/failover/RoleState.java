package dev.firn.failover;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where an instance is in its life. Only {@link #ACTIVE} serves.
 *
 * <table>
 *   <caption>Transitions; there are no others, but every state may go to STOPPING, and all but
 *       STOPPING to FAILED</caption>
 *   <tr><th>State</th><th>Input</th><th>Next</th></tr>
 *   <tr><td>STARTING</td><td>known to the locator, or the replicator was found</td><td>SYNCING</td></tr>
 *   <tr><td>SYNCING</td><td>has the whole state, or there is none to have</td><td>STANDBY</td></tr>
 *   <tr><td>STANDBY</td><td>replicator lost</td><td>SYNCING</td></tr>
 *   <tr><td>STARTING, SYNCING, STANDBY</td><td>activate, promote, a lease; by itself if
 *       standalone</td><td>ACTIVATING</td></tr>
 *   <tr><td>ACTIVATING</td><td>no epoch, or not caught up</td><td>SYNCING</td></tr>
 *   <tr><td>ACTIVATING</td><td>all steps done</td><td>ACTIVE</td></tr>
 *   <tr><td>ACTIVATING</td><td>a later step failed, took too long, or is not wanted any more: undone
 *       in reverse order</td><td>DEACTIVATING</td></tr>
 *   <tr><td>ACTIVE</td><td>standby, demote, newer epoch, lease lost, unprotected if that
 *       matters</td><td>DEACTIVATING</td></tr>
 *   <tr><td>DEACTIVATING</td><td>all steps done or given up</td><td>SYNCING</td></tr>
 *   <tr><td>DEACTIVATING</td><td>onActivate failed twice in a row, or onStandby does not
 *       return</td><td>FAILED</td></tr>
 *   <tr><td>STOPPING</td><td>whatever was to be undone is</td><td>the end</td></tr>
 * </table>
 */
public enum RoleState {
  STARTING,
  SYNCING,
  STANDBY,
  ACTIVATING,
  ACTIVE,
  DEACTIVATING,
  FAILED,
  STOPPING;

  /** Whether the instance follows the active one, or is about to. */
  public boolean isStandingBy() {
    return this == STARTING || this == SYNCING || this == STANDBY;
  }

  /** The states that may follow. */
  Set<RoleState> next() {
    return switch (this) {
      case STARTING, STANDBY -> EnumSet.of(SYNCING, ACTIVATING, FAILED, STOPPING);
      case SYNCING -> EnumSet.of(STANDBY, ACTIVATING, FAILED, STOPPING);
      case ACTIVATING -> EnumSet.of(ACTIVE, SYNCING, DEACTIVATING, FAILED, STOPPING);
      case ACTIVE -> EnumSet.of(DEACTIVATING, FAILED, STOPPING);
      case DEACTIVATING -> EnumSet.of(SYNCING, FAILED, STOPPING);
      case FAILED -> EnumSet.of(STOPPING);
      case STOPPING -> EnumSet.noneOf(RoleState.class);
    };
  }
}
