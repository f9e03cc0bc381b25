package dev.firn.registry;

import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Glacier2.SessionControlPrx;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Glacier2.StringSetPrx;
import com.zeroc.Ice.Identity;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Opens a client's session for a Glacier2 router. */
final class GlacierClientSession implements GlacierSessions.Opening {
  private final RegistryContext context;
  private final ClientSessionServant session;
  private final SessionPrx proxy;

  /**
   * @param servants of the SessionManager adapter
   */
  GlacierClientSession(
      String userId,
      SessionServants servants,
      RegistryContext context,
      ClientSessionServant.Services services) {
    this.context = context;
    session = new ClientSessionServant(userId, servants, Optional.empty(), services);
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
    Identity[] identities =
        Stream.concat(
                Stream.of(new Identity("Query", context.instanceName())),
                session.identities().stream())
            .toArray(Identity[]::new);
    int millis = GlacierSessions.CONTROL_TIMEOUT_MILLIS;
    return control
        .identitiesAsync()
        .thenCombine(
            control.adapterIdsAsync(),
            (identitySet, adapterIds) -> {
              IdentitySetPrx timed =
                  IdentitySetPrx.uncheckedCast(identitySet.ice_invocationTimeout(millis));
              session.filterBy(
                  new RouterFilter(
                      context.traces(),
                      session.id(),
                      timed,
                      StringSetPrx.uncheckedCast(adapterIds.ice_invocationTimeout(millis))));
              return timed;
            })
        .thenCompose(set -> set.addAsync(identities));
  }
}
