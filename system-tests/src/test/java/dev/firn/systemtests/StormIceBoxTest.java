package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service in its container: configuration, errors of the start, metrics, and its end. */
@EachImplementation
class StormIceBoxTest {
  private Implementation implementation;
  private Lab lab;
  private IceClient client;

  @Initializer
  void start(Implementation implementation) {
    this.implementation = implementation;
  }

  @BeforeEach
  void open() {
    lab = new Lab();
    client = lab.client();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private StormProcess service(String name) {
    return lab.storm(implementation, name, name);
  }

  private Remote iceBox(StormProcess process, String facet) {
    return client.at(
        "IceBox.ServiceManager",
        "IceBox/admin -f \"" + facet + "\":tcp -h 127.0.0.1 -p " + process.adminPort());
  }

  @Test
  void severalServicesShareAProcess() {
    StormProcess one = service("One");
    StormProcess two = service("Two").with("InstanceName", "Second");
    two.writeConfiguration();
    one.withIceBox("IceBox.Service.Two", two.entryPoint());
    one.withIceBox("IceBox.LoadOrder", "One,Two").start();
    Remote first = client.at("IceStorm.TopicManager", one.manager());
    Remote second = client.at("IceStorm.TopicManager", two.manager());
    first.call("create", "same");
    Remote inSecond = client.at("IceStorm.Topic", second.call("create", "same"));
    assertThat(inSecond.proxy()).startsWith("Second/topic.same");
    EventSubscriber subscriber = lab.client().subscriber("listener");
    inSecond.call("subscribeAndGetPublisher", Map.of(), subscriber.twoway());
    client
        .at("IceStorm.Topic", first.call("retrieve", "same"))
        .call("link", proxyOf(inSecond.proxy(), "IceStorm.Topic"), 0);
    client.publish(client.object("IceStorm/same.publish:" + one.publishEndpoint()), "e", 0, 10);
    subscriber.awaitAll(0, 10);
    if (implementation == Implementation.ZEROC) {
      // The process crashes when one of its services ends: they share something global.
      return;
    }
    iceBox(one, "IceBox.ServiceManager").call("stopService", "One");
    assertThat(first.failure("ice_ping").type()).isEqualTo("Ice.ConnectionRefusedException");
    client.publish(client.object("Second/same.publish:" + two.publishEndpoint()), "e", 10, 10);
    subscriber.awaitAll(0, 20);
    second.call("create", "another");
    iceBox(one, "IceBox.ServiceManager").call("startService", "One");
    assertThat(first.call("retrieveAll").has("same")).isTrue();
    one.terminate();
  }

  @Test
  void theServiceManagerEndsTheProcess() {
    StormProcess process = service("Ending").start();
    iceBox(process, "IceBox.ServiceManager").call("shutdown");
    assertThat(process.awaitExit()).isZero();
  }

  @Test
  void unknownPropertiesAreToldAndDoNoHarm() {
    StormProcess process =
        service("Known")
            .with("Frobnicate", "1")
            .with("Send.QueueSizeMin", "2")
            .with("Nodes.17", "whatever")
            .with("TopicManager.ThreadPool.Size", "2")
            .start();
    assertThat(process.console())
        .containsPattern(
            "-! .*found unknown properties for IceStorm service 'Known':\\s+"
                + "Known\\.Frobnicate\\s+Known\\.Send\\.QueueSizeMin\\s")
        .doesNotContain("Known.Nodes.17")
        .doesNotContain("    Known.TopicManager.ThreadPool.Size");
    process.terminate();
  }

  @Test
  void metricsCountTopicsAndSubscribers() {
    StormProcess process = service("IceStorm");
    for (String map : List.of("Topic", "Subscriber")) {
      process.withGlobal("IceMX.Metrics.All.Map." + map + ".GroupBy", "id");
    }
    process
        .withGlobal("IceMX.Metrics.All.GroupBy", "none")
        .withGlobal("IceMX.Metrics.ByQos.Map.Subscriber.GroupBy", "topic")
        .start();
    Remote topic =
        client.at(
            "IceStorm.Topic",
            client.at("IceStorm.TopicManager", process.manager()).call("create", "measured"));
    EventSubscriber subscriber = lab.client().subscriber("measuredBy");
    topic.call("subscribeAndGetPublisher", Map.of(), subscriber.twoway());
    client.publish(
        client.object("IceStorm/measured.publish:" + process.publishEndpoint()), "e", 0, 7);
    subscriber.awaitAll(0, 7);
    Remote metrics =
        client.at(
            "IceMX.MetricsAdmin",
            "IceBox/admin -f IceBox.Service.IceStorm.Metrics:tcp -h 127.0.0.1 -p "
                + process.adminPort());
    Await.asserted(
        () -> {
          Json view = metrics.call("getMetricsView", "All").item(0);
          assertThat(view.get("Topic").items()).hasSize(1);
          assertThat(view.get("Subscriber").items()).hasSize(1);
          Json topics = view.get("Topic").item(0);
          assertThat(topics.get("id").text()).isEqualTo("measured");
          assertThat(topics.get("published").number()).isEqualTo(7);
          assertThat(topics.get("forwarded").number()).isZero();
          assertThat(topics.get("current").number()).isEqualTo(1);
          Json subscribers = view.get("Subscriber").item(0);
          assertThat(subscribers.get("id").text()).startsWith("measuredBy -t");
          assertThat(subscribers.get("delivered").number()).isEqualTo(7);
          assertThat(subscribers.get("queued").number()).isZero();
          assertThat(subscribers.get("outstanding").number()).isZero();
        });
    process.terminate();
  }

  @Test
  void mistakesInTheConfigurationEndTheStartWithTheReason() {
    int node = Ports.free();
    UnaryOperator<StormProcess> replicated =
        process ->
            process
                .with("NodeId", "1")
                .with("Node.Endpoints", "tcp -h 127.0.0.1 -p " + node)
                .with("Nodes.1", "IceStorm/node1:tcp -h 127.0.0.1 -p " + node)
                .with("Nodes.2", "IceStorm/node2:tcp -h 127.0.0.1 -p 1");
    Map<UnaryOperator<StormProcess>, String> mistakes = new LinkedHashMap<>();
    mistakes.put(process -> process.with("LMDB.Path", "/absent/directory"), "");
    mistakes.put(process -> process.without("TopicManager.Endpoints"), "requires configuration");
    mistakes.put(process -> process.without("Publish.Endpoints"), "requires configuration");
    mistakes.put(replicated, "Replication requires at least 3 Nodes");
    mistakes.put(
        process ->
            replicated
                .apply(process)
                .with("NodeId", "7")
                .with("Nodes.3", "IceStorm/node3:tcp -h 127.0.0.1 -p 1"),
        implementation == Implementation.FIRN ? "7" : "");
    mistakes.put(
        process -> process.with("NodeId", "1").with("Node.Endpoints", "tcp -h 127.0.0.1"),
        "IceGrid deployment is incorrect");
    mistakes.put(
        process ->
            process
                .with("NodeId", "1")
                .with("Node.Endpoints", "tcp -h 127.0.0.1")
                .with("TopicManager.AdapterId", "IceStorm1.TopicManager")
                .with("Node.AdapterId", "Other1.Node"),
        "prefix does not match");
    int number = 0;
    for (Map.Entry<UnaryOperator<StormProcess>, String> mistake : mistakes.entrySet()) {
      StormProcess process = mistake.getKey().apply(service("Wrong" + ++number)).begin();
      assertThat(process.awaitExit()).as(mistake.getValue()).isNotZero();
      assertThat(process.console())
          .contains("error: ")
          .contains("Wrong" + number)
          .contains(mistake.getValue());
    }
  }

  @Test
  @FirnOnly
  void theServiceRunsWithoutAnIceBox() {
    assumeThat(implementation).as("the reference needs one").isEqualTo(Implementation.FIRN);
    StormProcess process = service("Alone").withGlobal("Ice.PrintAdapterReady", "1").beginAlone();
    process.awaitConsole("Alone.TopicManager ready");
    process.awaitConsole("Alone.Publish ready");
    Remote manager = client.at("IceStorm.TopicManager", process.manager());
    manager.call("create", "kept");
    process.terminate();
    process.beginAlone();
    Await.asserted(() -> assertThat(manager.call("retrieveAll").has("kept")).isTrue());
    process.terminate();
  }

  @Test
  void aPortInUseIsTold() {
    StormProcess first = service("Taken").start();
    StormProcess second =
        service("Taking").with("TopicManager.Endpoints", first.managerEndpoint()).begin();
    assertThat(second.awaitExit()).isNotZero();
    assertThat(second.console()).containsIgnoringCase("address already in use");
    first.terminate();
  }

  /** ZeroC's IceStorm under another name: an entry point that Firn does not know. */
  @Test
  void aServiceInCppIsLeftToTheIceBoxOfTheReference() throws IOException {
    StormProcess service = service("One");
    Files.createSymbolicLink(
        service.directory().resolve("libOther.so.37"), library("libIceStormService.so.37"));
    String entryPoint =
        service.entryPoint().replace("IceStormService", service.directory() + "/Other");
    service.withIceBox("IceBox.Service.One", entryPoint).start();
    client.at("IceStorm.TopicManager", service.manager()).call("create", "topic");
    assertThat(ProcessHandle.of(service.process().pid()).flatMap(one -> one.info().command()))
        .contains(Implementation.ZEROC.iceBox());
    service.terminate();
  }

  private static Path library(String name) throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
      return directories
          .map(directory -> directory.resolve(name))
          .filter(Files::exists)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void theEndOfTheTerminalEndsItOnlyIfItIsToldSo() {
    StormProcess stays = service("One").start();
    stays.process().signal("HUP");
    StormProcess ends = service("Two").withIceBox("Ice.Nohup", "0").start();
    ends.process().signal("HUP");
    assertThat(ends.awaitExit()).isZero();
    assertThat(stays.isRunning()).isTrue();
    stays.terminate();
  }
}
