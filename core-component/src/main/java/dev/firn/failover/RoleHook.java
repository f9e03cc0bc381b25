package dev.firn.failover;

/** What of the component itself is called in a change of role. */
public enum RoleHook {
  ACTIVATE,
  STANDBY
}
