package dev.firn.wire;

/** A command line that an {@link OptionParser} refuses; the message is the text to show. */
public final class BadOptionException extends Exception {

  private static final long serialVersionUID = 1L;

  public BadOptionException(String message) {
    super(message);
  }

  /** The text to show. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
