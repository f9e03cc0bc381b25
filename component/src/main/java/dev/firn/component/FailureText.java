package dev.firn.component;

import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.UnknownStream;
import java.util.concurrent.TimeoutException;

/** Failures for people, who read them in what an instance says of itself: one line each. */
final class FailureText {
  private FailureText() {}

  static String of(Throwable failure) {
    return text(Async.cause(failure)).replace('\n', ' ');
  }

  private static String text(Throwable cause) {
    if (cause instanceof UnknownStream unknown) {
      return StateStreamServant.reason(unknown);
    } else if (cause instanceof StreamEngine.NotServingException notServing) {
      return String.valueOf(notServing.getMessage());
    } else if (cause instanceof TimeoutException late) {
      return late.getMessage() == null ? "no answer in time" : late.getMessage();
    }
    return Exceptions.text(cause);
  }
}
