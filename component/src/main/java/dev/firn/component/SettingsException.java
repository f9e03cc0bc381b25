package dev.firn.component;

/** A property with a value that has no meaning, or one that is missing; the message says which. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(String message) {
    super(message);
  }
}
