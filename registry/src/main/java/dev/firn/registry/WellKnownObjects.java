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

/**
 * The objects that this registry publishes about itself. Filled by the start sequence, on one
 * thread; read-only from then on.
 */
final class WellKnownObjects {
  private final Communicator communicator;
  private final List<ObjectEntry> entries = new ArrayList<>();
  private final Map<String, ObjectPrx> endpoints = new TreeMap<>();

  WellKnownObjects(Communicator communicator) {
    this.communicator = communicator;
  }

  void add(ObjectAdapter adapter, Identity id, String type) {
    ObjectPrx proxy = adapter.createDirectProxy(id);
    entries.add(new ObjectEntry(Mapping.objectId(id), Mapping.encode(communicator, proxy), type));
  }

  /** Announces the endpoints of an adapter to the master under its short name. */
  void addEndpoints(String adapterName, ObjectAdapter adapter) {
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
