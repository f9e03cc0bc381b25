package dev.firn.node;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.ServerDynamicInfo;
import java.util.concurrent.CompletionStage;

/** The topic of a registry. */
final class RegistryObserver implements ObserverSink {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final String node;
  private final NodeObserverPrx observer;

  RegistryObserver(String node, NodeObserverPrx observer) {
    this.node = node;
    this.observer = NodeObserverPrx.uncheckedCast(observer.ice_invocationTimeout(TIMEOUT_MILLIS));
  }

  @Override
  public CompletionStage<Void> nodeUp(NodeDynamicInfo info) {
    return observer.nodeUpAsync(info);
  }

  @Override
  public CompletionStage<Void> server(ServerDynamicInfo server) {
    return observer.updateServerAsync(node, server);
  }

  @Override
  public CompletionStage<Void> adapter(AdapterDynamicInfo adapter) {
    return observer.updateAdapterAsync(node, adapter);
  }
}
