package dev.firn.server;

import java.util.Optional;

/** Whether a server may be started: its activation mode, and what has disabled it. */
final class Enablement {
  static final String DISABLED = "The server is disabled.";

  private enum DisabledBy {
    NOBODY,
    USER,
    FAILURE
  }

  private final ServerConfig config;
  private ActivationMode mode = ActivationMode.MANUAL;
  private DisabledBy disabledBy = DisabledBy.NOBODY;
  private long failedAtMillis;

  Enablement(ServerConfig config) {
    this.config = config;
  }

  boolean isEnabled() {
    return disabledBy == DisabledBy.NOBODY;
  }

  /** Whether adapters are kept from clients. */
  boolean isDisabledByUser() {
    return disabledBy == DisabledBy.USER;
  }

  boolean is(ActivationMode wanted) {
    return isEnabled() && mode == wanted;
  }

  /** A new descriptor re-enables what failed, and leaves alone what a user wanted. */
  void loaded(ActivationMode newMode) {
    mode = newMode;
    enabledAfterFailure();
  }

  void disable() {
    disabledBy = DisabledBy.USER;
  }

  void enable() {
    disabledBy = DisabledBy.NOBODY;
  }

  private void enabledAfterFailure() {
    if (disabledBy == DisabledBy.FAILURE) {
      disabledBy = DisabledBy.NOBODY;
    }
  }

  /** The server has failed; whether it stays enabled depends on the node. */
  void failed(long nowMillis) {
    if (isEnabled() && config.disableOnFailureSeconds() != 0) {
      disabledBy = DisabledBy.FAILURE;
      failedAtMillis = nowMillis;
    }
  }

  /** Enables again what had failed, if it was disabled for a time and that is over or overruled. */
  void endFailure(long nowMillis, boolean overruled) {
    if (config.disableOnFailureSeconds() > 0 && (overruled || nowMillis >= failureEndsMillis())) {
      enabledAfterFailure();
    }
  }

  /** When a server that has failed may be started again; empty if it is not disabled for a time. */
  Optional<Long> enabledAgainMillis() {
    return disabledBy == DisabledBy.FAILURE && config.disableOnFailureSeconds() > 0
        ? Optional.of(failureEndsMillis())
        : Optional.empty();
  }

  private long failureEndsMillis() {
    return failedAtMillis + 1000L * config.disableOnFailureSeconds();
  }

  /**
   * Why nobody may start the server this way now.
   *
   * @param allocated whether a session has it
   */
  Optional<String> refusal(StartKind kind, boolean allocated) {
    if (!isEnabled()) {
      return Optional.of(DISABLED);
    } else if (mode == ActivationMode.MANUAL && kind != StartKind.MANUAL) {
      return Optional.of("The server activation doesn't allow this activation mode.");
    } else if (mode == ActivationMode.SESSION && !allocated) {
      return Optional.of("The server is not owned by a session.");
    }
    return Optional.empty();
  }

  /** Whether a client may start the server. */
  boolean allowsClients(boolean allocated) {
    return refusal(StartKind.ON_DEMAND, allocated).isEmpty();
  }
}
