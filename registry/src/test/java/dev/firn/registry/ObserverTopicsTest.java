package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.AdapterObserver;
import com.zeroc.IceGrid.AdapterObserverPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationObserver;
import com.zeroc.IceGrid.ApplicationObserverPrx;
import com.zeroc.IceGrid.ApplicationUpdateInfo;
import com.zeroc.IceGrid.NodeObserverPrx;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ObjectObserver;
import com.zeroc.IceGrid.ObjectObserverPrx;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.RegistryObserver;
import com.zeroc.IceGrid.RegistryObserverPrx;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObserverTopicsTest {
  private final TestRegistry registry = TestRegistry.start();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final ObjectAdapter observers =
      registry.newClient().createObjectAdapterWithEndpoints("Observers", TestRegistry.endpoint());
  private final RegistryObserver registryObserver = new RecordingRegistryObserver();
  private final ApplicationObserver applicationObserver = new RecordingApplicationObserver();
  private final AdapterObserver adapterObserver = new RecordingAdapterObserver();
  private RegistryTables tables = RegistryTables.EMPTY;

  ObserverTopicsTest() {
    observers.activate();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void observersByProxySeeTheStateAndEveryChange() throws Exception {
    publish(new RowChange.PutObject(object("old"), Optional.empty()));
    AdminSessionPrx session = registry.newSession("alice");

    session.setObservers(
        RegistryObserverPrx.uncheckedCast(observers.addWithUUID(registryObserver)),
        null,
        null,
        null,
        ObjectObserverPrx.uncheckedCast(observers.addWithUUID(new RecordingObjectObserver())));
    Eventually.await("both inits", () -> seen.size() == 2);
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "registryInit [Master] {serial=1}", "objectInit [old of ::T] {dbSerial=1, serial=0}");
    seen.clear();

    ObjectEntry added = object("new");
    publish(new RowChange.PutObject(added, Optional.empty()), new RegistryEvent.ObjectAdded(added));
    publish(
        new RowChange.PutObject(added, Optional.of(added)), new RegistryEvent.ObjectUpdated(added));
    publish(new RowChange.DeleteObject(added), new RegistryEvent.ObjectRemoved(added.id()));
    publish(
        new RowChange.PutObject(added, Optional.empty()),
        new RegistryEvent.ObjectsReplaced(List.of(added)));
    Eventually.await("four changes", () -> seen.size() == 4);
    assertThat(seen)
        .containsExactly(
            "objectAdded new of ::T {serial=1}",
            "objectUpdated new of ::T {serial=2}",
            "objectRemoved new {serial=3}",
            "objectInit [new of ::T] {dbSerial=1, serial=4}");
    seen.clear();

    tables = tables.with(new RowChange.PutSerial(Topic.OBJECTS, 7));
    publish(new RowChange.DeleteObject(added), new RegistryEvent.ObjectRemoved(added.id()));
    Eventually.await("a counted change", () -> seen.size() == 1);
    assertThat(seen).containsExactly("objectRemoved new {dbSerial=7, serial=5}");
    seen.clear();

    registry.sessions().topics().registryUp(new RegistryInfo("Slave1", "there"));
    registry.sessions().topics().registryDown("Slave1");
    registry.sessions().topics().registryDown("unknown");
    Eventually.await("up and down", () -> seen.size() == 2);
    assertThat(seen).containsExactly("registryUp Slave1 {}", "registryDown Slave1 {}");
  }

  @Test
  void observersByIdentityAreCalledOverTheSessionsConnection() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    ObjectAdapter adapter = session.ice_getCommunicator().createObjectAdapter("");
    session.ice_getConnection().setAdapter(adapter);
    Identity applications = adapter.addWithUUID(applicationObserver).ice_getIdentity();
    Identity adapters = adapter.addWithUUID(adapterObserver).ice_getIdentity();
    Identity none = new Identity();

    session.setObserversByIdentity(none, none, applications, adapters, none);
    Eventually.await("both inits", () -> seen.size() == 2);
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "applicationInit 0 [] {dbSerial=1, serial=0}", "adapterInit [] {dbSerial=1, serial=0}");
    seen.clear();

    ApplicationEntry application = application("app");
    publish(
        new RowChange.PutApplication(application), new RegistryEvent.ApplicationAdded(application));
    publish(new RowChange.DeleteApplication("app"), new RegistryEvent.ApplicationRemoved("app"));
    publish(
        new RowChange.PutApplication(application),
        new RegistryEvent.ApplicationsReplaced(List.of(application)));
    Eventually.await("three changes", () -> seen.size() == 3);
    assertThat(seen)
        .containsExactly(
            "applicationAdded 1 app {serial=1}",
            "applicationRemoved 2 app {serial=2}",
            "applicationInit 3 [app] {dbSerial=1, serial=3}");
    assertThat(session.startUpdate()).isEqualTo(3);
    seen.clear();

    AdapterEntry entry = adapter("A");
    publish(
        new RowChange.PutAdapter(entry, Optional.empty()), new RegistryEvent.AdapterAdded(entry));
    publish(
        new RowChange.PutAdapter(entry, Optional.of(entry)),
        new RegistryEvent.AdapterUpdated(entry));
    publish(new RowChange.DeleteAdapter(entry), new RegistryEvent.AdapterRemoved("A"));
    publish(
        new RowChange.PutAdapter(entry, Optional.empty()),
        new RegistryEvent.AdaptersReplaced(List.of(entry)));
    Eventually.await("four changes", () -> seen.size() == 4);
    assertThat(seen)
        .containsExactly(
            "adapterAdded A in G {serial=1}",
            "adapterUpdated A in G {serial=2}",
            "adapterRemoved A {serial=3}",
            "adapterInit [A in G] {dbSerial=1, serial=4}");
  }

  @Test
  void nodesAreAnEmptyTopic() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    com.zeroc.Ice.BlobjectAsync observer =
        (parameters, current) -> {
          seen.add(current.operation + " " + parameters.length + " " + new TreeMap<>(current.ctx));
          return java.util.concurrent.CompletableFuture.completedFuture(
              new com.zeroc.Ice.Object.Ice_invokeResult(true, new byte[0]));
        };

    session.setObservers(
        null, NodeObserverPrx.uncheckedCast(observers.addWithUUID(observer)), null, null, null);

    // An encapsulation with an empty sequence: six bytes of header and the size.
    Eventually.await("init", () -> seen.contains("nodeInit 7 {serial=0}"));
  }

  @Test
  void anObserverThatIsSetAgainReplacesThePrevious() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    RegistryObserverPrx first =
        RegistryObserverPrx.uncheckedCast(observers.addWithUUID(registryObserver));

    session.setObservers(first, null, null, null, null);
    Eventually.await("the first init", () -> seen.size() == 1);
    session.setObservers(first, null, null, null, null);
    Eventually.await("the second init", () -> seen.size() == 2);
    assertThat(registry.sessions().topics().subscribers()).isEqualTo(1);
    session.setObservers(null, null, null, null, null);
    assertThat(registry.sessions().topics().subscribers()).isZero();
  }

  @Test
  void subscriptionsEndWithTheSession() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    session.setObservers(
        RegistryObserverPrx.uncheckedCast(observers.addWithUUID(registryObserver)),
        null,
        ApplicationObserverPrx.uncheckedCast(observers.addWithUUID(applicationObserver)),
        AdapterObserverPrx.uncheckedCast(observers.addWithUUID(adapterObserver)),
        null);
    assertThat(registry.sessions().topics().subscribers()).isEqualTo(3);

    session.destroy();

    assertThat(registry.sessions().topics().subscribers()).isZero();
  }

  @Test
  void anObserverThatCannotBeReachedIsDropped() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    ObjectPrx nobody =
        session.ice_getCommunicator().stringToProxy("nobody:" + TestRegistry.endpoint());

    session.setObservers(RegistryObserverPrx.uncheckedCast(nobody), null, null, null, null);

    Eventually.await("dropped", () -> registry.sessions().topics().subscribers() == 0);
    Eventually.await(
        "traced",
        () ->
            registry.log().stream()
                .anyMatch(line -> line.startsWith("Subscriber: RegistryObserver `nobody")));
    session.keepAlive();
  }

  @Test
  void anObserverOfTheOlderEncodingIsSpokenToInIt() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    List<EncodingVersion> encodings = new CopyOnWriteArrayList<>();
    ObjectPrx observer =
        observers.addWithUUID(
            new RecordingRegistryObserver() {
              @Override
              public void registryInit(RegistryInfo[] infos, Current current) {
                encodings.add(current.encoding);
              }
            });

    session.setObservers(
        RegistryObserverPrx.uncheckedCast(observer.ice_encodingVersion(Util.Encoding_1_0)),
        null,
        null,
        null,
        null);

    Eventually.await("init", () -> !encodings.isEmpty());
    assertThat(encodings).containsExactly(Util.Encoding_1_0);
  }

  @Test
  void nothingIsMissedOrSeenTwiceWhileSubscribing() throws Exception {
    AdminSessionPrx session = registry.newSession("alice");
    int changes = 400;
    Thread owner =
        new Thread(
            () -> {
              for (int number = 0; number < changes; number++) {
                AdapterEntry entry = adapter("A" + number);
                publish(
                    new RowChange.PutAdapter(entry, Optional.empty()),
                    new RegistryEvent.AdapterAdded(entry));
              }
            });
    owner.start();
    List<List<String>> mirrors = new ArrayList<>();
    for (int observer = 0; observer < 8; observer++) {
      List<String> mirror = new CopyOnWriteArrayList<>();
      mirrors.add(mirror);
      session.setObservers(
          null,
          null,
          null,
          AdapterObserverPrx.uncheckedCast(observers.addWithUUID(new Mirror(mirror))),
          null);
      if (observer < 7) {
        Eventually.await("the state", () -> !mirror.isEmpty());
      }
    }
    owner.join();

    List<String> last = mirrors.get(7);
    Eventually.await("all changes", () -> last.size() == changes);
    assertThat(last).doesNotHaveDuplicates().contains("A0", "A" + (changes - 1));
    assertThat(mirrors).allSatisfy(mirror -> assertThat(mirror).doesNotHaveDuplicates());
  }

  @Test
  void anObserverThatIsTooSlowIsDroppedAndTheOthersGoOn() throws Exception {
    ObserverTopics topics = new ObserverTopics(registry.communicator(), registry.traces(), 10);
    CountDownLatch end = new CountDownLatch(1);
    ObjectPrx slow =
        observers.addWithUUID(
            new RecordingAdapterObserver() {
              @Override
              public void adapterInit(AdapterInfo[] infos, Current current) {
                try {
                  end.await();
                } catch (InterruptedException ex) {
                  throw new IllegalStateException(ex);
                }
              }
            });
    topics.subscribe(AdapterObserverPrx.uncheckedCast(slow));

    for (int number = 0; number < 12; number++) {
      topics.publish(
          RegistryTables.EMPTY, List.of(new RegistryEvent.AdapterAdded(adapter("A" + number))));
    }

    assertThat(topics.subscribers()).isZero();
    assertThat(registry.log())
        .anyMatch(
            line ->
                line.startsWith("warning: AdapterObserver `")
                    && line.contains("10 updates are waiting for it"));
    end.countDown();
    topics.shutdown();
  }

  private synchronized void publish(RowChange change, RegistryEvent... events) {
    tables = tables.with(change);
    registry.sessions().topics().publish(tables, List.of(events));
  }

  private ObjectEntry object(String name) {
    return ObjectEntry.of(
        Mapping.encode(
            registry.communicator(),
            registry.communicator().stringToProxy(name + ":tcp -h 127.0.0.1 -p 1")),
        "::T");
  }

  private AdapterEntry adapter(String id) {
    return new AdapterEntry(
        id,
        Mapping.encode(
            registry.communicator(),
            registry.communicator().stringToProxy("dummy:tcp -h 127.0.0.1 -p 1")),
        "G");
  }

  private ApplicationEntry application(String name) {
    return ApplicationEntry.of(
        new dev.firn.model.ApplicationInfo(
            "uuid", 1, "a", 2, "b", 3, dev.firn.model.ApplicationDescriptor.named(name)));
  }

  private class RecordingRegistryObserver implements RegistryObserver {
    @Override
    public void registryInit(RegistryInfo[] infos, Current current) {
      seen.add(
          "registryInit "
              + Arrays.stream(infos).map(info -> info.name).toList()
              + " "
              + new TreeMap<>(current.ctx));
    }

    @Override
    public void registryUp(RegistryInfo info, Current current) {
      seen.add("registryUp " + info.name + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void registryDown(String name, Current current) {
      seen.add("registryDown " + name + " " + new TreeMap<>(current.ctx));
    }
  }

  private final class RecordingApplicationObserver implements ApplicationObserver {
    @Override
    public void applicationInit(int serial, List<ApplicationInfo> infos, Current current) {
      List<String> names = infos.stream().map(info -> info.descriptor.name).toList();
      seen.add("applicationInit " + serial + " " + names + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void applicationAdded(int serial, ApplicationInfo info, Current current) {
      seen.add(
          "applicationAdded "
              + serial
              + " "
              + info.descriptor.name
              + " "
              + new TreeMap<>(current.ctx));
    }

    @Override
    public void applicationRemoved(int serial, String name, Current current) {
      seen.add("applicationRemoved " + serial + " " + name + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void applicationUpdated(int serial, ApplicationUpdateInfo info, Current current) {
      seen.add("applicationUpdated " + serial);
    }
  }

  private class RecordingAdapterObserver implements AdapterObserver {
    @Override
    public void adapterInit(AdapterInfo[] infos, Current current) {
      seen.add(
          "adapterInit "
              + Arrays.stream(infos).map(this::text).toList()
              + " "
              + new TreeMap<>(current.ctx));
    }

    @Override
    public void adapterAdded(AdapterInfo info, Current current) {
      seen.add("adapterAdded " + text(info) + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void adapterUpdated(AdapterInfo info, Current current) {
      seen.add("adapterUpdated " + text(info) + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void adapterRemoved(String id, Current current) {
      seen.add("adapterRemoved " + id + " " + new TreeMap<>(current.ctx));
    }

    private String text(AdapterInfo info) {
      return info.id + " in " + info.replicaGroupId;
    }
  }

  private final class RecordingObjectObserver implements ObjectObserver {
    @Override
    public void objectInit(ObjectInfo[] infos, Current current) {
      seen.add(
          "objectInit "
              + Arrays.stream(infos).map(this::text).toList()
              + " "
              + new TreeMap<>(current.ctx));
    }

    @Override
    public void objectAdded(ObjectInfo info, Current current) {
      seen.add("objectAdded " + text(info) + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void objectUpdated(ObjectInfo info, Current current) {
      seen.add("objectUpdated " + text(info) + " " + new TreeMap<>(current.ctx));
    }

    @Override
    public void objectRemoved(Identity id, Current current) {
      seen.add("objectRemoved " + id.name + " " + new TreeMap<>(current.ctx));
    }

    private String text(ObjectInfo info) {
      return info.proxy.ice_getIdentity().name + " of " + info.type;
    }
  }

  /** Keeps the ids of what it was told to exist, repetitions included. */
  private static final class Mirror implements AdapterObserver {
    private final List<String> ids;
    private int serial;

    private Mirror(List<String> ids) {
      this.ids = ids;
    }

    @Override
    public void adapterInit(AdapterInfo[] infos, Current current) {
      serial = serial(current);
      if (infos.length != serial) {
        ids.add("state of serial " + serial + " has " + infos.length);
        ids.add("state of serial " + serial + " has " + infos.length);
      }
      Arrays.stream(infos).forEach(info -> ids.add(info.id));
    }

    @Override
    public void adapterAdded(AdapterInfo info, Current current) {
      serial++;
      ids.add(serial == serial(current) ? info.id : "gap before " + current.ctx);
    }

    @Override
    public void adapterUpdated(AdapterInfo info, Current current) {
      ids.add("updated");
    }

    @Override
    public void adapterRemoved(String id, Current current) {
      ids.add("removed");
    }

    private static int serial(Current current) {
      return Integer.parseInt(current.ctx.get("serial"));
    }
  }
}
