package dev.firn.component;

import com.zeroc.Ice.Identity;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationReplicatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
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
   * @param first completed when it was registered for the first time
   */
  void begin(ConfigurationServicePrx itsService, CompletableFuture<Void> first) {
    service = itsService;
    done = first;
    anew();
    register();
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
    atMillis = OwnerThread.nowMillis() + RETRY_MILLIS;
    link.call(
        limitMillis,
        to ->
            ConfigurationReplicatorPrx.uncheckedCast(to.ice_identity(replicator))
                .registerConfigurationServiceAsync(mine, again ? Map.of(AGAIN, "1") : Map.of()),
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
