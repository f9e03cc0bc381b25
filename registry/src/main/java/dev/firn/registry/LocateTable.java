package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the locator answers, from the current snapshot; lock-free, any thread.
 *
 * <p>Returns {@code null} for unknown ids: the locate path allocates next to nothing.
 */
final class LocateTable {
  /** Merged proxies of replica groups by the encoding asked for; valid for one snapshot only. */
  private record Groups(
      RegistryTables tables, Map<String, EncodedProxy> merged10, Map<String, EncodedProxy> merged) {
    static Groups of(RegistryTables tables) {
      return new Groups(tables, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }
  }

  private final Communicator communicator;
  private final Supplier<RegistryTables> snapshot;
  private volatile Groups groups;

  LocateTable(Communicator communicator, Supplier<RegistryTables> snapshot) {
    this.communicator = communicator;
    this.snapshot = snapshot;
    this.groups = Groups.of(snapshot.get());
  }

  @Nullable EncodedProxy object(ObjectId id) {
    ObjectEntry entry = snapshot.get().findObject(id);
    return entry == null ? null : entry.proxy();
  }

  /**
   * The proxy of an adapter or of a replica group, the null proxy if a group has no endpoint.
   *
   * @param encoding of the request: a group answers only with members that understand it
   */
  @Nullable EncodedProxy adapter(String id, EncodingVersion encoding) {
    RegistryTables tables = snapshot.get();
    AdapterEntry entry = tables.findAdapter(id);
    return entry != null ? entry.proxy() : group(tables, id, encoding);
  }

  private @Nullable EncodedProxy group(RegistryTables tables, String id, EncodingVersion encoding) {
    Collection<AdapterEntry> members = tables.adaptersOfReplicaGroup(id);
    if (members.isEmpty()) {
      return null;
    }
    Groups current = groups;
    if (current.tables() != tables) {
      current = Groups.of(tables);
      groups = current;
    }
    Map<String, EncodedProxy> merged = encoding.minor == 0 ? current.merged10() : current.merged();
    return merged.computeIfAbsent(id, unused -> merge(members, encoding));
  }

  private EncodedProxy merge(Collection<AdapterEntry> members, EncodingVersion encoding) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (AdapterEntry member : members) {
      ObjectPrx proxy = Mapping.decode(communicator, member.proxy());
      if (proxy != null && supports(proxy.ice_getEncodingVersion(), encoding)) {
        endpoints.addAll(List.of(proxy.ice_getEndpoints()));
      }
    }
    return endpoints.isEmpty()
        ? EncodedProxy.NULL
        : Mapping.encode(
            communicator,
            communicator.stringToProxy("dummy").ice_endpoints(endpoints.toArray(Endpoint[]::new)));
  }

  private static boolean supports(EncodingVersion supported, EncodingVersion wanted) {
    return supported.major == wanted.major && supported.minor >= wanted.minor;
  }
}
