package dev.firn.model;

/**
 * A descriptor that cannot be deployed; what clients see as the reason of a DeploymentException.
 *
 * <p>The message says where, as {@code server `S':}, and on the lines after it what is wrong.
 */
public final class DescriptorException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public DescriptorException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** The message. */
  public String reason() {
    return reason;
  }
}
