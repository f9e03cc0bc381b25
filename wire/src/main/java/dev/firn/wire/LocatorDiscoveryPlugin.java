package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Plugin;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives a communicator without a locator a {@link DiscoveringLocator}. A configured locator stays:
 * servers of a node have both.
 */
final class LocatorDiscoveryPlugin implements Plugin {
  private final Communicator communicator;
  private final String name;
  private @Nullable DiscoveringLocator locator;
  private @Nullable ObjectAdapter adapter;

  LocatorDiscoveryPlugin(Communicator communicator, String name) {
    this.communicator = communicator;
    this.name = name;
  }

  @Override
  public void initialize() {
    if (communicator.getDefaultLocator() != null) {
      return;
    }
    String instance = communicator.getProperties().getProperty(name + ".InstanceName");
    DiscoveringLocator discovering = new DiscoveringLocator(communicator, name, instance);
    // No endpoints: only this process asks it.
    ObjectAdapter local = communicator.createObjectAdapter("");
    Identity identity =
        new Identity("Locator", instance.isEmpty() ? UUID.randomUUID().toString() : instance);
    communicator.setDefaultLocator(LocatorPrx.uncheckedCast(local.add(discovering, identity)));
    local.activate();
    locator = discovering;
    adapter = local;
  }

  @Override
  public void destroy() {
    if (locator != null) {
      locator.stop();
    }
    if (adapter != null) {
      adapter.destroy();
    }
  }
}
