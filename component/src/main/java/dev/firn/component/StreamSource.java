package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where a stream's replicators are. */
interface StreamSource {
  /**
   * Looks again.
   *
   * @return one proxy of the stream for each replicator, in the order to try; may be empty
   */
  CompletionStage<List<StateStreamPrx>> find(String stream);

  /**
   * By the name of the replicator: first as the name of a stream, then any replicator, both with
   * the service locator; a name that is a proxy with endpoints, or says where with an {@code @}, is
   * the replicator itself.
   *
   * @param proxy the replicator; empty if it is to be located
   */
  static StreamSource located(
      Communicator communicator, ServiceLookup lookup, String name, String proxy) {
    Optional<ObjectPrx> fixed =
        proxy.isEmpty() ? direct(communicator, name) : direct(communicator, proxy);
    return stream ->
        fixed
            .<CompletionStage<Optional<ObjectPrx>>>map(
                replicator -> CompletableFuture.completedFuture(fixed))
            .orElseGet(
                () ->
                    lookup
                        .locate("StateReplicator", name, "")
                        .thenCompose(
                            found ->
                                found.isPresent()
                                    ? CompletableFuture.completedFuture(found)
                                    : lookup.locate("StateReplicator", "StateReplicator", "")))
            .thenApply(found -> found.map(any -> streams(any, stream)).orElse(List.of()));
  }

  private static Optional<ObjectPrx> direct(Communicator communicator, String text) {
    if (text.indexOf(':') < 0 && text.indexOf('@') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(communicator.stringToProxy(text));
    } catch (LocalException e) {
      return Optional.empty();
    }
  }

  /** Each endpoint may be another replicator, so each is tried on its own. */
  private static List<StateStreamPrx> streams(ObjectPrx any, String stream) {
    ObjectPrx named =
        any.ice_identity(new Identity(stream, StateStreamServant.CATEGORY)).ice_twoway();
    List<StateStreamPrx> each = new ArrayList<>();
    for (Endpoint endpoint : named.ice_getEndpoints()) {
      each.add(StateStreamPrx.uncheckedCast(named.ice_endpoints(new Endpoint[] {endpoint})));
    }
    if (each.isEmpty()) {
      each.add(StateStreamPrx.uncheckedCast(named));
    }
    return each;
  }
}
