package dev.firn.component;

/**
 * This instance is not the active one, so nothing was changed. A servant lets it pass: the client
 * is told to look for the active instance.
 */
public final class RoleLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RoleLostException(String message) {
    super(message);
  }
}
