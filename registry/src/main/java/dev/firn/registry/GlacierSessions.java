package dev.firn.registry;

import com.zeroc.Glacier2.CannotCreateSessionException;
import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Ice.Identity;
import com.zeroc.IceGrid.AdminSessionPrx;
import dev.firn.wire.Async;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Admin sessions of users that a Glacier2 router has verified. Any thread. */
final class GlacierSessions {
  private static final int CONTROL_TIMEOUT_MILLIS = 30_000;

  private final SessionServices services;
  private final SessionServants servants;
  private final boolean filters;

  /**
   * @param servants of the AdminSessionManager adapter
   * @param filters whether the router is told what a session may reach
   */
  GlacierSessions(SessionServices services, SessionServants servants, boolean filters) {
    this.services = services;
    this.servants = servants;
    this.filters = filters;
  }

  /**
   * @param control the router's side of the session; null if it has none
   * @return fails with CannotCreateSessionException if the router cannot be called back
   */
  CompletionStage<SessionPrx> create(String userId, @Nullable SessionControlPrx control) {
    AdminSessionServant session =
        new AdminSessionServant(userId, servants, Optional.empty(), services, Optional.empty());
    AdminSessionPrx proxy = session.register();
    if (control == null) {
      session.open(services.reaper(), 0);
      return CompletableFuture.completedFuture(proxy);
    }
    SessionControlPrx timed =
        SessionControlPrx.uncheckedCast(control.ice_invocationTimeout(CONTROL_TIMEOUT_MILLIS));
    CompletableFuture<SessionPrx> answer = new CompletableFuture<>();
    services
        .pending()
        .from(() -> accepted(session, timed))
        .whenComplete(
            (timeoutSeconds, failure) -> {
              if (failure == null) {
                session.open(services.reaper(), timeoutSeconds);
                answer.complete(proxy);
              } else {
                session.reap();
                services
                    .context()
                    .traces()
                    .logger()
                    .warning(
                        "Failed to callback Glacier2 session control object:\n"
                            + Async.cause(failure));
                answer.completeExceptionally(
                    new CannotCreateSessionException("internal server error"));
              }
            });
    return answer;
  }

  /** The router's time-out, once it knows what the session may reach. */
  private CompletionStage<Integer> accepted(
      AdminSessionServant session, SessionControlPrx control) {
    CompletionStage<Integer> timeout = control.getSessionTimeoutAsync();
    if (!filters) {
      return timeout;
    }
    String instance = services.context().instanceName();
    Identity[] identities =
        Stream.concat(Stream.of(new Identity("Query", instance)), session.identities().stream())
            .toArray(Identity[]::new);
    String[] categories = {
      AdminRouter.serverCategory(instance),
      AdminRouter.nodeCategory(instance),
      AdminRouter.replicaCategory(instance)
    };
    return timeout.thenCompose(
        seconds ->
            control
                .identitiesAsync()
                .thenCompose(
                    set -> {
                      IdentitySetPrx timed =
                          IdentitySetPrx.uncheckedCast(
                              set.ice_invocationTimeout(CONTROL_TIMEOUT_MILLIS));
                      session.filterBy(timed);
                      return timed.addAsync(identities);
                    })
                .thenCompose(added -> control.categoriesAsync())
                .thenCompose(set -> set.addAsync(categories))
                .thenApply(added -> seconds));
  }
}
