package dev.firn.component;

import java.io.Serial;

/** This instance does not publish its state at the moment. */
public final class NotPublishingException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  NotPublishingException(String message) {
    super(message);
  }
}
