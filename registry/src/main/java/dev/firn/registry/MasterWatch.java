package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.NodePrx;
import dev.firn.model.Command;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a master does in the background: at its start it calls the slaves it knows, and ever after
 * it looks whether somebody else is master too. One thread.
 */
final class MasterWatch {
  private static final int PERIOD_SECONDS = 15;
  private static final int CALL_TIMEOUT_MILLIS = 10_000;

  private final Communicator communicator;
  private final Engine engine;
  private final RegistryNames names;
  private final Traces traces;
  private final ObjectAdapter internalAdapter;
  private final MasterFinder finder;
  private final ScheduledExecutorService thread;
  private final List<String> reported = new ArrayList<>();
  private volatile boolean stopped;

  MasterWatch(
      Communicator communicator,
      Engine engine,
      RegistryNames names,
      Traces traces,
      ObjectAdapter internalAdapter,
      MasterFinder finder) {
    this.communicator = communicator;
    this.engine = engine;
    this.names = names;
    this.traces = traces;
    this.internalAdapter = internalAdapter;
    this.finder = finder;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread created = new Thread(task, "firn-master-watch");
              created.setDaemon(true);
              return created;
            });
  }

  /**
   * @param nodes told of the nodes of each slave that is found
   */
  void start(Consumer<NodePrx[]> nodes) {
    List<ObjectEntry> known =
        List.copyOf(engine.tables().objectsOfType("::IceGrid::InternalRegistry"));
    thread.execute(() -> guarded(() -> callSlaves(known, nodes)));
    thread.scheduleWithFixedDelay(
        () -> guarded(this::lookForAnotherMaster), 1, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  void stop() {
    stopped = true;
    thread.shutdownNow();
  }

  /** Whether a proxy of a master is one of this registry, by its endpoints. */
  boolean isOwn(ObjectPrx master) {
    List<Endpoint> own = Arrays.asList(internalAdapter.getPublishedEndpoints());
    return Arrays.stream(master.ice_getEndpoints()).anyMatch(own::contains);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (LocalException e) {
      if (!stopped) {
        traces.logger().warning("looking for other registries failed:\n" + Exceptions.text(e));
      }
    }
  }

  /** Calls the slaves of the last run, so that they need not wait for their next attempt. */
  private void callSlaves(List<ObjectEntry> known, Consumer<NodePrx[]> nodes) {
    String prefix = names.internalRegistry("").name;
    for (ObjectEntry entry : known) {
      String replica =
          entry.id().name().substring(Math.min(prefix.length(), entry.id().name().length()));
      if (entry.id().equals(Mapping.objectId(names.internalRegistry())) || stopped) {
        continue;
      }
      traces.trace(Traces.Category.REPLICA, 2, () -> "creating replica `" + replica + "' session");
      try {
        call(replica, entry, nodes);
        traces.trace(Traces.Category.REPLICA, 2, () -> "replica `" + replica + "' session created");
      } catch (LocalException e) {
        traces.trace(
            Traces.Category.REPLICA,
            2,
            () -> "replica `" + replica + "' session creation failed:\n" + Exceptions.text(e));
        forget(replica, entry);
      }
    }
  }

  private void call(String replica, ObjectEntry entry, Consumer<NodePrx[]> nodes) {
    ObjectPrx proxy = Mapping.decode(communicator, entry.proxy());
    ObjectEntry registry =
        engine.tables().findObject(Mapping.objectId(names.id("Registry-" + replica)));
    ObjectPrx registryProxy =
        registry == null ? null : Mapping.decode(communicator, registry.proxy());
    if (registryProxy != null) {
      // Its client endpoints are stable; it knows best where its internal ones are now.
      proxy =
          com.zeroc.IceGrid.QueryPrx.uncheckedCast(
                  registryProxy
                      .ice_identity(names.id("Query"))
                      .ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
              .findObjectById(names.internalRegistry(replica));
    }
    if (proxy == null) {
      throw new com.zeroc.Ice.ObjectNotExistException();
    }
    InternalRegistryPrx slave =
        InternalRegistryPrx.uncheckedCast(proxy.ice_invocationTimeout(CALL_TIMEOUT_MILLIS));
    slave.registerWithReplica(
        InternalRegistryPrx.uncheckedCast(
            internalAdapter.createDirectProxy(names.internalRegistry())));
    try {
      nodes.accept(slave.getNodes());
    } catch (LocalException e) {
      // A hint only: its nodes come by themselves.
      traces.trace(
          Traces.Category.REPLICA,
          2,
          () -> "the nodes of replica `" + replica + "' are not known:\n" + Exceptions.text(e));
    }
  }

  /** Unless it came by itself meanwhile, with a new address. */
  private void forget(String replica, ObjectEntry entry) {
    if (entry.equals(engine.tables().findObject(entry.id()))) {
      engine.submit(
          new Command.WithdrawWellKnown(
              List.of(entry.id(), new ObjectId("Registry-" + replica, names.instance()))));
    }
  }

  private void lookForAnotherMaster() {
    for (InternalRegistryPrx master : finder.find(RegistryNames.MASTER)) {
      if (isOwn(master) || stopped) {
        continue;
      }
      String text = communicator.proxyToString(master);
      try {
        master.ice_invocationTimeout(CALL_TIMEOUT_MILLIS).ice_ping();
      } catch (LocalException e) {
        reported.remove(text);
        continue; // somebody still knows a master that is gone
      }
      if (!reported.contains(text)) {
        reported.add(text);
        traces
            .logger()
            .error(
                "two masters: `"
                    + text
                    + "' is master of instance `"
                    + names.instance()
                    + "' too; stop one of them and restart it as a slave");
      }
      tell(master);
    }
  }

  /** A ZeroC master would lose a thread for ever over this call, so only our own kind is told. */
  private void tell(InternalRegistryPrx master) {
    try {
      master
          .ice_facet(RegistryNames.FIRN_FACET)
          .ice_invocationTimeout(CALL_TIMEOUT_MILLIS)
          .ice_ping();
      InternalRegistryPrx.uncheckedCast(master.ice_invocationTimeout(CALL_TIMEOUT_MILLIS))
          .registerWithReplica(
              InternalRegistryPrx.uncheckedCast(
                  internalAdapter.createDirectProxy(names.internalRegistry())));
    } catch (LocalException e) {
      traces.trace(
          Traces.Category.REPLICA,
          2,
          () -> "the other master was not told:\n" + Exceptions.text(e));
    }
  }
}
