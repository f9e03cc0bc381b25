package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceRegistrationsTest implements ServiceRegistrations.Events {
  @TempDir Path data;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private LocatorFixture fixture;
  private ServiceRegistrations registrations;
  private ServiceLookup lookup;
  private ObjectPrx service;

  @BeforeEach
  void create() {
    fixture = new LocatorFixture(data);
    registrations = registrations();
    lookup = new ServiceLookup(fixture.locator());
    service = fixture.service(fixture.client, "service");
  }

  @AfterEach
  void end() {
    registrations.close();
    fixture.close();
  }

  @Test
  void whatIsRegisteredIsFoundAndWhatIsUnregisteredIsNot() throws Exception {
    fixture.start();
    get(registrations.register(offer("r1.Replica")));

    assertThat(registrations.registered()).containsExactly("r1.Replica");
    assertThat(get(lookup.locate("Replica", "group", "r1.Replica"))).contains(service);
    get(registrations.suspend("r1.Replica"));
    assertThat(registrations.registered()).isEmpty();
    assertThat(get(lookup.locate("Replica", "group", ""))).isEmpty();
    get(registrations.unsuspend("r1.Replica"));
    assertThat(get(lookup.locate("Replica", "group", ""))).contains(service);
    get(registrations.unregister("r1.Replica"));
    assertThat(get(lookup.locate("Replica", "group", ""))).isEmpty();
    assertThat(registrations.registered()).isEmpty();
  }

  /** Ice itself goes on to another only where nobody listens. */
  @Test
  void aLocatorThatHangsIsLeftForAnother() throws Exception {
    int port = TestPorts.free();
    int otherPort = TestPorts.free();
    TestLocator one = new TestLocator(fixture.communicator(List.of()), port);
    TestLocator other = new TestLocator(fixture.communicator(List.of()), otherPort);
    ServiceRegistrations several =
        new ServiceRegistrations(
            ServiceLocatorManagementPrx.uncheckedCast(
                fixture.client.stringToProxy(
                    "LocatorServiceManagement:tcp -h 127.0.0.1 -p "
                        + port
                        + ":tcp -h 127.0.0.1 -p "
                        + otherPort)),
            fixture.timer,
            fixture.client.getLogger(),
            this);
    try (several) {
      get(several.register(offer("a")));
      TestLocator hanging = one.guids().isEmpty() ? other : one;
      TestLocator healthy = hanging == one ? other : one;
      hanging.hang();

      get(several.register(offer("b")));

      assertThat(healthy.guids()).contains("b");
      LocatorFixture.await("the first comes, too", () -> healthy.guids().contains("a"));
    }
  }

  @Test
  void registrationIsTriedUntilTheLocatorComes() throws Exception {
    CompletionStage<Void> registered = registrations.register(offer("a"));
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("failed a");

    fixture.start();

    get(registered);
    assertThat(registrations.registered()).containsExactly("a");
  }

  @Test
  void whatTheLocatorHasForgottenIsRegisteredAgain() throws Exception {
    fixture.start();
    get(registrations.register(offer("a")));
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("registered a");

    fixture.management().addService(service, "a").unregister();

    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("failed a");
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("registered a");
    assertThat(get(lookup.locate("Replica", "group", "a"))).contains(service);
  }

  @Test
  void aStaleEpochIsRefusedAtOnce() throws Exception {
    fixture.start();
    get(registrations.register(offer("g.X").in(new EpochContext("g", 2))));

    assertThatThrownBy(
            () -> get(registrations().register(offer("g.X").in(new EpochContext("g", 1)))))
        .hasCauseInstanceOf(StaleEpoch.class);
  }

  @Test
  void whoIsOvertakenByANewerEpochIsTold() throws Exception {
    fixture.start();
    get(registrations.register(offer("g.X").in(new EpochContext("g", 1))));
    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("registered g.X");

    fixture.management().addService(service, "g.X", new EpochContext("g", 2).in(Map.of()));

    assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo("refused g.X 2");
    assertThat(registrations.registered()).isEmpty();
    // Nothing is left to take away.
    get(registrations.unregister("g.X"));
    assertThat(get(lookup.locate("Replica", "group", "g.X"))).isPresent();
  }

  @Test
  void aNewOfferReplacesTheOneBefore() throws Exception {
    fixture.start();
    ObjectPrx other = fixture.service(fixture.client, "other");
    CompletionStage<Void> first = registrations.register(offer("a"));
    get(registrations.register(ServiceOffer.of("a", other, "Replica", "group", "a")));

    get(first);
    assertThat(get(lookup.locate("Replica", "group", "a"))).contains(other);
  }

  @Test
  void unregisteringEndsWhatWaitsAndDoesNotWaitForALocatorThatIsNotThere() throws Exception {
    CompletionStage<Void> registered = registrations.register(offer("a"));
    get(registrations.unregister("a"));

    assertThatThrownBy(() -> get(registered))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    get(registrations.unregister("never there"));
    assertThatThrownBy(() -> get(registrations.suspend("never there")))
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void aRegistrationOutlivesTheLocator() throws Exception {
    fixture.start();
    get(registrations.register(offer("a")));
    fixture.stop();
    LocatorFixture.await("it is missed", () -> registrations.registered().isEmpty());

    fixture.start();

    LocatorFixture.await("it is back", () -> registrations.registered().equals(List.of("a")));
    assertThat(get(lookup.locate("Replica", "group", "a"))).contains(service);
    get(registrations.unregisterAll());
    assertThat(get(lookup.locate("Replica", "group", "a"))).isEmpty();
  }

  private ServiceRegistrations registrations() {
    return new ServiceRegistrations(
        fixture.management(), fixture.timer, fixture.client.getLogger(), this);
  }

  private ServiceOffer offer(String guid) {
    return ServiceOffer.of(guid, service, "Replica", "group", guid);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Override
  public void registered(String guid) {
    events.add("registered " + guid);
  }

  @Override
  public void failed(String guid, String reason) {
    events.add("failed " + guid);
  }

  @Override
  public void refused(String guid, long currentEpoch) {
    events.add("refused " + guid + " " + currentEpoch);
  }
}
