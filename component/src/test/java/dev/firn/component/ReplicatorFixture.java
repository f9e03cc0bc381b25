package dev.firn.component;

import com.zeroc.Ice.Communicator;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A state replicator and a service locator on loopback, and instances of their group. */
final class ReplicatorFixture implements AutoCloseable {
  static final String STREAM = "test";

  final LocatorFixture locator;
  private final Path data;
  private final int port = TestPorts.free();
  private final List<ComponentInstance> instances = new ArrayList<>();
  private @Nullable Replicator replicator;

  ReplicatorFixture(Path directory) {
    locator = new LocatorFixture(directory.resolve("locator")).start();
    data = directory.resolve("replicator");
  }

  ReplicatorFixture start() {
    Replicator started =
        new Replicator(
            locator.communicator(
                List.of(
                    "Firn.Replicator.Data=" + data,
                    "Firn.Replicator.Endpoints=" + endpoint(),
                    "ServiceLocatorManagementProxy=" + locator.management())));
    started.start();
    replicator = started;
    return this;
  }

  void stop() {
    if (replicator != null) {
      replicator.close();
    }
    replicator = null;
  }

  String endpoint() {
    return "tcp -h 127.0.0.1 -p " + port;
  }

  /** The configuration of the group, at the replicator. */
  ConfigurationServicePrx configuration() {
    return ConfigurationServicePrx.uncheckedCast(
        locator.client.stringToProxy(STREAM + ".Configuration:" + endpoint()));
  }

  /** One item, of a group that anybody may have. */
  static ConfigurationGroup[] item(String name, int serial) {
    Map<String, ConfigurationItem> items = new HashMap<>();
    items.put(name, new ConfigurationItem(serial));
    return new ConfigurationGroup[] {new ConfigurationGroup(items)};
  }

  /**
   * An instance whose state is in the stream.
   *
   * @param own properties, without its name
   */
  ComponentInstance instance(String name, ReplicatedComponent component, String... own) {
    List<String> properties =
        new ArrayList<>(
            List.of(
                name + ".Endpoints=tcp -h 127.0.0.1 -p " + TestPorts.free(),
                name + ".Backplane.Endpoints=tcp -h 127.0.0.1",
                name + ".StateReplicatorName=" + STREAM,
                "ServiceLocatorProxy=" + locator.locator(),
                "ServiceLocatorManagementProxy=" + locator.management()));
    for (String property : own) {
      properties.add(name + "." + property);
    }
    Communicator communicator = locator.communicator(properties);
    ComponentInstance started = ComponentInstance.start(communicator, name, component);
    instances.add(started);
    return started;
  }

  @Override
  public void close() {
    instances.forEach(ComponentInstance::close);
    stop();
    locator.close();
  }
}
