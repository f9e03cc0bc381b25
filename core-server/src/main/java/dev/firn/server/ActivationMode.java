package dev.firn.server;

import java.util.Optional;

/** Who may start a server. */
enum ActivationMode {
  /** An administrator. */
  MANUAL,
  /** Also a client that wants one of its adapters. */
  ON_DEMAND,
  /** As on demand, while a session has the server. */
  SESSION,
  /** Also the node by itself, whenever the server is inactive. */
  ALWAYS;

  /** Empty if there is no such mode. */
  static Optional<ActivationMode> of(String activation) {
    return switch (activation) {
      case "", "manual" -> Optional.of(MANUAL);
      case "on-demand" -> Optional.of(ON_DEMAND);
      case "session" -> Optional.of(SESSION);
      case "always" -> Optional.of(ALWAYS);
      default -> Optional.empty();
    };
  }
}
