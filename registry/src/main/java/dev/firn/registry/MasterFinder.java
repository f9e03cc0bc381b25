package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.IPEndpointInfo;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.QueryPrx;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.wire.LocatorDiscoveryPlugin;
import dev.firn.wire.Mapping;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a registry by asking every other registry that can be found, starting from the configured
 * locator and from the registries in the own database. Blocks; used from threads made for waiting.
 */
final class MasterFinder {
  private static final int CALL_TIMEOUT_MILLIS = 3_000;

  private final Communicator communicator;
  private final RegistryNames names;
  private final @Nullable LocatorPrx locator;
  private final Supplier<RegistryTables> tables;

  /**
   * @param locator the configured default locator or the discovery plug-in's, null if there is none
   */
  MasterFinder(
      Communicator communicator,
      RegistryNames names,
      @Nullable LocatorPrx locator,
      Supplier<RegistryTables> tables) {
    this.communicator = communicator;
    this.names = names;
    this.locator = locator;
    this.tables = tables;
  }

  /**
   * The InternalRegistry proxies that others know for a replica, without duplicates, in the order
   * of the registries asked. Empty if no registry answers or none knows it.
   */
  List<InternalRegistryPrx> find(String replicaName) {
    Set<ObjectPrx> found = new LinkedHashSet<>();
    List<CompletableFuture<ObjectPrx>> answers = new ArrayList<>();
    for (QueryPrx query : queries()) {
      answers.add(query.findObjectByIdAsync(names.internalRegistry(replicaName)));
    }
    for (CompletableFuture<ObjectPrx> answer : answers) {
      ObjectPrx proxy = answered(answer);
      if (proxy != null) {
        found.add(proxy);
      }
    }
    return found.stream().map(InternalRegistryPrx::uncheckedCast).toList();
  }

  /** One proxy for each registry that answers, found transitively. */
  List<QueryPrx> queries() {
    Map<String, QueryPrx> known = new LinkedHashMap<>();
    List<QueryPrx> asking = new ArrayList<>();
    for (ObjectPrx seed : seeds()) {
      add(seed, known, asking);
    }
    List<QueryPrx> answering = new ArrayList<>();
    while (!asking.isEmpty()) {
      List<CompletableFuture<ObjectPrx[]>> answers = new ArrayList<>();
      for (QueryPrx query : asking) {
        answers.add(query.findAllObjectsByTypeAsync("::IceGrid::Registry"));
      }
      List<QueryPrx> next = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        ObjectPrx[] registries = answered(answers.get(i));
        if (registries != null) {
          answering.add(asking.get(i));
          for (ObjectPrx registry : registries) {
            add(registry, known, next);
          }
        }
      }
      asking = next;
    }
    return answering;
  }

  private List<ObjectPrx> seeds() {
    List<ObjectPrx> seeds = new ArrayList<>();
    ObjectPrx start = start();
    if (start != null) {
      for (Endpoint endpoint : start.ice_getEndpoints()) {
        seeds.addAll(eachAddress(start, endpoint));
      }
    }
    for (ObjectEntry entry : tables.get().objectsOfType("::IceGrid::Registry")) {
      ObjectPrx proxy = Mapping.decode(communicator, entry.proxy());
      if (proxy != null && !proxy.ice_getIdentity().equals(names.registry())) {
        seeds.add(proxy);
      }
    }
    return seeds;
  }

  /** The configured locator, or what multicast finds now: a master that has moved, too. */
  private @Nullable LocatorPrx start() {
    Optional<LocatorDiscoveryPlugin> plugin = LocatorDiscoveryPlugin.of(communicator, locator);
    return plugin.isPresent() ? plugin.get().search().join().orElse(null) : locator;
  }

  /**
   * A name that stands for several addresses may stand for several registries: each is asked, where
   * a proxy with the name would ask only one of them.
   */
  private List<ObjectPrx> eachAddress(ObjectPrx proxy, Endpoint endpoint) {
    ObjectPrx one = proxy.ice_endpoints(new Endpoint[] {endpoint});
    if (!(endpoint.getInfo() instanceof IPEndpointInfo info) || info.host.isEmpty()) {
      return List.of(one);
    }
    try {
      InetAddress[] addresses = InetAddress.getAllByName(info.host);
      if (addresses.length == 1) {
        return List.of(one);
      }
      List<ObjectPrx> each = new ArrayList<>();
      for (InetAddress address : addresses) {
        String text =
            endpoint._toString().replace("-h " + info.host, "-h " + address.getHostAddress());
        each.add(communicator.stringToProxy("dummy:" + text));
      }
      return each;
    } catch (UnknownHostException e) {
      return List.of(one); // the call will fail and say so
    }
  }

  private void add(ObjectPrx registry, Map<String, QueryPrx> known, List<QueryPrx> asking) {
    for (Endpoint endpoint : registry.ice_getEndpoints()) {
      QueryPrx query =
          QueryPrx.uncheckedCast(
              registry
                  .ice_identity(names.id("Query"))
                  .ice_facet("")
                  .ice_router(null)
                  .ice_twoway()
                  .ice_endpoints(new Endpoint[] {endpoint})
                  .ice_invocationTimeout(CALL_TIMEOUT_MILLIS));
      if (known.putIfAbsent(endpoint._toString(), query) == null) {
        asking.add(query);
      }
    }
  }

  private static <T> @Nullable T answered(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException | LocalException e) {
      return null; // this registry does not answer; others may
    }
  }
}
