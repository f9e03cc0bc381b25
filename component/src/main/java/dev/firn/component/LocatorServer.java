package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import dev.firn.model.MalformedEncodingException;
import dev.firn.storage.DirectoryLock;
import dev.firn.storage.DirectoryLockException;
import dev.firn.storage.LmdbRecordStore;
import dev.firn.storage.RecordStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
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
 *   <li>{@code LocatorService.*}, {@code LocatorServiceManagement.*}: what Ice knows of object
 *       adapters, such as {@code ThreadPool.Size} and {@code PublishedEndpoints}
 * </ul>
 */
final class LocatorServer implements ServerProgram.Server {
  private static final String ENDPOINTS = "Firn.Locator.Endpoints";
  private static final String MANAGEMENT_ENDPOINTS = "Firn.Locator.Management.Endpoints";
  private static final String DATA = "Firn.Locator.Data";
  private static final Identity LOCATOR = new Identity("LocatorService", "");
  private static final Identity MANAGEMENT = new Identity("LocatorServiceManagement", "");

  private final Communicator communicator;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "firn-locator-timer"));
  private @Nullable DirectoryLock lock;
  private @Nullable LmdbRecordStore store;
  private @Nullable ServiceDirectory directory;

  LocatorServer(Communicator communicator) {
    this.communicator = communicator;
  }

  @Override
  public String start() {
    Properties properties = communicator.getProperties();
    // The ports first: a second locator of the same configuration must not touch anything.
    ObjectAdapter locator =
        communicator.createObjectAdapterWithEndpoints(
            LOCATOR.name, properties.getPropertyWithDefault(ENDPOINTS, "tcp -h 127.0.0.1 -p 4411"));
    ObjectAdapter management =
        communicator.createObjectAdapterWithEndpoints(
            MANAGEMENT.name,
            properties.getPropertyWithDefault(MANAGEMENT_ENDPOINTS, "tcp -h 127.0.0.1 -p 4422"));
    ServiceObservers observers = new ServiceObservers(communicator);
    ServiceDirectory opened = open(properties.getProperty(DATA), observers);
    directory = opened;
    ServiceLiveness liveness = new ServiceLiveness(communicator, communicator.getLogger());
    ServiceRequests requests = new ServiceRequests(opened, liveness);
    locator.add(new ServiceLocatorServant(communicator, opened::table, liveness), LOCATOR);
    management.add(new ServiceLocatorManagementServant(requests), MANAGEMENT);
    management.addDefaultServant(
        new ServiceManagementServant(communicator, requests), ServiceManagementServant.CATEGORY);
    opened.start();
    liveness.start(opened.table().services(), timer);
    management.activate();
    locator.activate();
    return "locator";
  }

  private ServiceDirectory open(String data, ServiceObservers observers) {
    try {
      if (data.isEmpty()) {
        communicator
            .getLogger()
            .warning(DATA + " is not set: registrations are lost when this locator ends");
      } else {
        Path path = Path.of(data);
        Files.createDirectories(path);
        lock = DirectoryLock.acquire(path);
        store = LmdbRecordStore.open(path, ServiceRecords.KIND, ServiceRecords.FORMAT_VERSION);
      }
      return new ServiceDirectory(
          Optional.ofNullable(store),
          communicator.getLogger(),
          observers::tell,
          ServerProgram.halting(communicator.getLogger(), "the service locator"));
    } catch (DirectoryLockException
        | RecordStoreException
        | MalformedEncodingException
        | IOException
        | InvalidPathException e) {
      throw new ServerProgram.StartException(
          "cannot use the database of " + DATA + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    // Requests that are answered by the writer's thread come to their end first.
    communicator.shutdown();
    communicator.waitForShutdown();
    if (directory != null) {
      directory.close();
    }
    if (store != null) {
      store.close();
    }
    if (lock != null) {
      lock.close();
    }
  }
}
