package dev.firn.registry;

import dev.firn.model.AdapterDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.DeployedServer;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.SortedNames;
import dev.firn.server.AllocatableObject;
import dev.firn.server.AllocatableServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * What applications deploy for sessions to allocate, and the {@link Allocator} that is told of it.
 * On a slave there are no sessions, and nothing is to be told.
 */
final class Allocatables implements Allocator.Surroundings {
  private static final String SESSION = "session";

  private final RegistryContext context;
  private final AllocatedProxies proxies;
  private final BiConsumer<Runnable, Long> scheduler;
  private final Allocator allocator;
  private volatile RegistryTables tables = RegistryTables.EMPTY;

  /** What the allocator knows, by id; only who updates touches it. */
  private final Map<String, AllocatableServer> known = new TreeMap<>();

  /**
   * @param scheduler runs a task after a number of nanoseconds
   */
  Allocatables(
      RegistryContext context, AllocatedProxies proxies, BiConsumer<Runnable, Long> scheduler) {
    this.context = context;
    this.proxies = proxies;
    this.scheduler = scheduler;
    allocator = new Allocator(context.traces(), this, new SplittableRandom());
  }

  Allocator allocator() {
    return allocator;
  }

  /** Follows from now on which servers are enabled; before nodes can say so. */
  void watch() {
    if (context.master()) {
      context.nodeViews().onEnabled(allocator::enabled);
    }
  }

  /** New tables became visible. One thread at a time, in the order of the changes. */
  void update(RegistryTables before, RegistryTables after) {
    if (!context.master()) {
      return;
    }
    tables = after;
    Set<String> changed = changedServers(before, after);
    List<AllocatableServer> deployed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (String id : changed) {
      DeployedServer server = after.deployment().findServer(id);
      if (server == null) {
        // Also of a server without allocatables the allocator may know that it is disabled.
        known.remove(id);
        removed.add(id);
        continue;
      }
      AllocatableServer now = allocatable(server.server());
      AllocatableServer was = known.get(id);
      if (!now.equals(was) && (was != null || !now.objects().isEmpty())) {
        known.put(id, now);
        deployed.add(now);
        if (was == null && !context.nodeViews().serverEnabled(id)) {
          allocator.enabled(id, false);
        }
      }
    }
    if (!deployed.isEmpty() || !removed.isEmpty()) {
      allocator.update(deployed, removed);
    }
  }

  private static Set<String> changedServers(RegistryTables before, RegistryTables after) {
    Set<String> changed = new TreeSet<>(SortedNames.ORDER);
    addServers(changed, before.applications(), after);
    addServers(changed, after.applications(), before);
    return changed;
  }

  /** The servers of applications that are not the same elsewhere, or deploy nothing there. */
  private static void addServers(
      Set<String> servers, Collection<ApplicationEntry> applications, RegistryTables others) {
    for (ApplicationEntry application : applications) {
      if (!Objects.equals(others.findApplication(application.name()), application)
          || others.deployment().exclusion(application.name()).isPresent()) {
        application.expanded().ifPresent(expanded -> servers.addAll(expanded.servers().keySet()));
      }
    }
  }

  private static AllocatableServer allocatable(ExpandedServer server) {
    ServerDescriptor descriptor = server.descriptor();
    boolean loaded = descriptor.activation().equals(SESSION);
    List<AllocatableObject> objects = new ArrayList<>();
    for (AdapterDescriptor adapter : server.adapters()) {
      for (ObjectDescriptor object : adapter.allocatables()) {
        objects.add(
            new AllocatableObject(
                object.id(), object.type(), object.proxyOptions(), adapter.id(), server.id()));
      }
    }
    return new AllocatableServer(server.id(), descriptor.allocatable() || loaded, loaded, objects);
  }

  @Override
  public CompletionStage<Void> assign(String server, String sessionId) {
    try {
      return context.deployedServers().assign(server, sessionId);
    } catch (RuntimeException unexpected) {
      return CompletableFuture.failedFuture(unexpected);
    }
  }

  @Override
  public Allocator.AllocatedItem contents(String server) {
    DeployedServer found = tables.deployment().findServer(server);
    List<ObjectId> objects = new ArrayList<>();
    List<String> adapterIds = new ArrayList<>();
    if (found != null) {
      for (AdapterDescriptor adapter : found.server().adapters()) {
        adapterIds.add(adapter.id());
        adapter.objects().forEach(object -> objects.add(object.id()));
        adapter.allocatables().forEach(object -> objects.add(object.id()));
      }
    }
    return new Allocator.AllocatedItem(objects, adapterIds);
  }

  @Override
  public void schedule(Runnable task, long delayNanos) {
    scheduler.accept(task, delayNanos);
  }

  @Override
  public String text(AllocatableObject object) {
    return proxies.text(object);
  }
}
