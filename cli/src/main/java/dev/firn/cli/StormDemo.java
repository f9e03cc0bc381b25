package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.EndpointSelectionType;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.TCPEndpointInfo;
import com.zeroc.Ice.UserException;
import com.zeroc.Ice.Util;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.wire.Firn.Demo.TickerPrx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The storm's chapter of {@code firn demo}: the coordinator dies while events flow. */
final class StormDemo {
  /** Prints a step and whether it held. */
  interface Check {
    void check(String what, boolean condition);
  }

  private static final long LIMIT_MILLIS = 120_000;
  private static final int UPDATES = 50;
  private static final int EVENTS = 500;

  private final StormGroup group;
  private final Check check;
  private final Consumer<String> say;

  StormDemo(StormGroup group, Check check, Consumer<String> say) {
    this.group = group;
    this.check = check;
    this.say = say;
  }

  void play() throws InterruptedException, UserException {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    data.properties.setProperty("Ice.RetryIntervals", "0 10 50 100 200 500");
    data.properties.setProperty("Ice.Warn.Connections", "0");
    try (Communicator communicator = Util.initialize(data)) {
      long started = System.nanoTime();
      group.start();
      Optional<StormReplica> coordinator =
          StormGroup.awaitGroup(communicator, group.replicas(), LIMIT_MILLIS);
      check.check(
          "three storm replicas formed a group, "
              + millisSince(started)
              + " ms after they were started"
              + coordinator.map(replica -> "; coordinator: " + replica.name()).orElse(""),
          coordinator.isPresent());
      if (coordinator.isPresent()) {
        play(communicator, coordinator.get());
      }
    }
  }

  private void play(Communicator communicator, StormReplica coordinator)
      throws InterruptedException, UserException {
    TopicPrx topic =
        TopicManagerPrx.uncheckedCast(communicator.stringToProxy(group.manager())).create("ticks");
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("Subscribers", "tcp -h 127.0.0.1 -p 0");
    adapter.activate();
    DemoSubscriber ordered = new DemoSubscriber();
    DemoSubscriber oneway = new DemoSubscriber();
    topic.subscribeAndGetPublisher(
        Map.of("reliability", "ordered", "retryCount", "-1"), adapter.addWithUUID(ordered));
    topic.subscribeAndGetPublisher(
        Map.of("retryCount", "-1"), adapter.addWithUUID(oneway).ice_oneway());
    DemoPublisher publisher =
        new DemoPublisher(
            TickerPrx.uncheckedCast(first(topic.getPublisher(), coordinator.ports().publish())));
    DemoUpdater updater = new DemoUpdater(communicator, group.manager());
    publisher.start();
    updater.start();
    try {
      check.check(
          "events reach both subscribers, and topics are created all the time",
          go(publisher, ordered, oneway, updater));
      killCoordinator(communicator, coordinator, publisher, ordered, oneway, updater);
    } finally {
      updater.stop();
      publisher.stop();
    }
    summary(communicator, publisher, ordered, oneway, updater);
  }

  private void killCoordinator(
      Communicator communicator,
      StormReplica coordinator,
      DemoPublisher publisher,
      DemoSubscriber ordered,
      DemoSubscriber oneway,
      DemoUpdater updater)
      throws InterruptedException {
    coordinator.kill();
    int before = updater.acknowledged().size();
    long killed = System.nanoTime();
    say.accept(
        "the coordinator "
            + coordinator.name()
            + " (pid "
            + coordinator.pid()
            + "), which the publisher was connected to, was killed with kill -9");
    boolean accepted = Grid.await(LIMIT_MILLIS, () -> updater.acknowledged().size() > before);
    check.check(
        "the first update was accepted " + millisSince(killed) + " ms after the kill", accepted);
    List<StormReplica> rest = new ArrayList<>(group.replicas());
    rest.remove(coordinator);
    Optional<StormReplica> next = StormGroup.awaitGroup(communicator, rest, LIMIT_MILLIS);
    check.check(
        "the others are a group" + next.map(r -> "; coordinator: " + r.name()).orElse(""),
        next.isPresent());
    check.check(
        "events and updates go on through the others", go(publisher, ordered, oneway, updater));
    coordinator.start();
    long restarted = System.nanoTime();
    say.accept(coordinator.name() + " was started again on its database");
    Optional<StormReplica> whole =
        StormGroup.awaitGroup(communicator, group.replicas(), LIMIT_MILLIS);
    check.check(
        "all three are one group again after "
            + millisSince(restarted)
            + " ms"
            + whole.map(r -> "; coordinator: " + r.name()).orElse(""),
        whole.isPresent());
    check.check("events and updates go on", go(publisher, ordered, oneway, updater));
  }

  /** Whether so many more events reach both subscribers, and updates are acknowledged. */
  private static boolean go(
      DemoPublisher publisher, DemoSubscriber ordered, DemoSubscriber oneway, DemoUpdater updater)
      throws InterruptedException {
    long event = publisher.published() + EVENTS;
    int updates = updater.acknowledged().size() + UPDATES;
    return Grid.await(
        LIMIT_MILLIS,
        () ->
            updater.acknowledged().size() >= updates
                && publisher.published() > event
                && ordered.missing(event - EVENTS / 2, event) == 0
                && oneway.missing(event - EVENTS / 2, event) == 0);
  }

  private void summary(
      Communicator communicator,
      DemoPublisher publisher,
      DemoSubscriber ordered,
      DemoSubscriber oneway,
      DemoUpdater updater)
      throws InterruptedException {
    long last = publisher.published();
    boolean arrived =
        Grid.await(
            LIMIT_MILLIS,
            () -> ordered.missing(last - EVENTS, last) + oneway.missing(last - EVENTS, last) == 0);
    check.check("the last events reached both subscribers", arrived);
    say.accept(
        last
            + " events published, "
            + publisher.errors()
            + " under way when a connection broke; longest gap of the publisher: "
            + publisher.longestGapMillis()
            + " ms");
    say("ordered", ordered, last);
    say("oneway", oneway, last);
    List<String> acknowledged = updater.acknowledged();
    say.accept(
        acknowledged.size()
            + " topics with a subscriber acknowledged, "
            + updater.unknown()
            + " updates of unknown outcome; longest gap: "
            + updater.longestGapMillis()
            + " ms");
    for (StormReplica replica : group.replicas()) {
      long lost = lost(replica.manager(communicator), acknowledged);
      check.check(replica.name() + " has lost " + lost + " of them", lost == 0);
    }
  }

  private void say(String name, DemoSubscriber subscriber, long published) {
    say.accept(
        "the "
            + name
            + " subscriber got "
            + (published - subscriber.missing(0, published))
            + " of them, "
            + subscriber.repeated()
            + " twice; longest gap: "
            + subscriber.longestGapMillis()
            + " ms");
  }

  /** How many of the topics, or of their subscribers, this replica does not have. */
  private static long lost(TopicManagerPrx manager, List<String> topics) {
    Map<String, TopicPrx> present = manager.retrieveAll();
    Endpoint[] own = manager.ice_getEndpoints();
    return topics.stream().filter(name -> !has(present.get(name), name, own)).count();
  }

  private static boolean has(@Nullable TopicPrx topic, String name, Endpoint[] own) {
    return topic != null
        && Arrays.asList(TopicPrx.uncheckedCast(topic.ice_endpoints(own)).getSubscribers())
            .contains(new Identity(DemoUpdater.subscriberOf(name), ""));
  }

  /** The proxy with this port's endpoint as the first that is tried. */
  private static ObjectPrx first(ObjectPrx proxy, int port) {
    Endpoint[] endpoints = proxy.ice_getEndpoints();
    Arrays.sort(endpoints, (a, b) -> Boolean.compare(isAt(b, port), isAt(a, port)));
    return proxy
        .ice_endpoints(endpoints)
        .ice_endpointSelection(EndpointSelectionType.Ordered)
        .ice_invocationTimeout(20_000);
  }

  private static boolean isAt(Endpoint endpoint, int port) {
    return endpoint.getInfo() instanceof TCPEndpointInfo info && info.port == port;
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
