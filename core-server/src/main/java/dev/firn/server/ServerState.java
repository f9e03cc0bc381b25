package dev.firn.server;

/** What others are told of where a server is in its life. The names are those of the contract. */
public enum ServerState {
  INACTIVE("Inactive"),
  ACTIVATING("Activating"),
  ACTIVATION_TIMED_OUT("ActivationTimedOut"),
  ACTIVE("Active"),
  DEACTIVATING("Deactivating"),
  DESTROYING("Destroying"),
  DESTROYED("Destroyed");

  private final String label;

  ServerState(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
