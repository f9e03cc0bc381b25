package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Properties;
import dev.firn.wire.LocatorDiscovery;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the locator by multicast where the configuration names the reference's discovery plug-in in
 * place of a locator. Ice for Java would look for a class of that name, so the plug-in is taken out
 * of the properties while the communicator is made; servers get it as configured.
 */
final class NodeDiscovery {
  private static final String NAME = "IceLocatorDiscovery";
  private static final String PLUGIN = "Ice.Plugin." + NAME;
  private static final int PAUSE_SECONDS = 1;

  private final Map<String, String> taken;

  private NodeDiscovery(Map<String, String> taken) {
    this.taken = new TreeMap<>(taken);
  }

  /** Takes the plug-in out of what a communicator is made with. */
  static NodeDiscovery take(Properties properties) {
    Map<String, String> plugin = new TreeMap<>(properties.getPropertiesForPrefix(PLUGIN));
    plugin.keySet().removeIf(name -> !name.equals(PLUGIN) && !name.startsWith(PLUGIN + "."));
    plugin.values().removeIf(String::isEmpty);
    plugin.keySet().forEach(name -> properties.setProperty(name, ""));
    return new NodeDiscovery(plugin);
  }

  /** Puts back what was taken, for servers. */
  void restore(Properties properties) {
    taken.forEach(properties::setProperty);
  }

  /**
   * Gives the communicator a locator if it has none and is to find one; waits until there is one.
   *
   * @param end completed when nobody wants the node any more
   * @return false if that came first
   */
  boolean find(Communicator communicator, Future<?> end) throws InterruptedException {
    if (communicator.getDefaultLocator() != null
        || taken.values().stream().allMatch(value -> value.equals("0"))) {
      return true;
    }
    boolean warned = false;
    while (!end.isDone()) {
      List<LocatorPrx> found = locators(communicator);
      if (!found.isEmpty()) {
        communicator.setDefaultLocator(found.get(0));
        return true;
      }
      if (!warned) {
        warned = true;
        communicator
            .getLogger()
            .warning("no IceGrid registry has been discovered yet; this node waits for one");
      }
      pause(end);
    }
    return false;
  }

  /** All replicas have the time to answer: their endpoints make one locator. */
  private static List<LocatorPrx> locators(Communicator communicator) throws InterruptedException {
    Properties properties = communicator.getProperties();
    String instance =
        properties.getPropertyWithDefault(
            NodeProperty.DISCOVERY_INSTANCE_NAME.key(), NodeProperty.INSTANCE_NAME.of(properties));
    return LocatorDiscovery.of(communicator, NAME).locators("").stream()
        .filter(each -> instance.isEmpty() || each.ice_getIdentity().category.equals(instance))
        .toList();
  }

  private static void pause(Future<?> end) throws InterruptedException {
    try {
      end.get(PAUSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // It is asked for again.
    }
  }
}
