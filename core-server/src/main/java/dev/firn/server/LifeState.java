package dev.firn.server;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a server is in its life, finer than what others are told.
 *
 * <table>
 *   <caption>Transitions; there are no others</caption>
 *   <tr><th>State</th><th>Input</th><th>Next</th></tr>
 *   <tr><td>INACTIVE</td><td>destroy, else load, else patch, else start, as pending</td>
 *       <td>DESTROYING, LOADING, PATCHING, ACTIVATING</td></tr>
 *   <tr><td>LOADING, PATCHING</td><td>written, patched</td><td>INACTIVE</td></tr>
 *   <tr><td>ACTIVATING</td><td>launched</td><td>WAIT_FOR_ACTIVATION</td></tr>
 *   <tr><td>ACTIVATING</td><td>launch failed or given up</td><td>DEACTIVATING, INACTIVE</td></tr>
 *   <tr><td>WAIT_FOR_ACTIVATION</td><td>activation time-out</td><td>ACTIVATION_TIMEOUT</td></tr>
 *   <tr><td>WAIT_FOR_ACTIVATION, ACTIVATION_TIMEOUT</td><td>process and adapters registered</td>
 *       <td>ACTIVE</td></tr>
 *   <tr><td>WAIT_FOR_ACTIVATION, ACTIVATION_TIMEOUT, ACTIVE</td><td>stop, exit, an adapter that
 *       lives as long as the server goes</td><td>DEACTIVATING</td></tr>
 *   <tr><td>DEACTIVATING</td><td>no process proxy to stop it with yet</td>
 *       <td>DEACTIVATING_WAIT_FOR_PROCESS</td></tr>
 *   <tr><td>DEACTIVATING_WAIT_FOR_PROCESS</td><td>process proxy set</td><td>DEACTIVATING</td></tr>
 *   <tr><td>DEACTIVATING, DEACTIVATING_WAIT_FOR_PROCESS</td><td>exit</td><td>INACTIVE</td></tr>
 *   <tr><td>DESTROYING</td><td>removed</td><td>DESTROYED</td></tr>
 * </table>
 */
public enum LifeState {
  LOADING("Loading", ServerState.INACTIVE, 3),
  PATCHING("Patching", ServerState.INACTIVE, 3),
  INACTIVE("Inactive", ServerState.INACTIVE, 2),
  ACTIVATING("Activating", ServerState.INACTIVE, 3),
  WAIT_FOR_ACTIVATION("WaitForActivation", ServerState.ACTIVATING, 3),
  ACTIVATION_TIMEOUT("ActivationTimeout", ServerState.ACTIVATION_TIMED_OUT, 3),
  ACTIVE("Active", ServerState.ACTIVE, 2),
  DEACTIVATING("Deactivating", ServerState.DEACTIVATING, 3),
  DEACTIVATING_WAIT_FOR_PROCESS("DeactivatingWaitForProcess", ServerState.DEACTIVATING, 3),
  DESTROYING("Destroying", ServerState.DESTROYING, 3),
  DESTROYED("Destroyed", ServerState.DESTROYED, 2);

  private final String label;
  private final ServerState visible;
  private final int traceLevel;

  LifeState(String label, ServerState visible, int traceLevel) {
    this.label = label;
    this.visible = visible;
    this.traceLevel = traceLevel;
  }

  /** As traces name it. */
  String label() {
    return label;
  }

  /** The level from which on the state is traced when it is entered. */
  int traceLevel() {
    return traceLevel;
  }

  public ServerState visible() {
    return visible;
  }

  /** Whether a process may run. */
  public boolean isRunning() {
    return isUp() || isStopping();
  }

  /** Whether a process may run that nobody has told to stop. */
  public boolean isUp() {
    return this == ACTIVATING || canStop();
  }

  /** Whether the process runs and a stop can be carried out. */
  boolean canStop() {
    return this == WAIT_FOR_ACTIVATION || this == ACTIVATION_TIMEOUT || this == ACTIVE;
  }

  boolean isStopping() {
    return this == DEACTIVATING || this == DEACTIVATING_WAIT_FOR_PROCESS;
  }

  /** Whether the server is, or will be, no more. */
  boolean isGone() {
    return this == DESTROYING || this == DESTROYED;
  }

  /** The states that may follow. */
  Set<LifeState> next() {
    return switch (this) {
      case LOADING, PATCHING -> EnumSet.of(INACTIVE);
      case INACTIVE -> EnumSet.of(DESTROYING, LOADING, PATCHING, ACTIVATING);
      case ACTIVATING -> EnumSet.of(WAIT_FOR_ACTIVATION, DEACTIVATING);
      case WAIT_FOR_ACTIVATION -> EnumSet.of(ACTIVE, ACTIVATION_TIMEOUT, DEACTIVATING);
      case ACTIVATION_TIMEOUT -> EnumSet.of(ACTIVE, DEACTIVATING);
      case ACTIVE -> EnumSet.of(DEACTIVATING);
      case DEACTIVATING -> EnumSet.of(DEACTIVATING_WAIT_FOR_PROCESS, INACTIVE);
      case DEACTIVATING_WAIT_FOR_PROCESS -> EnumSet.of(DEACTIVATING, INACTIVE);
      case DESTROYING -> EnumSet.of(DESTROYED);
      case DESTROYED -> EnumSet.noneOf(LifeState.class);
    };
  }
}
