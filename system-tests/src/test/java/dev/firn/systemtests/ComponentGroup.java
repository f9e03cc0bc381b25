package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.component.ReplicatedComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A replica group of counters with its surroundings: a service locator, a state replicator, and
 * instances, each a process of {@code bin/firn}. What a test does not start is not there.
 */
final class ComponentGroup {
  static final String CONFIGURATION_SERVICE =
      "AsteriskSCF.System.Configuration.V1.ConfigurationService";

  private static final String FIRN = Implementation.HOME.resolve("bin/firn").toString();

  /** One instance: its ports stay, its process may be killed and started again. */
  final class Instance {
    final String name;
    final int servicePort = Ports.free();
    final int backplanePort = Ports.free();
    final int healthPort = Ports.free();
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private Class<? extends ReplicatedComponent> component = CountingComponent.class;
    private @Nullable ChildProcess process;

    private Instance(String name) {
      this.name = name;
      with("Endpoints", "tcp -h 127.0.0.1 -p " + servicePort);
      with("Backplane.Endpoints", "tcp -h 127.0.0.1 -p " + backplanePort);
      with("Health.Endpoint", "127.0.0.1:" + healthPort);
    }

    Instance with(String suffix, String value) {
      properties.put("--" + name + "." + suffix, value);
      return this;
    }

    Instance withGlobal(String property, String value) {
      properties.put("--" + property, value);
      return this;
    }

    /** Another component than the counting one. */
    Instance of(Class<? extends ReplicatedComponent> other) {
      component = other;
      return this;
    }

    Instance withEnvironment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /** What it is configured with, for a container that runs it. */
    Map<String, String> properties() {
      Map<String, String> all = new TreeMap<>();
      properties.forEach((option, value) -> all.put(option.substring(2), value));
      for (String proxy : locatorProxies()) {
        int equals = proxy.indexOf('=');
        all.put(proxy.substring(2, equals), proxy.substring(equals + 1));
      }
      return all;
    }

    /** Starts and waits until its role can be asked for. */
    Instance start() {
      begin();
      awaitReady(process(), name);
      return this;
    }

    Instance begin() {
      List<String> command = new ArrayList<>(List.of(FIRN, "component", "run"));
      command.add(component.getName());
      command.addAll(List.of("--name", name, "--classpath", classes().toString()));
      command.addAll(locatorProxies());
      // An instance's own proxies count, where it has some.
      properties.forEach((property, value) -> command.add(property + "=" + value));
      process = lab.process(name, command, environment);
      return this;
    }

    ChildProcess process() {
      if (process == null) {
        throw new IllegalStateException(name + " was never started");
      }
      return process;
    }

    /** The original interface of its role. */
    Remote replica(IceClient client) {
      return client.at(
          "AsteriskSCF.System.Component.V1.Replica",
          name + ".Replica:tcp -h 127.0.0.1 -p " + backplanePort);
    }

    Remote managed(IceClient client) {
      return client.at(
          "Failover.V1.ManagedReplica",
          name + ".Replica -f ha:tcp -h 127.0.0.1 -p " + backplanePort);
    }

    /** The counter at this instance, wherever else it may be. */
    Remote counter(IceClient client) {
      return client.at("Counting.Counter", "Counter:tcp -h 127.0.0.1 -p " + servicePort);
    }

    Json status(IceClient client) {
      return managed(client).call("getStatus");
    }

    String state(IceClient client) {
      return status(client).get("state").text();
    }

    void activate(IceClient client) {
      assertThat(replica(client).call("activate").bool())
          .as(() -> status(client).toString())
          .isTrue();
    }

    /** Every number from the one to the other, once, in order. */
    void count(IceClient client, long from, long to) {
      for (long i = from; i <= to; i++) {
        assertThat(counter(client).call("increment").number()).isEqualTo(i);
      }
    }

    /** Its own configuration service, behind the replicator's or the locator's back. */
    Remote configuration(IceClient client) {
      return client.at(
          CONFIGURATION_SERVICE,
          name + ".ConfigurationService:tcp -h 127.0.0.1 -p " + backplanePort);
    }

    void awaitState(IceClient client, String state) {
      Await.until(
          () -> name + " is " + status(client) + ", not " + state,
          Await.LIMIT,
          () -> state(client).equals(state));
    }

    /** Until it has what the active one has published; only that outlives the replicator in it. */
    void awaitInStepWith(Instance active, IceClient client) {
      Await.until(
          () -> name + " is " + status(client) + ", " + active.name + " " + active.status(client),
          Await.LIMIT,
          () ->
              status(client).get("appliedSeq").number()
                  == active.status(client).get("headSeq").number());
    }
  }

  private final Lab lab;
  private final int locatorPort = Ports.free();
  private final int managementPort = Ports.free();
  private final int replicatorPort = Ports.free();
  private final Path locatorData;
  private final Path replicatorData;
  private @Nullable ChildProcess replicator;
  private @Nullable LocatorTrio locators;

  ComponentGroup(Lab lab) {
    this.lab = lab;
    locatorData = lab.subdirectory("locator-data");
    replicatorData = lab.subdirectory("replicator-data");
  }

  /** Where the components of the tests are. */
  static Path classes() {
    return Path.of(
        CountingComponent.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** All jars of the image, as an element of a class path. */
  static String libraries() {
    return Implementation.HOME.resolve("dist/target/firn/lib").resolve("*").toString();
  }

  List<String> locatorProxies() {
    return List.of(
        "--ServiceLocatorProxy=" + locatorProxy(),
        "--ServiceLocatorManagementProxy=" + managementProxy());
  }

  String managementProxy() {
    return locators == null
        ? "LocatorServiceManagement:tcp -h 127.0.0.1 -p " + managementPort
        : locators.managementProxy();
  }

  String replicatorEndpoint() {
    return "tcp -h 127.0.0.1 -p " + replicatorPort;
  }

  /** The state of the group {@code counter}, at the replicator. */
  Remote stream(IceClient client) {
    return client.at("Failover.V1.StateStream", "stream/counter:" + replicatorEndpoint());
  }

  /** The configuration of the group {@code counter}, at the replicator. */
  Remote configuration(IceClient client) {
    return client.at(CONFIGURATION_SERVICE, "counter.Configuration:" + replicatorEndpoint());
  }

  String locatorProxy() {
    return locators == null
        ? "LocatorService:tcp -h 127.0.0.1 -p " + locatorPort
        : locators.proxy();
  }

  /** Several locators instead of one. */
  void use(LocatorTrio several) {
    locators = several;
  }

  ChildProcess startLocator() {
    ChildProcess started =
        lab.process(
            "locator",
            List.of(
                FIRN,
                "component",
                "locator",
                "--Firn.Locator.Data=" + locatorData,
                "--Firn.Locator.Endpoints=tcp -h 127.0.0.1 -p " + locatorPort,
                "--Firn.Locator.Management.Endpoints=tcp -h 127.0.0.1 -p " + managementPort));
    awaitReady(started, "the locator");
    return started;
  }

  ChildProcess startReplicator(String... properties) {
    List<String> command =
        new ArrayList<>(
            List.of(
                FIRN,
                "component",
                "replicator",
                "--Firn.Replicator.Data=" + replicatorData,
                "--Firn.Replicator.Endpoints=tcp -h 127.0.0.1 -p " + replicatorPort));
    command.addAll(locatorProxies());
    command.addAll(List.of(properties));
    ChildProcess started = lab.process("replicator", command);
    awaitReady(started, "the replicator");
    replicator = started;
    return started;
  }

  /** The one that was started last. */
  ChildProcess replicator() {
    return requireNonNull(replicator, "no replicator was started");
  }

  /** A member of the group {@code counter}, without a state unless it is told of a stream. */
  Instance instance(int number) {
    return new Instance("counter-" + number);
  }

  /** A member whose state is in the stream {@code counter}. */
  Instance member(int number) {
    return instance(number).with("StateReplicatorName", "counter");
  }

  private static void awaitReady(ChildProcess process, String what) {
    Await.until(
        what + " is ready",
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                what + " ended during its start:\n" + process.err() + process.out());
          }
          return process.out().contains(" ready\n");
        });
  }
}
