package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.CommunicatorDestroyedException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import dev.firn.wire.Exceptions;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The two adapters of a service locator, with their objects. Ice's clients go on to the next
 * locator only where nobody listens, so one of several listens for look-ups once it has what the
 * others have, and for registrations while it can have them carried out.
 */
final class LocatorPorts {
  private static final String ENDPOINTS = "Firn.Locator.Endpoints";
  private static final String MANAGEMENT_ENDPOINTS = "Firn.Locator.Management.Endpoints";
  private static final Identity LOCATOR = new Identity("LocatorService", "");
  private static final Identity MANAGEMENT = new Identity("LocatorServiceManagement", "");

  /** An election takes less; requests that come meanwhile wait for its end. */
  private static final long PATIENCE_MILLIS = 2_000;

  private static final long RETRY_MILLIS = 1_000;

  private final Communicator communicator;
  private final ServiceDirectory directory;
  private final ServiceLiveness liveness;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread created = new Thread(task, "firn-locator-ports");
            created.setDaemon(true);
            return created;
          });

  // All of these belong to the thread.
  private @Nullable ObjectAdapter locator;
  private @Nullable ObjectAdapter management;

  /** Whether there is a group. */
  private boolean joined;

  /** Counts how often that has changed. */
  private long changes;

  /** Whether it is known which services answer. */
  private boolean known;

  LocatorPorts(Communicator communicator, ServiceDirectory directory, ServiceLiveness liveness) {
    this.communicator = communicator;
    this.directory = directory;
    this.liveness = liveness;
  }

  /** There is a group: both are to be open. Any thread; does not wait. */
  void joined() {
    Later.run(
        thread,
        () -> {
          joined = true;
          changes++;
          open();
        },
        0);
  }

  /** It is known which services answer: look-ups are answered from now on. */
  void known() {
    Later.run(
        thread,
        () -> {
          known = true;
          open();
        },
        0);
  }

  /** There is none: unless one comes soon, registrations are for others. Any thread. */
  void left() {
    Later.run(
        thread,
        () -> {
          joined = false;
          long change = ++changes;
          Later.run(thread, () -> closeManagement(change), PATIENCE_MILLIS);
        },
        0);
  }

  private void open() {
    if (!joined) {
      return;
    }
    try {
      if (management == null) {
        management = activated(management(communicator, directory, liveness));
      }
      if (locator == null && known) {
        locator = activated(locator(communicator, directory, liveness));
      }
    } catch (CommunicatorDestroyedException e) {
      // The end.
    } catch (LocalException e) {
      communicator
          .getLogger()
          .warning("cannot open a port, trying again: " + Exceptions.text(e).replace('\n', ' '));
      Later.run(thread, this::open, RETRY_MILLIS);
    }
  }

  private static ObjectAdapter activated(ObjectAdapter adapter) {
    try {
      adapter.activate();
      return adapter;
    } catch (LocalException e) {
      adapter.destroy();
      throw e;
    }
  }

  private void closeManagement(long change) {
    ObjectAdapter closed = management;
    if (changes == change && closed != null) {
      management = null;
      closed.destroy();
      communicator.getLogger().print("no group of locators: registrations are for others");
    }
  }

  /** Opens nothing any more; what is open ends with the communicator. */
  void close() {
    thread.shutdownNow();
  }

  /**
   * Finds out at the start whether the ports are to be had.
   *
   * @throws LocalException they are not, or their configuration is wrong
   */
  static void check(Communicator communicator) {
    adapter(communicator, LOCATOR, ENDPOINTS, "4411").destroy();
    adapter(communicator, MANAGEMENT, MANAGEMENT_ENDPOINTS, "4422").destroy();
  }

  /** The adapter for look-ups, not activated. */
  static ObjectAdapter locator(
      Communicator communicator, ServiceDirectory directory, ServiceLiveness liveness) {
    ObjectAdapter adapter = adapter(communicator, LOCATOR, ENDPOINTS, "4411");
    adapter.add(new ServiceLocatorServant(communicator, directory::table, liveness), LOCATOR);
    return adapter;
  }

  /** The adapter for registrations, not activated. */
  static ObjectAdapter management(
      Communicator communicator, ServiceDirectory directory, ServiceLiveness liveness) {
    ServiceRequests requests = new ServiceRequests(directory, liveness);
    ObjectAdapter adapter = adapter(communicator, MANAGEMENT, MANAGEMENT_ENDPOINTS, "4422");
    adapter.add(new ServiceLocatorManagementServant(requests), MANAGEMENT);
    adapter.addDefaultServant(
        new ServiceManagementServant(communicator, requests), ServiceManagementServant.CATEGORY);
    return adapter;
  }

  private static ObjectAdapter adapter(
      Communicator communicator, Identity name, String endpoints, String defaultPort) {
    Properties properties = communicator.getProperties();
    return communicator.createObjectAdapterWithEndpoints(
        name.name,
        properties.getPropertyWithDefault(endpoints, "tcp -h 127.0.0.1 -p " + defaultPort));
  }
}
