package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.ObjectInfo;
import dev.firn.model.ObjectEntry;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objects and endpoints that this registry publishes about itself. Immutable once made. */
final class WellKnownObjects {
  private static final String MANAGER = "::Glacier2::SessionManager";
  private static final String SSL_MANAGER = "::Glacier2::SSLSessionManager";

  private final Communicator communicator;
  private final List<ObjectEntry> entries = new ArrayList<>();
  private final Map<String, ObjectPrx> endpoints = new TreeMap<>();

  private WellKnownObjects(Communicator communicator) {
    this.communicator = communicator;
  }

  static WellKnownObjects of(
      Communicator communicator, RegistryNames names, RegistryAdapters adapters) {
    WellKnownObjects objects = new WellKnownObjects(communicator);
    objects.add(adapters.client(), names.registry(), "::IceGrid::Registry");
    objects.add(adapters.internal(), names.internalRegistry(), "::IceGrid::InternalRegistry");
    if (!communicator.getProperties().getProperty("IceGrid.Registry.UserAccounts").isEmpty()) {
      objects.add(
          adapters.internal(),
          names.suffixed("RegistryUserAccountMapper"),
          "::IceGrid::UserAccountMapper");
    }
    objects.addEndpoints(WellKnownProxies.CLIENT, adapters.client());
    objects.addEndpoints(WellKnownProxies.SERVER, adapters.server());
    objects.addEndpoints("Internal", adapters.internal());
    adapters
        .sessionManager()
        .ifPresent(
            adapter -> {
              if (names.master()) {
                objects.add(adapter, names.id("SessionManager"), MANAGER);
                objects.add(adapter, names.id("SSLSessionManager"), SSL_MANAGER);
              }
              objects.addEndpoints("SessionManager", adapter);
            });
    adapters
        .adminSessionManager()
        .ifPresent(
            adapter -> {
              objects.add(adapter, names.suffixed("AdminSessionManager"), MANAGER);
              objects.add(adapter, names.suffixed("AdminSSLSessionManager"), SSL_MANAGER);
              objects.addEndpoints("AdminSessionManager", adapter);
            });
    return objects;
  }

  private void add(ObjectAdapter adapter, Identity id, String type) {
    ObjectPrx proxy = adapter.createDirectProxy(id);
    entries.add(new ObjectEntry(Mapping.objectId(id), Mapping.encode(communicator, proxy), type));
  }

  /** Announces the endpoints of an adapter to the master under its short name. */
  private void addEndpoints(String adapterName, ObjectAdapter adapter) {
    endpoints.put(adapterName, adapter.createDirectProxy(new Identity("dummy", "")));
  }

  List<ObjectEntry> entries() {
    return List.copyOf(entries);
  }

  ObjectInfo[] infos() {
    return Mapping.objectInfos(communicator, entries);
  }

  Map<String, ObjectPrx> endpoints() {
    return Map.copyOf(endpoints);
  }
}
