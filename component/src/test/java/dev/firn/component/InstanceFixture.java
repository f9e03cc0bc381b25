package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ComponentServicePrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.Failover.V1.ManagedReplicaPrx;
import dev.firn.wire.Failover.V1.ReplicaState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One instance of a {@link TestComponent}, and somebody who calls it. */
abstract class InstanceFixture {
  static final String NAME = "test-1";

  final TestComponent component = new TestComponent();
  final int servicePort = freePort();
  final int locatorPort = freePort();
  Communicator server;
  Communicator client;
  @Nullable ComponentInstance instance;

  @BeforeEach
  void open() {
    server = communicator();
    client = communicator();
    set("Endpoints", "tcp -h 127.0.0.1 -p " + servicePort);
    set("Backplane.Endpoints", "tcp -h 127.0.0.1");
  }

  @AfterEach
  void close() {
    component.slowMayEnd.complete(null);
    if (instance != null) {
      instance.close();
    }
    server.destroy();
    client.destroy();
  }

  /** Where the instance logs, if not as usual. */
  Optional<Logger> logger() {
    return Optional.empty();
  }

  Communicator communicator() {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    logger().ifPresent(logger -> data.logger = logger);
    data.properties.setProperty("Ice.Default.InvocationTimeout", "60000");
    data.properties.setProperty("Ice.Default.Host", "127.0.0.1");
    data.properties.setProperty("Ice.Override.ConnectTimeout", "20000");
    data.properties.setProperty("Ice.RetryIntervals", "-1");
    data.properties.setProperty("Ice.Package.AsteriskSCF", "dev.firn.wire");
    data.properties.setProperty("Ice.Package.Failover", "dev.firn.wire");
    data.properties.setProperty(
        "ServiceLocatorManagementProxy",
        "LocatorServiceManagement:tcp -h 127.0.0.1 -p " + locatorPort);
    return Util.initialize(data);
  }

  static int freePort() {
    return TestPorts.free();
  }

  void set(String suffix, String value) {
    server.getProperties().setProperty(NAME + "." + suffix, value);
  }

  TestLocator locator() {
    return new TestLocator(client, locatorPort);
  }

  void start() {
    instance = ComponentInstance.start(server, NAME, component);
  }

  ComponentInstance instance() {
    return requireNonNull(instance);
  }

  ReplicaPrx replica() {
    return ReplicaPrx.uncheckedCast(client.stringToProxy(instance().replica().toString()));
  }

  ManagedReplicaPrx managed() {
    return ManagedReplicaPrx.uncheckedCast(replica().ice_facet("ha"));
  }

  ServiceLocatorParamsComparePrx fast() {
    return ServiceLocatorParamsComparePrx.uncheckedCast(
        client.stringToProxy("Fast:tcp -h 127.0.0.1 -p " + servicePort));
  }

  ComponentServicePrx slow() {
    return ComponentServicePrx.uncheckedCast(
        client.stringToProxy("Slow:tcp -h 127.0.0.1 -p " + servicePort));
  }

  boolean call() {
    return fast().isSupported(new ServiceLocatorParams());
  }

  void awaitStandby() {
    Eventually.await("standby", () -> managed().getStatus().state == ReplicaState.Standby);
  }

  static HttpResponse<String> get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
