package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ServantLocator;
import dev.firn.component.ServerProgram.StartException;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamConfig;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamStoreException;
import dev.firn.failover.StreamView;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.storage.LmdbStreamStore;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.LocatorProxies;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A state replicator: servants around an engine and a hub. */
final class Replicator implements ServerProgram.Server {
  static final String IDENTITY = "StateReplicator";
  static final String CONFIGURATION = ".Configuration";
  static final String CONFIGURATION_REPLICATOR = ".ConfigurationReplicator";
  private static final String CATEGORY = "StateReplicator";
  private static final String CONFIGURATION_CATEGORY = "Configuration";

  private final Communicator communicator;
  private final Logger logger;
  private final Configurations configurations;
  private final Map<String, ConfigurationServant> services = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "firn-replicator-timer");
            thread.setDaemon(true);
            return thread;
          });

  /** What configurations are found by besides the name of their stream; see {@link ParamsCodec}. */
  private final Map<String, String> paramsOf = new ConcurrentHashMap<>();

  private volatile @Nullable Streams observer;
  private @Nullable DirectoryLock lock;
  private @Nullable StreamEngine engine;
  private @Nullable StreamHub hub;
  private @Nullable ObjectAdapter adapter;
  private volatile @Nullable ServiceRegistrations registrations;

  Replicator(Communicator communicator) {
    this.communicator = communicator;
    this.logger = communicator.getLogger();
    this.configurations = new Configurations(communicator);
  }

  @Override
  public String start() {
    ReplicatorSettings settings = ReplicatorSettings.of(communicator.getProperties());
    Collection<String> unknown = ReplicatorSettings.unknown(communicator.getProperties());
    if (!unknown.isEmpty()) {
      logger.warning("these properties have no meaning: " + String.join(", ", unknown));
    }
    settings.prepare(communicator.getProperties());
    StreamEngine created = openEngine(settings);
    engine = created;
    ObjectAdapter opened = communicator.createObjectAdapter(ReplicatorSettings.ADAPTER);
    adapter = opened;
    Streams told = new Streams(opened, settings.register());
    observer = told;
    StreamHub streams =
        new StreamHub(
            StreamConfig.of(settings.ack()), logger, told, ServerProgram.halting(logger, IDENTITY));
    hub = streams;
    opened.add(
        new StateReplicatorServant(streams, name -> proxy(opened, name)),
        new Identity(IDENTITY, ""));
    opened.addDefaultServant(
        new StateStreamServant(created, streams, settings.limits()), StateStreamServant.CATEGORY);
    opened.addServantLocator(new ConfigurationObjects(created, streams), "");
    created.start(streams);
    if (settings.nodes().isAlone()) {
      // Who reads that it is ready may ask at once.
      streams.awaitServing();
    }
    opened.activate();
    return IDENTITY;
  }

  private StreamEngine openEngine(ReplicatorSettings settings) {
    try {
      Files.createDirectories(settings.data());
      lock = DirectoryLock.acquire(settings.data());
      LmdbStreamStore store = LmdbStreamStore.open(settings.data());
      return settings.nodes().isAlone()
          ? new LocalStreamEngine(
              store,
              settings.ack().isDurable(),
              logger::error,
              ServerProgram.halting(logger, IDENTITY))
          : new ReplicatedStreamEngine(communicator, settings.nodes(), store);
    } catch (IOException e) {
      close();
      throw new StartException("cannot make the directory " + settings.data() + ": " + e, e);
    } catch (DirectoryLockException | StreamStoreException e) {
      close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static StateStreamPrx proxy(ObjectAdapter adapter, String stream) {
    return StateStreamPrx.uncheckedCast(
        adapter.createProxy(new Identity(stream, StateStreamServant.CATEGORY)));
  }

  private ConfigurationServant service(String group, StreamEngine to, StreamHub streams) {
    return services.computeIfAbsent(
        group,
        name ->
            new ConfigurationServant(
                name,
                to,
                streams,
                configurations,
                new ConfigurationMembers(configurations, timer, logger),
                this::found));
  }

  /** Members say this at each registration, so it is not stored. Throws if it means nothing. */
  private void found(String group, String params) {
    new ParamsCodec(communicator).ofText(params);
    Streams told = observer;
    if (told != null && !params.equals(paramsOf.put(group, params))) {
      told.offerConfiguration(group);
    }
  }

  @Override
  public void close() {
    ServiceRegistrations registered = registrations;
    if (registered != null) {
      registered.unregisterAll().toCompletableFuture().join();
      registered.close();
    }
    timer.shutdownNow();
    if (adapter != null) {
      adapter.destroy();
    }
    if (hub != null) {
      hub.close();
    }
    if (engine != null) {
      engine.close();
    }
    if (lock != null) {
      lock.close();
    }
    registrations = null;
    adapter = null;
    engine = null;
    lock = null;
  }

  /** Registers what there is with the service locator, and brings configuration to members. */
  private final class Streams implements StreamHub.Observer {
    private final ObjectAdapter proxies;
    private final boolean register;

    Streams(ObjectAdapter proxies, boolean register) {
      this.proxies = proxies;
      this.register = register;
    }

    @Override
    public void serves(List<String> streams) {
      if (register) {
        registrations =
            new ServiceRegistrations(
                LocatorProxies.management(communicator), timer, logger, new Registrations());
      }
      offer(IDENTITY, proxies.createProxy(new Identity(IDENTITY, "")), CATEGORY, CATEGORY);
      streams.forEach(this::streamAdded);
    }

    @Override
    public void streamAdded(String stream) {
      offer("stream." + stream, proxy(proxies, stream), CATEGORY, stream);
      offerConfiguration(stream);
    }

    void offerConfiguration(String stream) {
      List<ServiceLocatorParams> params = new ArrayList<>();
      params.add(new ServiceLocatorParams(CONFIGURATION_CATEGORY, stream, ""));
      String own = paramsOf.getOrDefault(stream, "");
      if (!own.isEmpty()) {
        params.addAll(new ParamsCodec(communicator).ofText(own));
      }
      ServiceRegistrations to = registrations;
      if (to != null) {
        to.register(
            new ServiceOffer(
                stream + CONFIGURATION,
                proxies.createProxy(new Identity(stream + CONFIGURATION, "")),
                params,
                "",
                Optional.empty()));
      }
    }

    private void offer(String guid, ObjectPrx proxy, String category, String service) {
      ServiceRegistrations to = registrations;
      if (to != null) {
        to.register(ServiceOffer.of(guid, proxy, category, service, ""));
      }
    }

    @Override
    public void configured(StreamView configuration, Optional<StreamCommand.Configure> change) {
      String group = StreamState.group(configuration.name());
      StreamEngine to = engine;
      StreamHub streams = hub;
      if (to != null && streams != null) {
        service(group, to, streams).members().changed(configuration);
      }
    }

    @Override
    public void servesNothing() {
      paramsOf.clear();
      services.values().forEach(service -> service.members().clear());
      ServiceRegistrations to = registrations;
      if (to != null) {
        // Not unregistered: under the same names there may be the replicator that serves now.
        to.close();
        registrations = null;
      }
    }
  }

  /** Finds the objects {@code <stream>.Configuration} and {@code .ConfigurationReplicator}. */
  private final class ConfigurationObjects implements ServantLocator {
    private final StreamEngine to;
    private final StreamHub streams;

    ConfigurationObjects(StreamEngine to, StreamHub streams) {
      this.to = to;
      this.streams = streams;
    }

    @Override
    public LocateResult locate(Current current) {
      String name = current.id.name;
      com.zeroc.Ice.@Nullable Object servant = null;
      if (isOf(name, CONFIGURATION_REPLICATOR)) {
        servant =
            new ConfigurationServant.Replicator(
                service(without(name, CONFIGURATION_REPLICATOR), to, streams));
      } else if (isOf(name, CONFIGURATION)) {
        servant = service(without(name, CONFIGURATION), to, streams);
      }
      return new LocateResult(servant, null);
    }

    private boolean isOf(String name, String suffix) {
      return name.endsWith(suffix) && StateStreamServant.nameFault(without(name, suffix)).isEmpty();
    }

    private String without(String name, String suffix) {
      return name.substring(0, name.length() - suffix.length());
    }

    @Override
    public void finished(
        Current current, com.zeroc.Ice.Object servant, java.lang.@Nullable Object cookie) {}

    @Override
    public void deactivate(String category) {}
  }

  /** Says once that the locator is away, and once that it is back. */
  private final class Registrations implements ServiceRegistrations.Events {
    private boolean failing;

    @Override
    public synchronized void registered(String guid) {
      if (failing) {
        failing = false;
        logger.print("registered with the service locator again: " + guid);
      }
    }

    @Override
    public synchronized void failed(String guid, String reason) {
      if (!failing) {
        failing = true;
        logger.warning("cannot register with the service locator, trying again: " + reason);
      }
    }

    @Override
    public void refused(String guid, long currentEpoch) {
      logger.warning("the service locator has " + guid + " from epoch " + currentEpoch);
    }
  }
}
