package dev.firn.cli;

/** Why a command of {@code firn component} ends, and with which status. */
final class ComponentFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  ComponentFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
