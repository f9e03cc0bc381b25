package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.failover.RoleConfig;
import dev.firn.failover.RoleInput;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import dev.firn.wire.LocatorProxies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * All that one instance is made of, put together: what its role works with. The parts are safe from
 * any thread, and are there from the beginning to the end.
 */
final class InstanceParts implements StreamEvents, ServiceRegistrations.Events, Services.Listener {
  private static final String REPLICA_CATEGORY = "Replica";
  private static final String CONFIGURATION_CATEGORY = "Configuration";
  private static final String HA_FACET = "ha";
  private static final String LEASED_FACET = "leased";

  private final Communicator communicator;
  private final ComponentSettings settings;
  private final ReplicatedComponent component;
  private final InstanceThreads threads;
  private final ObjectAdapter backplane;
  private final RolePublisher publisher =
      new RolePublisher(StreamClientConfig.DEFAULTS.writer().limits());
  private final ComponentHooks hooks;
  private final RequestGate gate;
  private final ServiceAdapter adapter;
  private final ServiceRegistrations registrations;
  private final ServiceRegistrar registrar;
  private final ComparatorRegistrations comparators;
  private final ReplicaListeners listeners;
  private final Optional<ReplicaTopic> topic;
  private final ReplicaPrx replica;
  private final MemberConfigurationServant configuration;
  private final ConfigurationServicePrx configurationProxy;
  private final Optional<StreamClient> stream;
  private final EpochSource epochs;
  private final InstanceReport report;
  private final InstanceRole role;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();

  /**
   * @param backplane created, not active yet
   */
  InstanceParts(
      Communicator communicator,
      ComponentSettings settings,
      ReplicatedComponent component,
      InstanceThreads threads,
      ObjectAdapter backplane) {
    this.communicator = communicator;
    this.settings = settings;
    this.component = component;
    this.threads = threads;
    this.backplane = backplane;
    String name = settings.name();
    hooks = new ComponentHooks(component, publisher, threads.component(), threads.workers());
    gate = new RequestGate(() -> role().view(), () -> role().nowMillis());
    EpochRecord callers = new EpochRecord();
    adapter =
        new ServiceAdapter(
            communicator,
            name,
            settings.lateBind(),
            component.services(),
            servant -> new RoleInterceptor(servant, gate, callers, threads.workers()));
    ServiceLocatorManagementPrx locator = LocatorProxies.management(communicator);
    registrations =
        new ServiceRegistrations(locator, threads.timer(), communicator.getLogger(), this);
    registrar = new ServiceRegistrar(settings.group(), registrations, adapter, this::compareGuid);
    comparators = new ComparatorRegistrations(locator, threads.timer());
    listeners = new ReplicaListeners(threads.timer(), communicator.getLogger(), name);
    topic = topic();
    replica = ReplicaPrx.uncheckedCast(backplane.createProxy(new Identity(name + ".Replica", "")));
    configuration = new MemberConfigurationServant(this, new Configurations(communicator));
    configurationProxy =
        ConfigurationServicePrx.uncheckedCast(
            backplane.createProxy(MemberConfigurationServant.identity(name)));
    backplane.add(new ReplicaServant(this), replica.ice_getIdentity());
    backplane.addFacet(new ManagedReplicaServant(this), replica.ice_getIdentity(), HA_FACET);
    if (settings.managed()) {
      // So that tools see who gives the role.
      backplane.addFacet(new com.zeroc.Ice.Object() {}, replica.ice_getIdentity(), LEASED_FACET);
    }
    backplane.add(configuration, configurationProxy.ice_getIdentity());
    component
        .services()
        .comparators()
        .forEach((own, comparator) -> backplane.add(comparator, comparatorIdentity(own)));
    report =
        new InstanceReport(
            settings,
            this::role,
            this::progress,
            registrations,
            ManagedReplicaPrx.uncheckedCast(replica.ice_facet(HA_FACET)));
    role = new InstanceRole(this, roleConfig(), threads.role());
    stream = settings.publishes() ? Optional.of(connect()) : Optional.empty();
    epochs =
        stream.isPresent()
            ? new StreamEpochs(stream.get())
            : new LocatorEpochs(
                locator,
                backplane.addFacet(
                    new com.zeroc.Ice.Object() {},
                    replica.ice_getIdentity(),
                    "run-" + UUID.randomUUID()),
                settings.group(),
                settings.fencing(),
                settings.data(),
                threads.workers());
    component.services().listen(this);
  }

  private Optional<ReplicaTopic> topic() {
    if (settings.replicaTopic().isEmpty()) {
      return Optional.empty();
    }
    String own = ComponentProperty.REPLICA_TOPIC_MANAGER.nameFor(settings.name());
    String manager =
        communicator
            .getProperties()
            .getPropertyWithDefault(
                own, communicator.getProperties().getProperty("TopicManager.Proxy"));
    if (manager.isEmpty()) {
      throw new SettingsException(
          "property " + own + " is missing: the topic manager of " + settings.replicaTopic());
    }
    return Optional.of(
        new ReplicaTopic(
            communicator,
            manager,
            settings.replicaTopic(),
            InstanceThreads.factory("topic", settings.name())));
  }

  private RoleConfig roleConfig() {
    RoleConfig config = settings.standalone() ? RoleConfig.alone() : RoleConfig.member();
    return config
        .withReplicated(settings.publishes())
        .withManaged(settings.managed())
        .withFencing(settings.fencing())
        .withRequireLocator(settings.requireLocator())
        .withAllowUnsyncedActivate(settings.allowUnsyncedActivate())
        .withStopWhenUnprotected(settings.stopWhenUnprotected())
        .withTimeouts(
            settings.activateTimeout().toMillis(),
            settings.standbyTimeout().toMillis(),
            settings.catchUpTimeout().toMillis());
  }

  private StreamClient connect() {
    return new IceStreamClient(
        communicator,
        settings.name(),
        settings.stream(),
        StreamSource.located(
            communicator,
            new ServiceLookup(LocatorProxies.locator(communicator)),
            settings.stream(),
            settings.replicatorProxy()),
        backplane,
        this,
        StreamClientConfig.DEFAULTS.withWaitWhenUnprotected(settings.stopWhenUnprotected()));
  }

  Logger logger() {
    return communicator.getLogger();
  }

  /** Whether every input and output of the role is logged. */
  boolean traced() {
    return settings.trace() > 0;
  }

  ComponentSettings settings() {
    return settings;
  }

  InstanceRole role() {
    return role;
  }

  RequestGate gate() {
    return gate;
  }

  ComponentHooks hooks() {
    return hooks;
  }

  RolePublisher publisher() {
    return publisher;
  }

  ServiceAdapter adapter() {
    return adapter;
  }

  ServiceRegistrations registrations() {
    return registrations;
  }

  ServiceRegistrar registrar() {
    return registrar;
  }

  Services services() {
    return component.services();
  }

  Optional<StreamClient> stream() {
    return stream;
  }

  EpochSource epochs() {
    return epochs;
  }

  ReplicaPrx replica() {
    return replica;
  }

  Executor executor() {
    return threads.workers();
  }

  /** The last revision of the configuration that was applied. */
  long configurationRevision() {
    return configuration.revision();
  }

  /** Completes when a bug has made the role unusable; then nothing is served any more. */
  CompletableFuture<Void> failure() {
    return failure;
  }

  StreamProgress progress() {
    return stream.map(StreamClient::progress).orElse(StreamProgress.NONE);
  }

  Activation activation(long epoch) {
    return new Activation(settings.group(), settings.name(), epoch, publisher);
  }

  ReplicaStatus status() {
    return report.status();
  }

  CompletionStage<Void> configure(List<ConfigurationGroup> groups, long revision) {
    return hooks.configure(
        new ConfigView(settings.name(), groups, revision, communicator.getProperties()));
  }

  private Identity comparatorIdentity(String own) {
    return new Identity(settings.name() + "." + own, "comparator");
  }

  /** Each instance has comparators of its own, so that each goes with its process. */
  private String compareGuid(String named) {
    return component.services().comparators().containsKey(named)
        ? settings.name() + "." + named
        : named;
  }

  CompletionStage<Void> registerBackplane() {
    for (String own : component.services().comparators().keySet()) {
      comparators.register(
          compareGuid(own),
          ServiceLocatorParamsComparePrx.uncheckedCast(
              backplane.createProxy(comparatorIdentity(own))));
    }
    return registrations.register(
        ServiceOffer.of(
            settings.name() + ".Replica",
            replica,
            REPLICA_CATEGORY,
            settings.group(),
            settings.name()));
  }

  /**
   * Whose replicator keeps the configuration of all members; empty if this instance has its own.
   */
  Optional<StreamClient> configurator() {
    return settings.standalone() ? Optional.empty() : stream;
  }

  /** A member's service is known to the replicator only; that of a standalone one to all. */
  CompletionStage<Void> registerConfiguration() {
    if (configurator().isPresent()) {
      return configurator().get().registerConfiguration(withParams(configurationProxy));
    }
    // Whoever configures it comes when it can, so nothing waits for that.
    List<ServiceLocatorParams> params = new ArrayList<>();
    params.add(new ServiceLocatorParams(CONFIGURATION_CATEGORY, settings.group(), settings.name()));
    if (settings.publishes()) {
      // As the group's would be found.
      params.add(new ServiceLocatorParams(CONFIGURATION_CATEGORY, settings.stream(), ""));
    }
    params.addAll(component.services().configuration());
    registrations.register(
        new ServiceOffer(
            settings.name() + ".ConfigurationService",
            configurationProxy,
            params,
            "",
            Optional.empty()));
    return CompletableFuture.completedFuture(null);
  }

  /** The replicator registers the group's service with them, in the place of this instance. */
  private ConfigurationServicePrx withParams(ConfigurationServicePrx service) {
    List<ServiceLocatorParams> own = component.services().configuration();
    return own.isEmpty()
        ? service
        : service.ice_context(
            Map.of(MemberRegistration.PARAMS, new ParamsCodec(communicator).text(own)));
  }

  void addListener(@Nullable ReplicaListenerPrx listener) {
    if (topic.isPresent()) {
      topic.get().subscribe(listener);
    } else {
      listeners.add(listener);
    }
  }

  void removeListener(@Nullable ReplicaListenerPrx listener) {
    if (topic.isPresent()) {
      topic.get().unsubscribe(listener);
    } else {
      listeners.remove(listener);
    }
  }

  int listenerCount() {
    return listeners.count();
  }

  void notifyListeners(boolean active) {
    topic.ifPresentOrElse(
        through -> through.changed(active, replica), () -> listeners.changed(active, replica));
  }

  LeaseHost leases(LeaseHost.Role itsRole) {
    return new LeaseHost(
        communicator, settings, report::candidate, this::configurationRevision, itsRole);
  }

  /** At once and for good: whoever is asked from now on is not answered. */
  void stopServing() {
    gate.shut();
    hooks.readOnly();
    publisher.close();
    stream.ifPresent(StreamClient::stopPublishing);
    threads.workers().execute(() -> adapter.close(true));
    threads.workers().execute(registrar::unregister);
    failure.complete(null);
  }

  @Override
  public void added(Services.Service service) {
    adapter.added(service);
    registrar.added(service);
  }

  @Override
  public void removed(Identity identity) {
    registrar.removed(identity);
    adapter.removed(identity);
  }

  @Override
  public void registered(String guid) {
    logger().print("component: registered instance=" + settings.name() + " service=" + guid);
  }

  @Override
  public void failed(String guid, String reason) {
    registrar.failed(guid, reason);
  }

  @Override
  public void refused(String guid, long currentEpoch) {
    registrar.refused(guid, currentEpoch);
  }

  @Override
  public void found() {
    role.replicatorFound();
  }

  @Override
  public void lost(String reason) {
    role.replicatorLost(reason);
  }

  @Override
  public void stale(long epoch, long current) {
    role.stale(epoch, current);
  }

  @Override
  public void broken(Throwable bug) {
    role.broken("the stream of its state", bug);
  }

  @Override
  public void unprotected(String reason) {
    role.tell(new RoleInput.Unprotected(reason));
  }

  @Override
  public void protectedAgain() {
    role.tell(new RoleInput.ProtectedAgain());
  }

  @Override
  public void progressed(StreamProgress progress) {
    role.progressed();
  }

  /** The end, after the role's: what others know of this instance goes first. */
  void close() {
    topic.ifPresent(ReplicaTopic::close);
    stream.ifPresent(StreamClient::close);
    registrations.unregisterAll().toCompletableFuture().join();
    comparators.unregisterAll().toCompletableFuture().join();
    registrations.close();
    adapter.destroy();
    backplane.destroy();
  }
}
