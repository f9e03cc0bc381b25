package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.UnsupportedEncodingException;
import dev.firn.model.DeployedAdapter;
import dev.firn.model.DeployedReplicaGroup;
import dev.firn.model.Deployment;
import dev.firn.model.EncodedProxies;
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.server.PlacementWait;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Locates what applications deploy: adapters and replica groups. Any thread; nothing here waits.
 *
 * <p>What is active is answered from what nodes reported; a node is asked only where that does not
 * say enough. Whatever fails, the answer is the null proxy, and a trace says why.
 */
final class DeployedLocator {
  /** After so many waits for members that synchronise again and again, a locate fails. */
  private static final int ROUNDS_MAX = 10;

  private static final long GRACE_MILLIS = 1_000;
  private static final int GROUPS_MIN = 1_000;

  private final Supplier<RegistryTables> snapshot;
  private final NodeViews views;
  private final AdapterCalls calls;
  private final LocateFilters filters;
  private final Traces traces;
  private final int defaultEncodingMinor;
  private final Map<String, LocateGroup> groups = new ConcurrentHashMap<>();

  /** How many groups there have to be before those are looked for that are gone. */
  private volatile int pruneAt = GROUPS_MIN;

  DeployedLocator(
      Communicator communicator,
      Supplier<RegistryTables> snapshot,
      NodeViews views,
      AdapterCalls calls,
      LocateFilters filters,
      Traces traces) {
    this.snapshot = snapshot;
    this.views = views;
    this.calls = calls;
    this.filters = filters;
    this.traces = traces;
    defaultEncodingMinor = communicator.stringToProxy("dummy").ice_getEncodingVersion().minor;
  }

  /**
   * The proxy of an adapter that is known to be active; null for all others, deployed or not.
   * Allocates nothing.
   */
  @Nullable EncodedProxy active(String adapterId, EncodingVersion encoding) {
    EncodedProxy proxy = views.activeProxy(adapterId);
    return proxy != null && EncodedProxies.supports(proxy, encoding.major, encoding.minor)
        ? EncodedProxies.dummy(proxy)
        : null;
  }

  /**
   * Locates an adapter or a replica group, starting servers if need be.
   *
   * @return never fails but with AdapterNotFoundException, if a group vanishes meanwhile; null if
   *     no application has such an adapter or group
   */
  @Nullable CompletionStage<EncodedProxy> locate(String id, Current current) {
    Deployment deployment = snapshot.get().deployment();
    DeployedAdapter adapter = deployment.findAdapter(id);
    if (adapter != null) {
      return adapter(adapter, current.encoding);
    }
    DeployedReplicaGroup group = deployment.findReplicaGroup(id);
    return group == null ? null : group(group, current, Set.of(), ROUNDS_MAX);
  }

  private CompletionStage<EncodedProxy> adapter(DeployedAdapter adapter, EncodingVersion encoding) {
    return calls
        .ask(adapter.id(), adapter.server().node())
        .thenCompose(
            answer -> {
              if (answer instanceof AdapterAnswer.Active active) {
                return CompletableFuture.completedFuture(active.proxy());
              } else if (answer instanceof AdapterAnswer.Failed failed) {
                return CompletableFuture.failedFuture(failed.failure());
              }
              return calls.activate(adapter.id());
            })
        .thenApply(
            proxy -> {
              if (!EncodedProxies.supports(proxy, encoding.major, encoding.minor)) {
                throw new UnsupportedEncodingException();
              }
              return EncodedProxies.dummy(proxy);
            })
        .exceptionally(
            failure -> {
              String reason = Exceptions.text(Async.cause(failure));
              traces.trace(
                  Traces.Category.LOCATOR,
                  1,
                  () -> "couldn't resolve adapter `" + adapter.id() + "' endpoints:\n" + reason);
              return EncodedProxy.NULL;
            });
  }

  /**
   * @param tried the adapters that failed this request already
   */
  private CompletionStage<EncodedProxy> group(
      DeployedReplicaGroup deployed, Current current, Set<String> tried, int rounds) {
    LocateGroup group = read(deployed);
    MemberStates states = new MemberStates(group, views);
    int[] order =
        group.order(
            views,
            member -> states.of(member) == MemberStates.State.USABLE,
            ThreadLocalRandom.current());
    int[] wanted = filtered(group, order, current);
    int count = group.count(wanted.length);
    EncodedProxy active = allActive(group, wanted, count, current.encoding);
    if (active != null) {
      return CompletableFuture.completedFuture(active);
    }
    List<GroupRequest.Member> usable = new ArrayList<>();
    List<CompletionStage<NodeAdapter>> synchronising = new ArrayList<>();
    for (int member : wanted) {
      if (tried.contains(group.adapter(member))) {
        continue;
      }
      switch (states.of(member)) {
        case USABLE ->
            usable.add(new GroupRequest.Member(member, group.adapter(member), group.node(member)));
        case SYNCHRONISING -> synchronising.add(states.stage(member));
        case UNUSABLE -> {
          // Its failure is told if all fail.
        }
      }
    }
    // Those that synchronise are waited for only if nobody else can serve.
    Function<String, CompletionStage<EncodedProxy>> otherwise =
        reason ->
            synchronising.isEmpty() || rounds == 0
                ? CompletableFuture.completedFuture(failed(group, reason))
                : synchronised(synchronising, count)
                    .thenCompose(
                        ready ->
                            ready
                                ? again(group, current, with(tried, usable), rounds - 1)
                                : CompletableFuture.completedFuture(
                                    failed(group, states.firstFailure(wanted))));
    if (usable.isEmpty()) {
      return otherwise.apply(states.firstFailure(wanted));
    }
    return new GroupRequest(calls, views, current.encoding, usable, count)
        .run()
        .thenApply(located -> answer(group, order, located))
        .exceptionallyCompose(failure -> otherwise.apply(Exceptions.text(Async.cause(failure))));
  }

  /** The group may have changed while its members synchronised. */
  private CompletionStage<EncodedProxy> again(
      LocateGroup before, Current current, Set<String> tried, int rounds) {
    DeployedReplicaGroup group = snapshot.get().deployment().findReplicaGroup(before.id());
    return group == null
        ? CompletableFuture.failedFuture(new com.zeroc.Ice.AdapterNotFoundException())
        : group(group, current, tried, rounds);
  }

  private static Set<String> with(Set<String> tried, List<GroupRequest.Member> usable) {
    Set<String> all = new HashSet<>(tried);
    usable.forEach(member -> all.add(member.adapterId()));
    return all;
  }

  private LocateGroup read(DeployedReplicaGroup deployed) {
    LocateGroup known = groups.get(deployed.id());
    if (known != null && known.isOf(deployed)) {
      return known;
    }
    RegistryTables tables = snapshot.get();
    if (groups.size() >= pruneAt) {
      groups.keySet().removeIf(id -> tables.deployment().findReplicaGroup(id) == null);
      pruneAt = Math.max(GROUPS_MIN, 2 * groups.size());
    }
    return groups.compute(
        deployed.id(),
        (id, before) ->
            before == null
                ? LocateGroup.of(deployed, tables)
                : before.isOf(deployed) ? before : before.updated(deployed, tables));
  }

  /** The members in order, after the plug-ins had their say. */
  private int[] filtered(LocateGroup group, int[] order, Current current) {
    if (group.filter().isEmpty() || !filters.filterGroups(group.filter())) {
      return order;
    }
    List<String> ids = Arrays.stream(order).mapToObj(group::adapter).toList();
    return filters.members(group.filter(), group.id(), ids, current).stream()
        .mapToInt(ids::indexOf)
        .filter(place -> place >= 0)
        .distinct()
        .map(place -> order[place])
        .toArray();
  }

  /** The answer if all chosen members are known to be active. */
  private @Nullable EncodedProxy allActive(
      LocateGroup group, int[] wanted, int count, EncodingVersion encoding) {
    if (count == 1) {
      return active(group.adapter(wanted[0]), encoding);
    }
    List<EncodedProxy> proxies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      EncodedProxy proxy = active(group.adapter(wanted[i]), encoding);
      if (proxy == null) {
        return null;
      }
      proxies.add(proxy);
    }
    return count == 0 ? null : EncodedProxies.merged(proxies, defaultEncodingMinor);
  }

  private EncodedProxy answer(LocateGroup group, int[] order, GroupRequest.Located located) {
    if (group.takesTurns() && located.members().get(0).index() != order[0]) {
      group.servedBy(order[0], located.members().get(0).index());
    }
    return located.proxies().size() == 1
        ? EncodedProxies.dummy(located.proxies().get(0))
        : EncodedProxies.merged(located.proxies(), defaultEncodingMinor);
  }

  private EncodedProxy failed(LocateGroup group, String reason) {
    traces.trace(
        Traces.Category.LOCATOR,
        1,
        () -> "couldn't resolve replica group `" + group.id() + "' endpoints:\n" + reason);
    return EncodedProxy.NULL;
  }

  /** Whether it is worth trying again. */
  private static CompletionStage<Boolean> synchronised(
      List<CompletionStage<NodeAdapter>> synchronising, int count) {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    PlacementWait wait = new PlacementWait(synchronising.size(), count);
    for (CompletionStage<NodeAdapter> member : synchronising) {
      member.whenComplete(
          (adapter, failure) ->
              said(ready, wait, failure == null ? wait::succeeded : wait::failed));
    }
    CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> said(ready, wait, wait::graceOver));
    return ready;
  }

  private static void said(
      CompletableFuture<Boolean> ready, PlacementWait wait, Supplier<PlacementWait.Verdict> input) {
    PlacementWait.Verdict verdict;
    synchronized (wait) {
      verdict = input.get();
    }
    if (verdict != PlacementWait.Verdict.WAIT) {
      ready.complete(verdict == PlacementWait.Verdict.RETRY);
    }
  }
}
