package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.ConnectFailedException;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorEvents;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three service locators in one process, each with its own communicator and directory. */
final class LocatorGroupTest {
  private static final int COUNT = 3;

  @TempDir private Path directory;
  private final List<Integer> ports = List.of(TestPorts.free(), TestPorts.free(), TestPorts.free());
  private final TreeMap<Integer, LocatorFixture> locators = new TreeMap<>();

  @AfterEach
  void close() {
    locators.values().forEach(LocatorFixture::close);
  }

  @Test
  void whatIsRegisteredWithOneIsFoundAtEach() throws Exception {
    startAll();
    ServiceManagementPrx service = add(1, "a");
    for (int id = 1; id <= COUNT; id++) {
      assertThat(found(id, "a")).isEqualTo("a");
    }

    service.suspend();
    for (int id = 1; id <= COUNT; id++) {
      int at = id;
      assertThatThrownBy(() -> found(at, "a")).isInstanceOf(ServiceNotFound.class);
    }
  }

  @Test
  void eachMayDieAndComeBack() throws Exception {
    startAll();
    for (int gone = 1; gone <= COUNT; gone++) {
      String before = "before" + gone;
      String meanwhile = "meanwhile" + gone;
      int at = gone % COUNT + 1;
      add(gone, before);
      locator(gone).stop();

      assertThat(found(at, before)).isEqualTo(before);
      LocatorFixture.await("registrations go on", () -> add(at, meanwhile) != null);

      locator(gone).start();
      int back = gone;
      LocatorFixture.await("it is back", () -> found(back, meanwhile).equals(meanwhile));
    }
  }

  @Test
  void anOldEpochIsRefusedByEach() throws Exception {
    startAll();
    Map<String, String> older = new EpochContext("g", 1).in(Map.of());
    Map<String, String> newer = new EpochContext("g", 2).in(Map.of());
    ObjectPrx proxy = locator(1).service(locator(1).client, "g");
    management(1).addService(proxy, "g.Epoch", older);
    management(2).addService(proxy, "g.Epoch", newer);

    for (int id = 1; id <= COUNT; id++) {
      int at = id;
      assertThatThrownBy(() -> management(at).addService(proxy, "g.Epoch", older))
          .isInstanceOfSatisfying(
              StaleEpoch.class, stale -> assertThat(stale.current).isEqualTo(2));
    }
  }

  @Test
  void oneAloneAnswersLookUpsAndLeavesRegistrationsToOthers() throws Exception {
    startAll();
    add(2, "a");
    locator(1).stop();
    locator(3).stop();

    LocatorFixture.await("its port is closed", () -> isClosed(2));
    assertThat(found(2, "a")).isEqualTo("a");

    locator(3).start();
    LocatorFixture.await("registrations go on", () -> add(2, "b") != null);
    LocatorFixture.await("both have them", () -> found(3, "b").equals("b"));
  }

  @Test
  void allAreStoppedAndHaveEverything() throws Exception {
    startAll();
    ObjectPrx service = locator(1).service(locator(1).client, "a");
    register(2, "a", service);
    locators.values().forEach(LocatorFixture::stop);

    locator(1).start();
    locator(2).start();

    LocatorFixture.await("it answers and is found", () -> found(1, "a").equals("a"));
  }

  /** Its table is what all of them have then, whoever of them decides. */
  @Test
  void aLocatorThatWasAloneBringsWhatItHas() throws Exception {
    try (LocatorFixture alone = new LocatorFixture(directory.resolve("1")).start()) {
      ObjectPrx proxy = alone.service(alone.client, "g");
      alone.management().addService(proxy, "g.Epoch", new EpochContext("g", 7).in(Map.of()));
      alone.stop();
      startAll();
      for (int id = 1; id <= COUNT; id++) {
        int at = id;
        assertThatThrownBy(
                () ->
                    management(at)
                        .addService(proxy, "g.Epoch", new EpochContext("g", 6).in(Map.of())))
            .isInstanceOf(StaleEpoch.class);
      }
    }
  }

  /** What it wrote alone would be lost when the others are there again. */
  @Test
  void theTableOfOneOfSeveralIsNotForOneAlone() throws Exception {
    startAll();
    add(1, "a");
    locators.values().forEach(LocatorFixture::stop);

    try (LocatorFixture alone = new LocatorFixture(directory.resolve("1"))) {
      assertThatThrownBy(alone::start)
          .isInstanceOf(ServerProgram.StartException.class)
          .hasMessageContaining("Firn.Locator.Nodes");
    }
    try (LocatorFixture lost =
        new LocatorFixture(directory.resolve("new")).with("Firn.Locator.NodeId=1")) {
      assertThatThrownBy(lost::start)
          .isInstanceOf(ServerProgram.StartException.class)
          .hasMessageContaining("Firn.Locator.NodeId is set");
    }
  }

  @Test
  void whatHappensIsToldOnce() throws Exception {
    LocatorFixture observing = new LocatorFixture(directory.resolve("observer"));
    try {
      BlockingQueue<String> told = new LinkedBlockingQueue<>();
      ObjectAdapter adapter =
          observing.client.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1 -p 0");
      ObjectPrx observer = adapter.add(new Events(told), Util.stringToIdentity("events"));
      adapter.activate();
      start("Firn.Locator.Events.one=" + observer);
      for (int id = 1; id <= COUNT; id++) {
        add(id, "s" + id).unregister();
      }

      for (int id = 1; id <= COUNT; id++) {
        assertThat(told.take()).isEqualTo("registered s" + id);
        assertThat(told.take()).isEqualTo("unregistered s" + id);
      }
      assertThat(told).isEmpty();
    } finally {
      observing.close();
    }
  }

  private void startAll() throws Exception {
    start();
  }

  private void start(String... more) throws Exception {
    for (int id = 1; id <= COUNT; id++) {
      LocatorFixture locator = new LocatorFixture(directory.resolve(Integer.toString(id)));
      locator.with("Firn.Locator.NodeId=" + id);
      for (int node = 1; node <= COUNT; node++) {
        locator.with(
            "Firn.Locator.Nodes."
                + node
                + "=peer"
                + node
                + ":tcp -h 127.0.0.1 -p "
                + ports.get(node - 1));
      }
      for (String property : more) {
        locator.with(property);
      }
      locators.put(id, locator.start());
    }
    for (int id = 1; id <= COUNT; id++) {
      int at = id;
      LocatorFixture.await("a group", () -> !isClosed(at));
    }
  }

  private LocatorFixture locator(int id) {
    LocatorFixture locator = locators.get(id);
    if (locator == null) {
      throw new AssertionError("no locator " + id);
    }
    return locator;
  }

  private ServiceLocatorManagementPrx management(int id) {
    return locator(id).management();
  }

  private boolean isClosed(int id) {
    try {
      management(id).ice_ping();
      return false;
    } catch (ConnectFailedException e) {
      return true;
    }
  }

  private ServiceManagementPrx add(int id, String name) throws Exception {
    return register(id, name, locator(id).service(locator(id).client, name));
  }

  private ServiceManagementPrx register(int id, String name, ObjectPrx service) throws Exception {
    ServiceManagementPrx management = management(id).addService(service, name);
    management.addLocatorParams(new ServiceLocatorParams("X", name, ""), "");
    return management;
  }

  private String found(int id, String name) throws ServiceNotFound {
    return locator(id)
        .locator()
        .locate(new ServiceLocatorParams("X", name, ""))
        .ice_getIdentity()
        .name;
  }

  /** Only what is told of services matters here. */
  private static final class Events implements ServiceLocatorEvents {
    private final BlockingQueue<String> told;

    Events(BlockingQueue<String> told) {
      this.told = told;
    }

    @Override
    public void comparisonRegistered(String guid, Current current) {}

    @Override
    public void comparisonUnregistered(String guid, Current current) {}

    @Override
    public void serviceRegistered(String guid, Current current) {
      told.add("registered " + guid);
    }

    @Override
    public void serviceUnregistered(String guid, Current current) {
      told.add("unregistered " + guid);
    }

    @Override
    public void serviceSuspended(String guid, Current current) {}

    @Override
    public void serviceUnsuspended(String guid, Current current) {}
  }
}
