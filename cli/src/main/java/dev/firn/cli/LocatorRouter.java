package dev.firn.cli;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Router;

/**
 * Sends every request over the locator's connection, whatever endpoints the proxies of the registry
 * carry, so that one reachable address (a tunnel, say) is enough.
 */
final class LocatorRouter implements Router {

  private final LocatorPrx locator;

  LocatorRouter(LocatorPrx locator) {
    this.locator = locator;
  }

  @Override
  public GetClientProxyResult getClientProxy(Current current) {
    return new GetClientProxyResult(locator, false);
  }

  @Override
  @SuppressWarnings("NullAway") // The Slice contract: null means no server proxy.
  public ObjectPrx getServerProxy(Current current) {
    return null;
  }

  @Override
  public ObjectPrx[] addProxies(ObjectPrx[] proxies, Current current) {
    return new ObjectPrx[0];
  }
}
