package dev.firn.storm;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.NotRegisteredException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.UnknownException;

/**
 * Why events did not reach a subscriber.
 *
 * @param hard whether no retry can help
 * @param text for people, on one line
 */
record SubscriberFailure(boolean hard, String text) {
  /** More events wait than are allowed to. */
  static final SubscriberFailure QUEUE_FULL =
      new SubscriberFailure(true, "::IceStorm::SendQueueSizeMaxReached");

  static SubscriberFailure of(Throwable failure) {
    LocalException e =
        failure instanceof LocalException local
            ? local
            : new UnknownException(String.valueOf(failure), failure);
    boolean hard = e instanceof ObjectNotExistException || e instanceof NotRegisteredException;
    return new SubscriberFailure(hard, text(e));
  }

  private static String text(LocalException e) {
    if (e instanceof UnknownException unknown && !unknown.unknown.isBlank()) {
      return e.ice_id() + ": " + unknown.unknown.lines().findFirst().orElse("");
    }
    Throwable cause = e.getCause();
    return e.ice_id() + (cause == null ? "" : ": " + cause.getMessage());
  }
}
