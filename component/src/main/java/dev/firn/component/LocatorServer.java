package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.component.ServerProgram.StartException;
import dev.firn.election.StateStoreException;
import dev.firn.model.MalformedEncodingException;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.storage.RecordStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The service locator. Properties:
 *
 * <ul>
 *   <li>{@code Firn.Locator.Endpoints}: of the object {@code LocatorService}; default {@code tcp -h
 *       127.0.0.1 -p 4411}
 *   <li>{@code Firn.Locator.Management.Endpoints}: of {@code LocatorServiceManagement}; default
 *       {@code tcp -h 127.0.0.1 -p 4422}
 *   <li>{@code Firn.Locator.Data}: directory of the database; without it registrations are kept in
 *       memory only
 *   <li>{@code Firn.Locator.Events.NAME}: an observer's proxy
 *   <li>{@code Firn.Locator.Nodes.ID} and {@code NodeId}: where there are several, see {@link
 *       ReplicaNodes}
 *   <li>{@code LocatorService.*}, {@code LocatorServiceManagement.*}: what Ice knows of object
 *       adapters, such as {@code ThreadPool.Size} and {@code PublishedEndpoints}
 * </ul>
 */
final class LocatorServer implements ServerProgram.Server {
  static final String PREFIX = "Firn.Locator";
  private static final String DATA = PREFIX + ".Data";
  private static final List<String> KNOWN = List.of("Data", "Endpoints", "Management.Endpoints");

  private final Communicator communicator;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "firn-locator-timer"));
  private @Nullable DirectoryLock lock;
  private @Nullable ServiceDirectory directory;
  private @Nullable LocatorPorts ports;

  LocatorServer(Communicator communicator) {
    this.communicator = communicator;
  }

  @Override
  public String start() {
    ReplicaNodes nodes = ReplicaNodes.of(communicator.getProperties(), PREFIX, "locator");
    ServiceObservers observers = new ServiceObservers(communicator);
    warnOfUnknown();
    Optional<ServiceStore> store =
        open(communicator.getProperties().getProperty(DATA), nodes.isAlone());
    if (nodes.isAlone()) {
      startAlone(store, observers);
    } else {
      startGroup(
          nodes,
          store.orElseThrow(
              () ->
                  new StartException(
                      DATA
                          + " is not set: the directory in which what locators agree on survives")),
          observers);
    }
    return "locator";
  }

  private void warnOfUnknown() {
    Set<String> unknown = new TreeSet<>();
    String prefix = PREFIX + ".";
    for (String name : communicator.getProperties().getPropertiesForPrefix(prefix).keySet()) {
      String suffix = name.substring(prefix.length());
      if (!KNOWN.contains(suffix)
          && !ReplicaNodes.isKnown(suffix)
          && !suffix.startsWith("Events.")) {
        unknown.add(name);
      }
    }
    if (!unknown.isEmpty()) {
      communicator
          .getLogger()
          .warning("these properties have no meaning: " + String.join(", ", unknown));
    }
  }

  private Optional<ServiceStore> open(String data, boolean alone) {
    if (data.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(data);
      Files.createDirectories(path);
      lock = DirectoryLock.acquire(path);
      return Optional.of(ServiceStore.open(path, alone));
    } catch (DirectoryLockException
        | RecordStoreException
        | StateStoreException
        | MalformedEncodingException
        | IOException
        | InvalidPathException e) {
      throw new StartException("cannot use the database of " + DATA + ": " + e.getMessage(), e);
    }
  }

  private void startAlone(Optional<ServiceStore> store, ServiceObservers observers) {
    if (store.isEmpty()) {
      communicator
          .getLogger()
          .warning(DATA + " is not set: registrations are lost when this locator ends");
    }
    LocalServiceDirectory opened =
        new LocalServiceDirectory(
            store,
            communicator.getLogger(),
            observers::tell,
            ServerProgram.halting(communicator.getLogger(), "the service locator"));
    directory = opened;
    ServiceLiveness liveness =
        new ServiceLiveness(communicator, communicator.getLogger(), opened::table);
    ObjectAdapter locator = LocatorPorts.locator(communicator, opened, liveness);
    ObjectAdapter management = LocatorPorts.management(communicator, opened, liveness);
    opened.start();
    liveness.start(timer);
    management.activate();
    locator.activate();
  }

  private void startGroup(ReplicaNodes nodes, ServiceStore store, ServiceObservers observers) {
    LocatorPorts.check(communicator);
    ReplicatedServiceDirectory opened =
        new ReplicatedServiceDirectory(communicator, nodes, store, observers::tell);
    directory = opened;
    ServiceLiveness liveness =
        new ServiceLiveness(communicator, communicator.getLogger(), opened::table);
    LocatorPorts opening = new LocatorPorts(communicator, opened, liveness);
    ports = opening;
    opened.start(
        new ReplicatedServiceDirectory.Listener() {
          private boolean started;

          @Override
          public void joined() {
            opening.joined();
            if (!started) {
              started = true;
              liveness.start(timer).thenRun(opening::known);
            }
            communicator
                .getLogger()
                .print("locator " + nodes.self() + ": the coordinator is " + opened.coordinator());
          }

          @Override
          public void left() {
            opening.left();
          }
        });
  }

  @Override
  public void close() {
    if (ports != null) {
      ports.close();
      // Requests that wait for a group have an answer then.
      closeDirectory();
    }
    timer.shutdownNow();
    // Requests that are answered by the writer's thread come to their end first.
    communicator.shutdown();
    communicator.waitForShutdown();
    closeDirectory();
    if (lock != null) {
      lock.close();
    }
  }

  private void closeDirectory() {
    ServiceDirectory opened = directory;
    directory = null;
    if (opened != null) {
      opened.close();
    }
  }
}
