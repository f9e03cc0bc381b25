package dev.firn.component;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationReplicatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Registers an instance's configuration service with the replicator: until it is done, anew when
 * the replicator may be another, and once in a while, as the replicator gives up who was away for
 * too long. On the owner's thread.
 */
final class MemberRegistration {
  /** Key of a request's context: this replicator had the service, so only the rest is to come. */
  static final String AGAIN = "ha.again";

  /** Key of a request's context: the service ends in order, and is to be forgotten. */
  static final String LEAVES = "ha.leaves";

  /** Key of a request's context: what the group's configuration is found by, if that is its own. */
  static final String PARAMS = "ha.params";

  private static final long RETRY_MILLIS = 1_000;

  private final ReplicatorLink link;
  private final Identity replicator;
  private final int limitMillis;
  private final long againMillis;
  private @Nullable ConfigurationServicePrx service;
  private CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean registered;
  private boolean registering;
  private long atMillis;

  /**
   * @param againMillis a service that is registered is registered again after this
   */
  MemberRegistration(ReplicatorLink link, String stream, int limitMillis, long againMillis) {
    this.link = link;
    this.replicator = new Identity(stream + Replicator.CONFIGURATION_REPLICATOR, "");
    this.limitMillis = limitMillis;
    this.againMillis = againMillis;
  }

  /**
   * @param itsService its context goes along with each registration
   * @param first completed when it was registered for the first time
   */
  void begin(ConfigurationServicePrx itsService, CompletableFuture<Void> first) {
    service = itsService;
    done = first;
    anew();
    register();
  }

  /** The instance ends: nothing is to be pushed to it any more. */
  void end() {
    ConfigurationServicePrx mine = service;
    StateStreamPrx to = link.target();
    service = null;
    if (mine == null || to == null || !registered) {
      return;
    }
    try {
      ConfigurationReplicatorPrx.uncheckedCast(to.ice_identity(replicator))
          .ice_invocationTimeout(limitMillis)
          .registerConfigurationServiceAsync(mine, Map.of(LEAVES, "1"));
    } catch (LocalException e) {
      // The process ends: the replicator gives it up by itself.
    }
  }

  /** The replicator may not know the service. */
  void anew() {
    registered = false;
    atMillis = 0;
  }

  long wakeAtMillis() {
    return service == null || registering ? Long.MAX_VALUE : atMillis;
  }

  void tick(long nowMillis) {
    if (nowMillis >= wakeAtMillis()) {
      register();
    }
  }

  private void register() {
    ConfigurationServicePrx mine = service;
    if (mine == null || registering) {
      return;
    }
    registering = true;
    boolean again = registered;
    Map<String, String> context = new HashMap<>(mine.ice_getContext());
    if (again) {
      context.put(AGAIN, "1");
    }
    atMillis = OwnerThread.nowMillis() + RETRY_MILLIS;
    link.call(
        limitMillis,
        to ->
            ConfigurationReplicatorPrx.uncheckedCast(to.ice_identity(replicator))
                .registerConfigurationServiceAsync(mine, context),
        (ok, failure) -> {
          registering = false;
          // To whoever is another by now, it was not said again but for the first time.
          if (failure == null && again == registered) {
            registered = true;
            atMillis = OwnerThread.nowMillis() + againMillis;
            done.complete(null);
          }
        });
  }
}
