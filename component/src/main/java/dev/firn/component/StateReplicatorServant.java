package dev.firn.component;

import com.zeroc.Ice.Current;
import dev.firn.wire.Failover.V1.StateReplicator;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.UnknownStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where streams are found by name. */
final class StateReplicatorServant implements StateReplicator {
  private final StreamHub hub;
  private final Function<String, StateStreamPrx> proxies;

  /**
   * @param proxies the proxy of the stream of a name
   */
  StateReplicatorServant(StreamHub hub, Function<String, StateStreamPrx> proxies) {
    this.hub = hub;
    this.proxies = proxies;
  }

  @Override
  public CompletionStage<StateStreamPrx> streamAsync(String name, Current current)
      throws UnknownStream {
    Optional<String> fault = hub.obstacle().or(() -> StateStreamServant.nameFault(name));
    if (fault.isPresent()) {
      throw new UnknownStream(fault.get());
    }
    return CompletableFuture.completedFuture(proxies.apply(name));
  }

  @Override
  public CompletionStage<String[]> streamsAsync(Current current) {
    return CompletableFuture.completedFuture(hub.names().toArray(new String[0]));
  }
}
