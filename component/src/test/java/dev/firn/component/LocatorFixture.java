package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.ComponentTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A service locator on loopback, and what tests need around it. */
final class LocatorFixture implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path data;
  private final int port = TestPorts.free();
  private final int managementPort = TestPorts.free();
  private final List<Communicator> communicators = new ArrayList<>();
  private final List<String> properties = new ArrayList<>();
  private @Nullable Communicator host;
  private @Nullable LocatorServer server;
  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final Communicator client = communicator(List.of());

  /**
   * @param data kept over restarts
   */
  LocatorFixture(Path data) {
    this.data = data;
  }

  LocatorFixture with(String property) {
    properties.add(property);
    return this;
  }

  LocatorFixture start() {
    List<String> settings = new ArrayList<>(properties);
    settings.add("Firn.Locator.Data=" + data);
    settings.add("Firn.Locator.Endpoints=tcp -h 127.0.0.1 -p " + port);
    settings.add("Firn.Locator.Management.Endpoints=tcp -h 127.0.0.1 -p " + managementPort);
    Communicator created = initialize(settings);
    LocatorServer locator = new LocatorServer(created);
    assertThat(locator.start()).isEqualTo("locator");
    host = created;
    server = locator;
    return this;
  }

  void stop() {
    if (server != null) {
      server.close();
    }
    if (host != null) {
      host.destroy();
    }
    server = null;
    host = null;
  }

  ServiceLocatorPrx locator() {
    return ServiceLocatorPrx.uncheckedCast(
        client.stringToProxy("LocatorService:tcp -h 127.0.0.1 -p " + port));
  }

  ServiceLocatorManagementPrx management() {
    return management(client);
  }

  ServiceLocatorManagementPrx management(Communicator communicator) {
    return ServiceLocatorManagementPrx.uncheckedCast(
        communicator.stringToProxy(
            "LocatorServiceManagement:tcp -h 127.0.0.1 -p " + managementPort));
  }

  /** A communicator that ends with the fixture. */
  Communicator communicator(List<String> settings) {
    Communicator created = initialize(settings);
    communicators.add(created);
    return created;
  }

  /** An object that answers pings, in its own communicator. */
  ObjectPrx service(Communicator communicator, String identity) {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx proxy = adapter.add(new com.zeroc.Ice.Object() {}, Util.stringToIdentity(identity));
    adapter.activate();
    return proxy;
  }

  /** Waits until a condition holds; what it throws of Ice counts as no. */
  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (LocalException e) {
        // Not yet.
      }
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    communicators.forEach(Communicator::destroy);
    stop();
  }

  private static Communicator initialize(List<String> settings) {
    Properties properties = Util.createProperties();
    properties.setProperty("Ice.Override.CloseTimeout", "1000");
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      properties.setProperty(setting.substring(0, equals), setting.substring(equals + 1));
    }
    ComponentTypes.prepare(properties);
    InitializationData data = new InitializationData();
    data.properties = properties;
    return Util.initialize(data);
  }
}
