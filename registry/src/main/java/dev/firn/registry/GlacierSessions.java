package dev.firn.registry;

import com.zeroc.Glacier2.CannotCreateSessionException;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionPrx;
import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sessions of users that a Glacier2 router has verified. Any thread. */
final class GlacierSessions {
  static final int CONTROL_TIMEOUT_MILLIS = 30_000;

  /** A session of one kind, not open yet. */
  interface Opening {
    ManagedSession session();

    SessionPrx proxy();

    /** Tells the router what the session may reach. */
    CompletionStage<Void> filterBy(SessionControlPrx control);
  }

  private final SessionServices services;
  private final boolean filters;
  private final Function<String, Opening> kind;

  /**
   * @param filters whether the router is told what a session may reach
   * @param kind makes the session of a user
   */
  GlacierSessions(SessionServices services, boolean filters, Function<String, Opening> kind) {
    this.services = services;
    this.filters = filters;
    this.kind = kind;
  }

  /**
   * @param control the router's side of the session; null if it has none
   * @return fails with CannotCreateSessionException if the router cannot be called back
   */
  CompletionStage<SessionPrx> create(String userId, @Nullable SessionControlPrx control) {
    Opening opening = kind.apply(userId);
    ManagedSession session = opening.session();
    if (control == null) {
      session.open(services.reaper(), 0);
      return CompletableFuture.completedFuture(opening.proxy());
    }
    SessionControlPrx timed =
        SessionControlPrx.uncheckedCast(control.ice_invocationTimeout(CONTROL_TIMEOUT_MILLIS));
    CompletableFuture<SessionPrx> answer = new CompletableFuture<>();
    services
        .pending()
        .from(() -> accepted(opening, timed))
        .whenComplete(
            (timeoutSeconds, failure) -> {
              if (failure == null) {
                session.open(services.reaper(), timeoutSeconds);
                answer.complete(opening.proxy());
              } else {
                session.reap();
                services
                    .context()
                    .traces()
                    .logger()
                    .warning(
                        "Failed to callback Glacier2 session control object:\n"
                            + Exceptions.text(failure));
                answer.completeExceptionally(
                    new CannotCreateSessionException("internal server error"));
              }
            });
    return answer;
  }

  /** The router's time-out, once it knows what the session may reach. */
  private CompletionStage<Integer> accepted(Opening opening, SessionControlPrx control) {
    CompletionStage<Integer> timeout = control.getSessionTimeoutAsync();
    return filters
        ? timeout.thenCompose(seconds -> opening.filterBy(control).thenApply(done -> seconds))
        : timeout;
  }
}
