package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.PluginManager;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives a communicator without a locator a {@link DiscoveringLocator}. A configured locator stays:
 * servers of a node have both. Any thread, once the communicator is initialized.
 */
public final class LocatorDiscoveryPlugin implements Plugin {
  private final Communicator communicator;
  private final String name;
  private @Nullable Installed installed;

  /** What there is if no other locator was configured. */
  private record Installed(DiscoveringLocator locator, LocatorPrx proxy, ObjectAdapter adapter) {}

  LocatorDiscoveryPlugin(Communicator communicator, String name) {
    this.communicator = communicator;
    this.name = name;
  }

  /**
   * The plug-in that a locator comes from; empty for one that comes from elsewhere.
   *
   * @param locator null if there is none
   */
  public static Optional<LocatorDiscoveryPlugin> of(
      Communicator communicator, @Nullable LocatorPrx locator) {
    PluginManager plugins = communicator.getPluginManager();
    for (String each : plugins.getPlugins()) {
      if (plugins.getPlugin(each) instanceof LocatorDiscoveryPlugin plugin
          && plugin.installed != null
          && plugin.installed.proxy().equals(locator)) {
        return Optional.of(plugin);
      }
    }
    return Optional.empty();
  }

  /**
   * Looks for registries now.
   *
   * @return the locator of the wanted instance, with the endpoints of all its registries that
   *     answered; if none did, what was known before; never fails
   */
  public CompletableFuture<Optional<LocatorPrx>> search() {
    Installed current = installed;
    if (current == null) {
      throw new IllegalStateException(name + " is not what locates: see of()");
    }
    return current.locator().search().thenApply(Optional::ofNullable);
  }

  @Override
  public void initialize() {
    if (communicator.getDefaultLocator() != null) {
      return;
    }
    String instance =
        communicator
            .getProperties()
            .getPropertyWithDefault(
                name + ".InstanceName",
                communicator.getProperties().getProperty("IceGrid.InstanceName"));
    DiscoveringLocator discovering = new DiscoveringLocator(communicator, name, instance);
    // No endpoints: only this process asks it.
    ObjectAdapter local = communicator.createObjectAdapter("");
    Identity identity = new Identity("Locator", instance);
    LocatorPrx made = LocatorPrx.uncheckedCast(local.add(discovering, identity));
    communicator.setDefaultLocator(made);
    local.activate();
    installed = new Installed(discovering, made, local);
  }

  @Override
  public void destroy() {
    Installed current = installed;
    if (current != null) {
      current.locator().stop();
      current.adapter().destroy();
    }
  }
}
