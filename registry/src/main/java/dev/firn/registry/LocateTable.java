package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.EncodingVersion;
import dev.firn.model.AdapterEntry;
import dev.firn.model.DeployedObject;
import dev.firn.model.EncodedProxies;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the locator answers from the current snapshot: objects, and adapters that registered
 * themselves. Lock-free, any thread.
 *
 * <p>Returns {@code null} for unknown ids: the locate path allocates next to nothing.
 */
final class LocateTable {
  /** Plug-ins filter all groups of such adapters by this name. */
  private static final String NO_FILTER_NAME = "";

  /** Merged proxies of replica groups by the encoding asked for; valid for one snapshot only. */
  private record Groups(
      RegistryTables tables, Map<String, EncodedProxy> merged10, Map<String, EncodedProxy> merged) {
    static Groups of(RegistryTables tables) {
      return new Groups(tables, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }
  }

  private final Supplier<RegistryTables> snapshot;
  private final DeployedObjects deployed;
  private final LocateFilters filters;
  private final int defaultEncodingMinor;
  private volatile Groups groups;

  LocateTable(Communicator communicator, Supplier<RegistryTables> snapshot, LocateFilters filters) {
    this.snapshot = snapshot;
    this.filters = filters;
    this.deployed = new DeployedObjects(communicator);
    this.groups = Groups.of(snapshot.get());
    this.defaultEncodingMinor = communicator.stringToProxy("dummy").ice_getEncodingVersion().minor;
  }

  /** A well-known object; what an application says of it goes first. */
  @Nullable EncodedProxy object(ObjectId id) {
    RegistryTables tables = snapshot.get();
    DeployedObject object = tables.deployment().findObject(id);
    if (object != null) {
      return deployed.proxy(object);
    }
    ObjectEntry entry = tables.findObject(id);
    return entry == null ? null : entry.proxy();
  }

  /** The proxy of a well-known object of an application. */
  EncodedProxy proxy(DeployedObject object) {
    return deployed.proxy(object);
  }

  /**
   * The proxy of an adapter or of a replica group of adapters that registered themselves; the null
   * proxy if a group has no endpoint.
   *
   * @param current the request: a group answers only with members that understand its encoding
   */
  @Nullable EncodedProxy adapter(String id, Current current) {
    RegistryTables tables = snapshot.get();
    AdapterEntry entry = tables.findAdapter(id);
    return entry != null ? entry.proxy() : group(tables, id, current);
  }

  private @Nullable EncodedProxy group(RegistryTables tables, String id, Current current) {
    Collection<AdapterEntry> members = tables.adaptersOfReplicaGroup(id);
    if (members.isEmpty()) {
      return null;
    }
    EncodingVersion encoding = current.encoding;
    if (filters.filterGroups(NO_FILTER_NAME)) {
      return merge(filtered(tables, id, members, current), encoding);
    }
    Groups merges = groups;
    if (merges.tables() != tables) {
      merges = Groups.of(tables);
      groups = merges;
    }
    Map<String, EncodedProxy> merged = encoding.minor == 0 ? merges.merged10() : merges.merged();
    return merged.computeIfAbsent(id, unused -> merge(members, encoding));
  }

  private Collection<AdapterEntry> filtered(
      RegistryTables tables, String id, Collection<AdapterEntry> members, Current current) {
    List<String> ids = members.stream().map(AdapterEntry::id).toList();
    List<AdapterEntry> left = new ArrayList<>();
    for (String member : filters.members(NO_FILTER_NAME, id, ids, current)) {
      AdapterEntry entry = tables.findAdapter(member);
      if (entry != null && entry.replicaGroupId().equals(id)) {
        left.add(entry);
      }
    }
    return left;
  }

  private EncodedProxy merge(Collection<AdapterEntry> members, EncodingVersion encoding) {
    List<EncodedProxy> proxies = new ArrayList<>();
    for (AdapterEntry member : members) {
      EncodedProxy proxy = member.proxy();
      if (!proxy.isNull() && EncodedProxies.supports(proxy, encoding.major, encoding.minor)) {
        proxies.add(proxy);
      }
    }
    return EncodedProxies.merged(proxies, defaultEncodingMinor);
  }
}
