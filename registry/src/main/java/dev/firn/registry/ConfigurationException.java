package dev.firn.registry;

/** The registry cannot start as configured; the message says why. */
final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String message) {
    super(message);
  }
}
