package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Properties;
import dev.firn.wire.LocatorDiscoveryPlugin;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The reference's discovery plug-in in the configuration of a node, in place of a locator. Other
 * programs go on without a registry; a node waits for one, as without it nobody knows the name of
 * the instance.
 */
final class NodeDiscovery {
  private static final String PLUGINS = "Ice.Plugin.";
  private static final int PAUSE_SECONDS = 1;

  private final Map<String, String> configured;

  private NodeDiscovery(Map<String, String> configured) {
    this.configured = new TreeMap<>(configured);
  }

  /** Makes the plug-in loadable by the communicator that will get the properties. */
  static NodeDiscovery prepare(Properties properties) {
    NodeDiscovery discovery = new NodeDiscovery(properties.getPropertiesForPrefix(PLUGINS));
    LocatorDiscoveryPluginFactory.prepare(properties);
    return discovery;
  }

  /** Once plug-ins are loaded: servers get them as they are configured. */
  void restore(Properties properties) {
    Map<String, String> loaded = new TreeMap<>(properties.getPropertiesForPrefix(PLUGINS));
    loaded.keySet().removeAll(configured.keySet());
    loaded.keySet().forEach(added -> properties.setProperty(added, ""));
    configured.forEach(properties::setProperty);
  }

  /**
   * Waits until a registry is found, where the locator comes from the plug-in.
   *
   * @param end completed when nobody wants the node any more
   * @return the identity of the locator, an empty one if there is none; empty if the end came first
   */
  static Optional<Identity> locator(Communicator communicator, CompletableFuture<?> end)
      throws InterruptedException {
    LocatorPrx locator = communicator.getDefaultLocator();
    Optional<LocatorDiscoveryPlugin> plugin = LocatorDiscoveryPlugin.of(communicator, locator);
    if (plugin.isEmpty()) {
      return Optional.of(locator == null ? new Identity() : locator.ice_getIdentity());
    }
    boolean warned = false;
    while (!end.isDone()) {
      CompletableFuture<Optional<LocatorPrx>> search = plugin.get().search();
      await(CompletableFuture.anyOf(search, end), Long.MAX_VALUE);
      Optional<LocatorPrx> found = search.getNow(Optional.empty());
      if (found.isPresent()) {
        return found.map(LocatorPrx::ice_getIdentity);
      }
      if (!warned && !end.isDone()) {
        warned = true;
        communicator
            .getLogger()
            .warning("no IceGrid registry has been discovered yet; this node waits for one");
      }
      await(end, PAUSE_SECONDS);
    }
    return Optional.empty();
  }

  private static void await(CompletableFuture<?> wanted, long seconds) throws InterruptedException {
    try {
      wanted.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // It is looked at again.
    }
  }
}
