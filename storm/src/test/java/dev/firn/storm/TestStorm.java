package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import com.zeroc.IceStorm.TopicManagerPrx;
import java.nio.file.Path;
import java.util.Optional;

/** A service named IceStorm on loopback, with a communicator of its own and one for its clients. */
final class TestStorm implements AutoCloseable {
  static final String SERVICE = "IceStorm";

  final String managerEndpoint = "tcp -h 127.0.0.1 -p " + TestReplicas.freePort();
  private final RecordingStormLogger logger = new RecordingStormLogger();
  private final InitializationData data = new InitializationData();
  private Optional<Communicator> communicator = Optional.empty();
  private Optional<Communicator> client = Optional.empty();
  private Optional<StormService> service = Optional.empty();

  private TestStorm() {
    data.properties = Util.createProperties();
    data.logger = logger;
    with("TopicManager.Endpoints", managerEndpoint);
    with("Publish.Endpoints", "tcp -h 127.0.0.1");
    property("Ice.Warn.Dispatch", "0");
    property("Ice.Override.CloseTimeout", "1000");
  }

  static TestStorm persistent(Path directory) {
    return new TestStorm().with("LMDB.Path", directory.toString());
  }

  static TestStorm inMemory() {
    return new TestStorm().with("Transient", "1");
  }

  /** Sets a property of the service. */
  TestStorm with(String suffix, String value) {
    return property(SERVICE + "." + suffix, value);
  }

  TestStorm property(String name, String value) {
    data.properties.setProperty(name, value);
    return this;
  }

  TestStorm start() {
    Communicator created = Util.initialize(data);
    communicator = Optional.of(created);
    client = Optional.of(Util.initialize());
    StormService starting = new StormService(created);
    starting.start(SERVICE, created, new String[0]);
    service = Optional.of(starting);
    return this;
  }

  /** The manager for the clients, by way of the wire. */
  TopicManagerPrx manager() {
    String instance = data.properties.getPropertyWithDefault(SERVICE + ".InstanceName", SERVICE);
    return TopicManagerPrx.uncheckedCast(
        client().stringToProxy(instance + "/TopicManager:" + managerEndpoint));
  }

  /** The communicator of the service. */
  Communicator communicator() {
    return communicator.orElseThrow();
  }

  Communicator client() {
    return client.orElseThrow();
  }

  RecordingStormLogger logger() {
    return logger;
  }

  /** Stops the service as an IceBox would. */
  void stop() {
    service.ifPresent(StormService::stop);
    service = Optional.empty();
  }

  @Override
  public void close() {
    stop();
    client.ifPresent(Communicator::destroy);
    communicator.ifPresent(Communicator::destroy);
  }
}
