package dev.firn.component;

import java.io.Serial;

/** Another instance has claimed a newer epoch, so this one must not serve. */
public final class StaleWriterException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final long current;

  StaleWriterException(long current) {
    super("epoch " + current + " has been claimed");
    this.current = current;
  }

  /** The newest epoch. */
  public long current() {
    return current;
  }
}
