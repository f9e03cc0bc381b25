package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.CompareNotFound;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.DuplicateCompare;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorEvents;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsCompare;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocatorServerTest {
  @TempDir Path data;
  private LocatorFixture fixture;

  @BeforeEach
  void start() {
    fixture = new LocatorFixture(data).start();
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void whatIsAddedIsFoundUntilItIsUnregistered() throws Exception {
    ServiceManagementPrx service = add("a", "a", params("X", "main", "1"));

    assertThat(fixture.locator().locate(params("X", "main", "1")).ice_getIdentity().name)
        .isEqualTo("a");
    service.suspend();
    assertNotFound(params("X", "main", "1"));
    service.unsuspend();
    assertThat(found(params("", "", ""))).containsExactly("a");
    service.unregister();
    assertNotFound(params("", "", ""));
    assertThatThrownBy(service::unregister).isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void aDirectoryThatIsNotThereIsMade() throws Exception {
    Path other = data.resolve("not/yet");
    try (LocatorFixture second = new LocatorFixture(other).start()) {
      second.locator().ice_ping();
    }
    assertThat(other).isNotEmptyDirectory();
  }

  @Test
  void addingAKnownGuidReplacesTheProxyAndGivesTheSameManagementObject() throws Exception {
    ServiceManagementPrx first = add("g", "old", params("X", "", ""));
    ServiceManagementPrx second = fixture.management().addService(proxy("new"), "g");

    assertThat(second).isEqualTo(first);
    assertThat(found(params("X", "", ""))).containsExactly("new");
  }

  @Test
  void anOlderEpochIsRefusedAndCannotTakeAwayWhatTheNewerHas() throws Exception {
    ServiceManagementPrx old = fixture.management().addService(proxy("old"), "g", context(1));
    old.addLocatorParams(params("X", "", ""), "", context(1));
    fixture.management().addService(proxy("new"), "g", context(2));

    assertThatThrownBy(() -> fixture.management().addService(proxy("old"), "g", context(1)))
        .isInstanceOfSatisfying(StaleEpoch.class, e -> assertThat(e.current).isEqualTo(2));
    assertThatThrownBy(() -> old.addLocatorParams(params("Y", "", ""), "", context(1)))
        .isInstanceOf(StaleEpoch.class);
    old.unregister(context(1));
    old.suspend(context(1));
    assertThat(found(params("X", "", ""))).containsExactly("new");
    fixture.stop();
    fixture.start();
    assertThatThrownBy(() -> fixture.management().addService(proxy("old"), "h", context(1)))
        .isInstanceOf(StaleEpoch.class);
  }

  @Test
  void afterARestartAServiceIsFoundOnceItAnswers() throws Exception {
    Communicator other = fixture.communicator(List.of());
    fixture
        .management()
        .addService(proxy("dead"), "dead")
        .addLocatorParams(params("X", "", ""), "");
    ObjectPrx alive = fixture.service(other, "alive");
    fixture.management().addService(alive, "alive").addLocatorParams(params("X", "", ""), "");
    assertThat(found(params("X", "", ""))).containsExactly("dead", "alive");

    fixture.stop();
    fixture.start();

    LocatorFixture.await(
        "the one that answers", () -> found(params("X", "", "")).equals(List.of("alive")));
    // Its owner comes back and says so.
    fixture.management().addService(proxy("dead"), "dead");
    assertThat(found(params("X", "", ""))).containsExactly("dead", "alive");
  }

  @Test
  void whatIsKeptAliveIsNotFoundOnceItsProcessIsGone() throws Exception {
    Communicator process = fixture.communicator(List.of());
    ObjectPrx service = fixture.service(process, "mortal");
    Map<String, String> kept = Map.of(ServiceRegistrations.KEEP_ALIVE, "5");
    fixture
        .management(process)
        .addService(service, "mortal", kept)
        .addLocatorParams(params("X", "", ""), "", kept);
    assertThat(found(params("X", "", ""))).containsExactly("mortal");

    process.destroy();

    LocatorFixture.await("it is gone", () -> found(params("X", "", "")).isEmpty());
  }

  @Test
  void comparatorsDecideAndSilentOnesHaveSaidNo() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    comparator("yes", (params, current) -> params.id.equals("42"));
    comparator("no", (params, current) -> false);
    comparator("silent", (params, current) -> await(end));
    fixture.management().addCompare("gone", compareProxy(proxy("nobody")));
    for (String compare : List.of("silent", "no", "gone", "yes")) {
      fixture
          .management()
          .addService(proxy(compare), compare)
          .addLocatorParams(new ServiceLocatorParams("X", "", "42"), compare);
    }
    try {
      // Who says yes may be slow, too.
      LocatorFixture.await(
          "one says yes",
          () -> found(new ServiceLocatorParams("X", "", "42")).equals(List.of("yes")));
      assertThat(found(new ServiceLocatorParams("X", "", ""))).isEmpty();
    } finally {
      end.countDown();
    }
  }

  @Test
  void comparatorsHaveOneGuidEachAndMustExist() throws Exception {
    fixture.management().addCompare("c", compareProxy(proxy("c")));
    assertThatThrownBy(() -> fixture.management().addCompare("c", compareProxy(proxy("d"))))
        .isInstanceOfSatisfying(
            DuplicateCompare.class, e -> assertThat(e.getGuid()).isEqualTo("c"));
    fixture.management().removeCompare("c");
    assertThatThrownBy(() -> fixture.management().removeCompare("c"))
        .isInstanceOfSatisfying(CompareNotFound.class, e -> assertThat(e.getGuid()).isEqualTo("c"));
    ServiceManagementPrx service = fixture.management().addService(proxy("a"), "a");
    assertThatThrownBy(() -> service.addLocatorParams(params("X", "", ""), "c"))
        .isInstanceOfSatisfying(CompareNotFound.class, e -> assertThat(e.getGuid()).isEqualTo("c"));
  }

  @Test
  void nonsenseIsRefusedWithAReason() {
    assertThatThrownBy(() -> fixture.management().addService(null, "a"))
        .isInstanceOfSatisfying(
            UnknownException.class, e -> assertThat(e.unknown).contains("needs a proxy"));
    assertThatThrownBy(() -> fixture.management().addService(proxy("a"), ""))
        .isInstanceOfSatisfying(
            UnknownException.class, e -> assertThat(e.unknown).contains("needs a guid"));
  }

  @Test
  void observersAreToldInOrder() throws Exception {
    fixture.stop();
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    ObjectAdapter adapter =
        fixture.client.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx observer = adapter.addWithUUID(new Told(told));
    adapter.activate();
    fixture.with("Firn.Locator.Events.test=" + observer).start();

    ServiceManagementPrx service = add("a", "a", params("X", "", ""));
    service.suspend();
    service.unsuspend();
    service.unregister();
    fixture.management().addCompare("c", compareProxy(proxy("c")));
    fixture.management().removeCompare("c");

    for (String expected : List.of("+a", "~a", "!a", "-a", "+c", "-c")) {
      assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(expected);
    }
  }

  @Test
  void aSecondLocatorOnTheSameDataIsRefused() {
    LocatorFixture second = new LocatorFixture(data);
    assertThatThrownBy(second::start)
        .isInstanceOf(ServerProgram.StartException.class)
        .hasMessageContaining("could not lock file");
    second.close();
  }

  private record Told(BlockingQueue<String> events) implements ServiceLocatorEvents {
    @Override
    public void comparisonRegistered(String guid, Current current) {
      events.add("+" + guid);
    }

    @Override
    public void comparisonUnregistered(String guid, Current current) {
      events.add("-" + guid);
    }

    @Override
    public void serviceRegistered(String guid, Current current) {
      events.add("+" + guid);
    }

    @Override
    public void serviceUnregistered(String guid, Current current) {
      events.add("-" + guid);
    }

    @Override
    public void serviceSuspended(String guid, Current current) {
      events.add("~" + guid);
    }

    @Override
    public void serviceUnsuspended(String guid, Current current) {
      events.add("!" + guid);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(90, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** In a communicator of its own: one that waits must not hold up the others. */
  private void comparator(String guid, ServiceLocatorParamsCompare servant) throws Exception {
    ObjectAdapter adapter =
        fixture
            .communicator(List.of())
            .createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx proxy = adapter.add(servant, Util.stringToIdentity(guid));
    adapter.activate();
    fixture.management().addCompare(guid, compareProxy(proxy));
  }

  private static ServiceLocatorParamsComparePrx compareProxy(ObjectPrx proxy) {
    return ServiceLocatorParamsComparePrx.uncheckedCast(proxy);
  }

  private ServiceManagementPrx add(String guid, String identity, ServiceLocatorParams params)
      throws Exception {
    ServiceManagementPrx service = fixture.management().addService(proxy(identity), guid);
    service.addLocatorParams(params, "");
    return service;
  }

  /** Nobody listens there. */
  private ObjectPrx proxy(String identity) {
    return fixture.client.stringToProxy(identity + ":tcp -h 127.0.0.1 -p 1");
  }

  private List<String> found(ServiceLocatorParams params) {
    try {
      return Arrays.stream(fixture.locator().locateAll(params))
          .map(proxy -> proxy.ice_getIdentity().name)
          .toList();
    } catch (ServiceNotFound e) {
      return List.of();
    }
  }

  private void assertNotFound(ServiceLocatorParams params) {
    assertThatThrownBy(() -> fixture.locator().locate(params)).isInstanceOf(ServiceNotFound.class);
    assertThatThrownBy(() -> fixture.locator().locateAll(params))
        .isInstanceOf(ServiceNotFound.class);
  }

  private static ServiceLocatorParams params(String category, String service, String id) {
    return new ServiceLocatorParams(category, service, id);
  }

  private static Map<String, String> context(long epoch) {
    return new EpochContext("g", epoch).in(Map.of());
  }
}
