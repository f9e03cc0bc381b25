package dev.firn.registry;

import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Ice.Identity;
import com.zeroc.IceGrid.AdminSessionPrx;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Opens an administrator's session for a Glacier2 router. */
final class GlacierAdminSession implements GlacierSessions.Opening {
  private final SessionServices services;
  private final AdminSessionServant session;
  private final AdminSessionPrx proxy;

  /**
   * @param servants of the AdminSessionManager adapter
   */
  GlacierAdminSession(String userId, SessionServants servants, SessionServices services) {
    this.services = services;
    session =
        new AdminSessionServant(userId, servants, Optional.empty(), services, Optional.empty());
    proxy = session.register();
  }

  @Override
  public ManagedSession session() {
    return session;
  }

  @Override
  public SessionPrx proxy() {
    return proxy;
  }

  @Override
  public CompletionStage<Void> filterBy(SessionControlPrx control) {
    String instance = services.context().instanceName();
    Identity[] identities =
        Stream.concat(Stream.of(new Identity("Query", instance)), session.identities().stream())
            .toArray(Identity[]::new);
    String[] categories = {
      AdminRouter.serverCategory(instance),
      AdminRouter.nodeCategory(instance),
      AdminRouter.replicaCategory(instance)
    };
    return control
        .identitiesAsync()
        .thenCompose(
            set -> {
              IdentitySetPrx timed =
                  IdentitySetPrx.uncheckedCast(
                      set.ice_invocationTimeout(GlacierSessions.CONTROL_TIMEOUT_MILLIS));
              session.filterBy(timed);
              return timed.addAsync(identities);
            })
        .thenCompose(added -> control.categoriesAsync())
        .thenCompose(set -> set.addAsync(categories));
  }
}
