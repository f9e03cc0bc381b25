package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.QueryPrx;
import dev.firn.wire.Async;
import dev.firn.wire.LocatorDiscoveryPlugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds registries by asking every registry that can be found, starting from the default locator.
 * Blocks; used from threads made for waiting.
 */
final class RegistryFinder {
  private static final String REPLICA = "Registry-";
  private static final String INTERNAL = "InternalRegistry-";
  private static final int CALL_TIMEOUT_MILLIS = 3_000;

  private final Communicator communicator;
  private final NodeSettings settings;
  private volatile List<QueryPrx> queries = List.of();
  private volatile boolean wrongInstance;

  RegistryFinder(Communicator communicator, NodeSettings settings) {
    this.communicator = communicator;
    this.settings = settings;
  }

  /** Whether somebody answered at the locator, but no registry of this instance. */
  boolean wrongInstance() {
    return wrongInstance;
  }

  /** What the registries that are known know of an object, in their order, without duplicates. */
  List<ObjectPrx> find(Identity id) {
    List<QueryPrx> asked = queries;
    if (asked.isEmpty()) {
      asked = refresh();
    }
    List<ObjectPrx> found = ask(asked, id);
    // Those that were known may be gone while others have come.
    return found.isEmpty() ? ask(refresh(), id) : found;
  }

  private static List<ObjectPrx> ask(List<QueryPrx> queries, Identity id) {
    List<CompletableFuture<ObjectPrx>> answers = new ArrayList<>();
    for (QueryPrx query : queries) {
      answers.add(query.findObjectByIdAsync(id));
    }
    List<ObjectPrx> found = new ArrayList<>();
    for (CompletableFuture<ObjectPrx> answer : answers) {
      ObjectPrx proxy = answered(answer);
      if (proxy != null && !found.contains(proxy)) {
        found.add(proxy);
      }
    }
    return found;
  }

  /** The slaves that any registry knows, by identity; the connection to each is tried first. */
  Map<Identity, InternalRegistryPrx> slaves() {
    List<QueryPrx> asked = refresh();
    List<CompletableFuture<ObjectPrx[]>> internal = new ArrayList<>();
    List<CompletableFuture<ObjectPrx[]>> registries = new ArrayList<>();
    for (QueryPrx query : asked) {
      internal.add(query.findAllObjectsByTypeAsync("::IceGrid::InternalRegistry"));
      registries.add(query.findAllObjectsByTypeAsync("::IceGrid::Registry"));
    }
    Map<Identity, InternalRegistryPrx> slaves = new LinkedHashMap<>();
    internal.forEach(answer -> addSlaves(answered(answer), slaves));
    registries.forEach(answer -> addIndirect(answered(answer), slaves));
    slaves.remove(settings.id(INTERNAL + "Master"));
    return slaves;
  }

  private void addSlaves(
      ObjectPrx @Nullable [] proxies, Map<Identity, InternalRegistryPrx> slaves) {
    for (ObjectPrx proxy : proxies == null ? new ObjectPrx[0] : proxies) {
      Identity id = proxy.ice_getIdentity();
      if (id.category.equals(settings.instance()) && id.name.startsWith(INTERNAL)) {
        slaves.put(id, InternalRegistryPrx.uncheckedCast(proxy));
      }
    }
  }

  /**
   * A slave's own locator knows its internal endpoints of now; those in the tables may be of an
   * earlier run.
   */
  private void addIndirect(
      ObjectPrx @Nullable [] registries, Map<Identity, InternalRegistryPrx> slaves) {
    for (ObjectPrx registry : registries == null ? new ObjectPrx[0] : registries) {
      String name = registry.ice_getIdentity().name;
      if (name.startsWith(REPLICA)) {
        Identity id = settings.id(INTERNAL + name.substring(REPLICA.length()));
        ObjectPrx locator = registry.ice_identity(settings.id("Locator"));
        slaves.put(
            id,
            InternalRegistryPrx.uncheckedCast(
                communicator
                    .stringToProxy("\"" + communicator.identityToString(id) + "\"")
                    .ice_locator(LocatorPrx.uncheckedCast(locator))
                    .ice_locatorCacheTimeout(0)));
      }
    }
  }

  /** One query object for each registry that answers, found transitively. */
  private List<QueryPrx> refresh() {
    Map<Identity, QueryPrx> known = new LinkedHashMap<>();
    Map<ObjectPrx, QueryPrx> seeds = new LinkedHashMap<>();
    for (ObjectPrx seed : seeds()) {
      seeds.put(seed, query(seed));
    }
    queries.forEach(query -> seeds.put(query, query));
    List<QueryPrx> asking = List.copyOf(seeds.values());
    boolean missing = false;
    boolean answers = false;
    while (!asking.isEmpty()) {
      List<CompletableFuture<ObjectPrx[]>> asked = new ArrayList<>();
      for (QueryPrx query : asking) {
        asked.add(query.findAllObjectsByTypeAsync("::IceGrid::Registry"));
      }
      List<QueryPrx> next = new ArrayList<>();
      for (CompletableFuture<ObjectPrx[]> answer : asked) {
        ObjectPrx[] registries = answered(answer);
        answers |= registries != null;
        missing |= isMissing(answer);
        for (ObjectPrx registry : registries == null ? new ObjectPrx[0] : registries) {
          QueryPrx query = query(registry);
          if (known.putIfAbsent(registry.ice_getIdentity(), query) == null) {
            next.add(query);
          }
        }
      }
      asking = next;
    }
    wrongInstance = missing && !answers;
    List<QueryPrx> found = List.copyOf(known.values());
    queries = found;
    return found;
  }

  private List<ObjectPrx> seeds() {
    LocatorPrx locator = communicator.getDefaultLocator();
    Optional<LocatorDiscoveryPlugin> plugin = LocatorDiscoveryPlugin.of(communicator, locator);
    if (plugin.isPresent()) {
      locator = plugin.get().search().join().orElse(null);
    }
    if (locator == null) {
      return List.of();
    }
    ObjectPrx query = locator.ice_identity(settings.id("Query")).ice_facet("");
    Endpoint[] endpoints = query.ice_getEndpoints();
    if (endpoints.length == 0) {
      // Another plug-in's locator, in this process.
      ObjectPrx found =
          answered(
              locator
                  .ice_invocationTimeout(CALL_TIMEOUT_MILLIS)
                  .findObjectByIdAsync(settings.id("Query")));
      if (found == null) {
        return List.of();
      }
      query = found;
      endpoints = found.ice_getEndpoints();
    }
    List<ObjectPrx> seeds = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      seeds.add(query.ice_endpoints(new Endpoint[] {endpoint}));
    }
    return seeds;
  }

  private QueryPrx query(ObjectPrx registry) {
    return QueryPrx.uncheckedCast(
        registry
            .ice_identity(settings.id("Query"))
            .ice_facet("")
            .ice_router(null)
            .ice_twoway()
            .ice_invocationTimeout(CALL_TIMEOUT_MILLIS));
  }

  private static boolean isMissing(CompletableFuture<?> answer) {
    try {
      answer.join();
      return false;
    } catch (CompletionException | LocalException e) {
      return Async.cause(e) instanceof ObjectNotExistException;
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
