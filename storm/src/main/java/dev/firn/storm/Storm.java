package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceStorm.Finder;
import dev.firn.election.StateStoreException;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicStore;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.storage.InMemoryTopicStore;
import dev.firn.storage.LmdbTopicStore;
import dev.firn.wire.Exceptions;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One publish-subscribe service: starts everything in order, stops everything in order. Several may
 * run in one process; nothing is shared between them.
 *
 * <p>{@link #start} and {@link #stop} belong to one thread at a time.
 */
final class Storm {
  private static final String MANAGER = "TopicManager";
  private static final Identity FINDER = new Identity("Finder", "IceStorm");
  private static final String REPLICATED_POOL_MAX = "100";

  private final Communicator communicator;
  private final StormSettings settings;
  private final StormTraces traces;
  private final Logger logger;

  private @Nullable ObjectAdapter topicManagerAdapter;
  private @Nullable ObjectAdapter publishAdapter;
  private @Nullable DirectoryLock directoryLock;
  private @Nullable TopicStore store;
  private @Nullable TopicEngine engine;
  private @Nullable TopicServant topics;
  private @Nullable Delivery delivery;
  private Optional<StormMetrics> metrics = Optional.empty();

  /**
   * @param name the service's name: the prefix of its properties
   */
  Storm(Communicator communicator, String name) {
    this.communicator = communicator;
    this.logger = communicator.getLogger();
    this.settings = new StormSettings(communicator.getProperties(), name);
    this.traces = new StormTraces(communicator.getProperties(), name, logger);
  }

  /**
   * Starts; has released everything again when it fails.
   *
   * @throws FailureException why the service cannot start
   * @throws LocalException an adapter's configuration is missing or wrong
   */
  void start() {
    Properties properties = communicator.getProperties();
    warnOfUnknown(KnownProperties.unknown(properties, settings.service()));
    String poolMax = settings.service() + ".TopicManager.ThreadPool.SizeMax";
    if (settings.replicated() && properties.getProperty(poolMax).isEmpty()) {
      properties.setProperty(poolMax, REPLICATED_POOL_MAX);
    }
    boolean started = false;
    try {
      ObjectAdapter manager = createAdapter("TopicManager");
      topicManagerAdapter = manager;
      ObjectAdapter publish = createAdapter("Publish");
      publishAdapter = publish;
      start(manager, publish);
      started = true;
    } finally {
      if (!started) {
        stop();
      }
    }
  }

  private ObjectAdapter createAdapter(String name) {
    return communicator.createObjectAdapter(settings.service() + "." + name);
  }

  private void start(ObjectAdapter managerAdapter, ObjectAdapter publish) {
    try {
      Optional<Replication> replication =
          settings.replicated()
              ? Optional.of(Replication.prepare(settings, communicator, traces))
              : Optional.empty();
      TopicStore opened = openStore();
      store = opened;
      TopicEngine created =
          replication.isPresent()
              ? replication.get().engine(opened, managerAdapter)
              : new StandaloneEngine(opened, keySizeMax(), logger);
      engine = created;
      StormProxies proxies = new StormProxies(communicator, settings, managerAdapter, publish);
      TopicTraces topicTraces = new TopicTraces(traces, communicator, !settings.isTransient());
      TopicServant servant = new TopicServant(created, proxies, topicTraces);
      topics = servant;
      Delivery deliveries =
          new Delivery(
              DeliverySettings.of(settings, logger),
              communicator,
              publish,
              created,
              traces,
              logger);
      delivery = deliveries;
      managerAdapter.addDefaultServant(servant, "");
      managerAdapter.add(
          new TopicManagerServant(
              created, proxies, settings.instanceName(), replication.map(Replication::ownNode)),
          new Identity(MANAGER, settings.instanceName()));
      created.start(
          tables -> {
            topicTraces.update(tables);
            deliveries.update(tables);
          });
      metrics = StormMetrics.start(communicator, settings.service(), deliveries::topics);
      metrics.ifPresent(deliveries::meter);
      managerAdapter.add((Finder) current -> proxies.replicatedManager(), FINDER);
      managerAdapter.activate();
      publish.activate();
    } catch (ReplicationStartException e) {
      throw new FailureException(e.getMessage(), e);
    } catch (LocalException
        | StateStoreException
        | DirectoryLockException
        | IllegalArgumentException e) {
      throw new FailureException(
          "exception while starting IceStorm service "
              + settings.service()
              + ":\n"
              + (e instanceof LocalException ? Exceptions.text(e) : e.getMessage()),
          e);
    }
  }

  private TopicStore openStore() {
    if (settings.isTransient()) {
      return InMemoryTopicStore.unlimited();
    }
    directoryLock = DirectoryLock.acquire(settings.directory());
    LmdbTopicStore opened =
        LmdbTopicStore.open(
            settings.directory(), Math.max(0, settings.integer(StormProperty.LMDB_MAP_SIZE)));
    opened.warnings().forEach(logger::warning);
    return opened;
  }

  private int keySizeMax() {
    return settings.isTransient() ? Integer.MAX_VALUE : TopicCommand.KEY_SIZE_MAX;
  }

  private void warnOfUnknown(Collection<String> unknown) {
    if (!unknown.isEmpty()) {
      logger.warning(
          "found unknown properties for IceStorm service '"
              + settings.service()
              + "':\n    "
              + String.join("\n    ", unknown));
    }
  }

  /**
   * Stops, also what was started only in part: waiting requests are refused, queued events leave
   * within the limit, then everything is closed. May be called twice.
   */
  void stop() {
    if (engine != null && settings.replicated()) {
      engine.shutdown();
    }
    if (topics != null) {
      topics.refuseWaiting();
    }
    destroy(topicManagerAdapter);
    destroy(publishAdapter);
    if (delivery != null && !delivery.stop(settings.drainLimit())) {
      logger.warning(
          "events of IceStorm service '"
              + settings.service()
              + "' were still queued after "
              + settings.drainLimit().toSeconds()
              + " s, and are lost");
    }
    delivery = null;
    metrics.ifPresent(StormMetrics::stop);
    metrics = Optional.empty();
    if (engine != null) {
      engine.shutdown();
    }
    if (store != null) {
      store.close();
    }
    store = null;
    if (directoryLock != null) {
      directoryLock.close();
    }
    directoryLock = null;
  }

  private static void destroy(@Nullable ObjectAdapter adapter) {
    if (adapter != null) {
      adapter.destroy();
    }
  }
}
