package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Properties;
import dev.firn.replication.StoreException;
import dev.firn.storage.DirectoryLockException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a process that also does something else: with a node. It shares the process's
 * communicator and configuration.
 *
 * <p>{@link #start} and {@link #stop} belong to one thread.
 */
public final class CollocatedRegistry {
  private final RegistryProcess registry;

  private CollocatedRegistry(RegistryProcess registry) {
    this.registry = registry;
  }

  /** What a registry sets in a configuration before there is a communicator. */
  public static void prepare(Properties properties) {
    PropertyOverrides.beforeCommunicator(properties);
    Sessions.prepare(properties);
  }

  /**
   * Starts a registry. If it cannot start, nothing is left of it.
   *
   * @param initFrom the replica to take the database from, empty to keep the own
   * @param ended called on any thread once the registry is asked to end, or has to
   * @throws com.zeroc.Ice.InitializationException with the reason as its own
   * @throws com.zeroc.Ice.LocalException as Ice has it
   */
  public static CollocatedRegistry start(
      Communicator communicator,
      boolean nowarn,
      boolean readOnly,
      String initFrom,
      Runnable ended) {
    LocatorPrx locator = communicator.getDefaultLocator();
    RegistryProcess started = null;
    try {
      RegistrySettings settings =
          RegistrySettings.of(
              communicator.getProperties(),
              locator == null ? new Identity() : locator.ice_getIdentity());
      if (settings.names().master()) {
        communicator.setDefaultLocator(null);
      }
      started =
          new RegistryProcess(
              communicator,
              settings,
              new RegistryOptions(nowarn, readOnly, initFrom.isEmpty() ? null : initFrom));
      started.start(locator);
    } catch (ConfigurationException e) {
      throw failed(started, String.valueOf(e.getMessage()), e);
    } catch (StoreException | DirectoryLockException e) {
      throw failed(started, "couldn't open database:\n" + e.getMessage(), e);
    } catch (com.zeroc.Ice.LocalException e) {
      if (started != null) {
        started.stop();
      }
      throw e;
    }
    RegistryProcess running = started;
    Thread watch =
        new Thread(
            () -> {
              try {
                running.awaitShutdown();
                ended.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "firn-registry-end");
    watch.setDaemon(true);
    watch.start();
    return new CollocatedRegistry(running);
  }

  private static com.zeroc.Ice.InitializationException failed(
      @Nullable RegistryProcess started, String reason, Throwable cause) {
    if (started != null) {
      started.stop();
    }
    return new com.zeroc.Ice.InitializationException(reason, cause);
  }

  /** The locator of this registry. */
  public LocatorPrx locator() {
    return registry.locator();
  }

  /** The facets of the process's Admin object, by name; empty if it has none. */
  public Map<String, com.zeroc.Ice.Object> adminFacets() {
    return registry.adminFacets();
  }

  /** Ends the registry, and its communicator's adapters with it. Blocks. */
  public void stop() {
    registry.shutdown();
    registry.stop();
  }
}
