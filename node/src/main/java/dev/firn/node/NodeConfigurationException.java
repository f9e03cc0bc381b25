package dev.firn.node;

/** The node cannot start as configured; the message says why. */
final class NodeConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  NodeConfigurationException(String message) {
    super(message);
  }
}
