package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.QueryPrx;
import com.zeroc.IceGrid.RegistryPrx;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The proxies that this registry hands out for its own objects. Any thread. */
final class WellKnownProxies {
  static final String CLIENT = "Client";
  static final String SERVER = "Server";

  /** The merged locator proxies of one snapshot: computing them parses the stored ones. */
  private record Merged(
      EncodedProxy storedLocator,
      EncodedProxy storedRegistry,
      LocatorPrx locator,
      LocatorRegistryPrx locatorRegistry) {}

  private final Communicator communicator;
  private final RegistryNames names;
  private final ObjectAdapter clientAdapter;
  private final ObjectAdapter serverAdapter;
  private final Supplier<RegistryTables> tables;
  private volatile @Nullable Merged merged;

  WellKnownProxies(
      Communicator communicator,
      RegistryNames names,
      ObjectAdapter clientAdapter,
      ObjectAdapter serverAdapter,
      Supplier<RegistryTables> tables) {
    this.communicator = communicator;
    this.names = names;
    this.clientAdapter = clientAdapter;
    this.serverAdapter = serverAdapter;
    this.tables = tables;
  }

  RegistryPrx localRegistry() {
    return RegistryPrx.uncheckedCast(clientAdapter.createDirectProxy(names.registry()));
  }

  QueryPrx localQuery() {
    return QueryPrx.uncheckedCast(clientAdapter.createDirectProxy(names.id("Query")));
  }

  /** The locator of all replicas: own endpoints first, then those of the stored proxy. */
  LocatorPrx locator() {
    return current().locator();
  }

  LocatorRegistryPrx locatorRegistry() {
    return current().locatorRegistry();
  }

  /**
   * The three objects that every replica answers for, with the endpoints of all of them.
   *
   * @param slaves the endpoints that the connected slaves announced, in the order of their names
   */
  List<ObjectEntry> replicated(List<Map<String, ObjectPrx>> slaves) {
    return List.of(
        replicated("Query", "::IceGrid::Query", clientAdapter, CLIENT, slaves),
        replicated("Locator", "::Ice::Locator", clientAdapter, CLIENT, slaves),
        replicated("LocatorRegistry", "::Ice::LocatorRegistry", serverAdapter, SERVER, slaves));
  }

  private ObjectEntry replicated(
      String name,
      String type,
      ObjectAdapter adapter,
      String adapterName,
      List<Map<String, ObjectPrx>> slaves) {
    Set<Endpoint> endpoints = new LinkedHashSet<>(endpoints(adapter));
    for (Map<String, ObjectPrx> slave : slaves) {
      ObjectPrx announced = slave.get(adapterName);
      if (announced != null) {
        endpoints.addAll(List.of(announced.ice_getEndpoints()));
      }
    }
    ObjectPrx proxy = withEndpoints(names.id(name), endpoints);
    return new ObjectEntry(
        Mapping.objectId(names.id(name)), Mapping.encode(communicator, proxy), type);
  }

  private Merged current() {
    EncodedProxy locator = stored("Locator");
    EncodedProxy registry = stored("LocatorRegistry");
    Merged known = merged;
    if (known == null
        || !known.storedLocator().equals(locator)
        || !known.storedRegistry().equals(registry)) {
      known =
          new Merged(
              locator,
              registry,
              LocatorPrx.uncheckedCast(merge("Locator", clientAdapter, locator)),
              LocatorRegistryPrx.uncheckedCast(merge("LocatorRegistry", serverAdapter, registry)));
      merged = known;
    }
    return known;
  }

  private EncodedProxy stored(String name) {
    ObjectEntry entry = tables.get().findObject(Mapping.objectId(names.id(name)));
    return entry == null ? EncodedProxy.NULL : entry.proxy();
  }

  private ObjectPrx merge(String name, ObjectAdapter adapter, EncodedProxy stored) {
    Set<Endpoint> endpoints = new LinkedHashSet<>(endpoints(adapter));
    ObjectPrx proxy = Mapping.decode(communicator, stored);
    if (proxy != null) {
      endpoints.addAll(Arrays.asList(proxy.ice_getEndpoints()));
    }
    return withEndpoints(names.id(name), endpoints);
  }

  private ObjectPrx withEndpoints(Identity id, Set<Endpoint> endpoints) {
    return communicator
        .stringToProxy("dummy")
        .ice_identity(id)
        .ice_endpoints(new ArrayList<>(endpoints).toArray(Endpoint[]::new));
  }

  private static List<Endpoint> endpoints(ObjectAdapter adapter) {
    return List.of(adapter.getPublishedEndpoints());
  }
}
