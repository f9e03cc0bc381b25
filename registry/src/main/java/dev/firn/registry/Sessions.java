package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import java.util.Map;
import java.util.Optional;

/**
 * Sessions of clients and administrators and all that belongs to them: permission verifiers,
 * allocation, observers, log files, admin routing, the reaper. The start sequence makes one and
 * drives it:
 *
 * <ol>
 *   <li>{@link #prepare} before the communicator is made,
 *   <li>{@link #create} once it is,
 *   <li>{@link ObserverTopics#publish} and {@link Allocatables#update} with the initial tables, and
 *       ever after,
 *   <li>{@link #activate} with the adapters, before those are activated,
 *   <li>{@link #deactivate} before the communicator's shutdown,
 *   <li>{@link #shutdown} after it.
 * </ol>
 */
final class Sessions {
  private final RegistryContext context;
  private final ObserverTopics topics;
  private final Reaper reaper;
  private final LogFiles logFiles;
  private final Verifiers verifiers;
  private final PendingAnswers pending = new PendingAnswers();
  private final SessionServices services;
  private final Allocatables allocatables;
  private final ClientSessionServant.Services clientServices;

  private Sessions(RegistryContext context) {
    this.context = context;
    Communicator communicator = context.communicator();
    verifiers = Verifiers.load(communicator, context.instanceName(), context.nowarn());
    topics = new ObserverTopics(communicator, context.traces());
    topics.registryUp(context.registryInfo());
    reaper = new Reaper(context.traces().logger());
    logFiles = new LogFiles(communicator.getProperties());
    services = new SessionServices(context, topics, new ExclusiveLock(), reaper, logFiles, pending);
    AllocatedProxies proxies = new AllocatedProxies(communicator);
    allocatables = new Allocatables(context, proxies, reaper::schedule);
    clientServices =
        new ClientSessionServant.Services(
            context.traces(), pending, allocatables.allocator(), proxies);
  }

  /**
   * Takes the plug-ins out of a ZeroC configuration that exist there only as shared libraries and
   * that this registry replaces by its own code.
   */
  static void prepare(Properties properties) {
    CryptPlugin.remove(properties);
  }

  /**
   * Reads password files, starts the reaper; contacts nobody.
   *
   * @throws com.zeroc.Ice.PluginInitializationException if a password file cannot be read
   */
  static Sessions create(RegistryContext context) {
    return new Sessions(context);
  }

  /** Where the owner of the tables reports changes, and the replication its slaves. */
  ObserverTopics topics() {
    return topics;
  }

  /** What clients may allocate: to be told of changes of the tables. */
  Allocatables allocatables() {
    return allocatables;
  }

  /** Also for the sessions of slaves. */
  Reaper reaper() {
    return reaper;
  }

  /** For the InternalRegistry servant. */
  LogFiles logFiles() {
    return logFiles;
  }

  /**
   * Adds the servants: {@code I/Registry[-r]} and the session servants on {@code client}, the
   * callback router on {@code server}, session managers on the other two; starts to contact the
   * permission verifiers, in the background.
   *
   * @param sessionManager for Glacier2 client sessions, if configured
   * @param adminSessionManager for Glacier2 admin sessions, if configured
   */
  void activate(
      ObjectAdapter client,
      ObjectAdapter server,
      Optional<ObjectAdapter> sessionManager,
      Optional<ObjectAdapter> adminSessionManager) {
    verifiers.contact(context.verifierLocator());
    AdminCallbackRouter callbacks =
        new AdminCallbackRouter(server, context.instanceName(), pending);
    server.addDefaultServant(callbacks, "");
    Map<String, com.zeroc.Ice.Object> routers = AdminRouter.all(context, pending);
    SessionServants servants = new SessionServants(client, context.instanceName(), true, routers);
    client.addServantLocator(servants, "");
    client.add(registry(servants, callbacks), identity("Registry"));
    sessionManager.filter(adapter -> context.master()).ifPresent(this::addSessionManagers);
    adminSessionManager.ifPresent(adapter -> addAdminSessionManagers(adapter, routers));
  }

  /** Nothing is told to observers any more, and answers that wait for others are given up. */
  void deactivate() {
    topics.shutdown();
    allocatables.allocator().shutdown();
    pending.giveUp();
  }

  /** Ends all sessions without calling anybody. */
  void shutdown() {
    deactivate();
    reaper.shutdown();
    verifiers.shutdown();
  }

  private RegistryServant registry(SessionServants servants, AdminCallbackRouter callbacks) {
    return new RegistryServant(
        context,
        verifiers,
        new LoginThrottle(LoginThrottle.Limits.DEFAULT, System::nanoTime, reaper::schedule),
        new ClientSessionFactory(services, servants, clientServices),
        new AdminSessionFactory(services, servants, callbacks),
        pending,
        services.sessionTimeoutSeconds());
  }

  private void addSessionManagers(ObjectAdapter adapter) {
    SessionServants servants =
        new SessionServants(adapter, context.instanceName(), false, Map.of());
    adapter.addServantLocator(servants, "");
    GlacierSessions sessions =
        new GlacierSessions(
            services,
            filters("SessionFilters"),
            userId -> new GlacierClientSession(userId, servants, context, clientServices));
    addManagers(adapter, "SessionManager", "SSLSessionManager", sessions);
  }

  private void addAdminSessionManagers(
      ObjectAdapter adapter, Map<String, com.zeroc.Ice.Object> routers) {
    SessionServants servants = new SessionServants(adapter, context.instanceName(), false, routers);
    adapter.addServantLocator(servants, "");
    GlacierSessions sessions =
        new GlacierSessions(
            services,
            filters("AdminSessionFilters"),
            userId -> new GlacierAdminSession(userId, servants, services));
    addManagers(adapter, "AdminSessionManager", "AdminSSLSessionManager", sessions);
  }

  private void addManagers(
      ObjectAdapter adapter, String name, String sslName, GlacierSessions sessions) {
    adapter.add(new SessionManagerServant(sessions), identity(name));
    adapter.add(
        new SslSessionManagerServant(sessions, context.traces().logger()), identity(sslName));
  }

  private boolean filters(String property) {
    return context.communicator().getProperties().getPropertyAsInt("IceGrid.Registry." + property)
        > 0;
  }

  /** A slave's own objects carry its name. */
  private Identity identity(String name) {
    return new Identity(
        context.master() ? name : name + "-" + context.replicaName(), context.instanceName());
  }
}
