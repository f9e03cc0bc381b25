package dev.firn.registry;

import com.zeroc.Ice.ObjectAdapter;
import java.util.Optional;

/**
 * Admin sessions and all that belongs to them: permission verifiers, observers, log files, admin
 * routing, the reaper. The start sequence makes one and drives it:
 *
 * <ol>
 *   <li>{@link #prepare} before the communicator is made,
 *   <li>{@link #create} once it is,
 *   <li>{@link ObserverTopics#publish} with the initial tables, and ever after,
 *   <li>{@link #activate} with the adapters, before those are activated,
 *   <li>{@link #shutdown} after the communicator's shutdown.
 * </ol>
 */
final class Sessions {
  private final ObserverTopics topics;
  private final Reaper reaper;
  private final LogFiles logFiles;

  private Sessions(RegistryContext context) {
    topics = new ObserverTopics(context.communicator(), context.traces());
    reaper = new Reaper(context.traces().logger());
    logFiles = new LogFiles(context.communicator().getProperties());
  }

  /**
   * Takes the plug-ins out of a ZeroC configuration that exist there only as shared libraries and
   * that this registry replaces by its own code.
   */
  static void prepare(com.zeroc.Ice.Properties properties) {}

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
      Optional<ObjectAdapter> adminSessionManager) {}

  /** Ends all sessions without calling anybody. */
  void shutdown() {
    reaper.shutdown();
  }
}
