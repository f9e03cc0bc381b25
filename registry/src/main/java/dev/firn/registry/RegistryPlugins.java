package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.RegistryPluginFacade;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What plug-ins of a registry begin with. A plug-in is configured as any plug-in of Ice, {@code
 * Ice.Plugin.NAME=[file.jar:]package.Factory}, and asks for the facade when it is created:
 *
 * <pre>{@code
 * public final class Factory implements com.zeroc.Ice.PluginFactory {
 *   public Plugin create(Communicator communicator, String name, String[] args) {
 *     RegistryPluginFacade facade = RegistryPlugins.facade(communicator);
 *     facade.addReplicaGroupFilter("filterByCountry", new CountryFilter(facade));
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Filters may be added and removed at any time. They are called on the threads that answer
 * clients, several at a time, and must not wait for anything.
 */
public final class RegistryPlugins {
  private static final Map<Communicator, PluginFacade> FACADES = new WeakHashMap<>();

  private RegistryPlugins() {}

  /**
   * The registry that runs, or is about to run, with this communicator. Any thread.
   *
   * <p>Until the registry has opened its database, and once it ends, the facade answers queries
   * with {@link com.zeroc.Ice.InitializationException}.
   */
  public static RegistryPluginFacade facade(Communicator communicator) {
    return of(communicator);
  }

  static PluginFacade of(Communicator communicator) {
    synchronized (FACADES) {
      return FACADES.computeIfAbsent(communicator, unused -> new PluginFacade());
    }
  }
}
