package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.DatabaseObserverPrx;
import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.Topic;
import dev.firn.replication.Input;
import dev.firn.replication.PushedUpdate;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates over a real connection: what the master's side sends is what the slave is given. */
class DatabaseUpdatesTest {
  private final Communicator communicator = Util.initialize();
  private final List<Input> received = new ArrayList<>();
  private DatabaseObserverPrx observer;

  @BeforeEach
  void serve() {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("Observer", "tcp -h 127.0.0.1");
    observer =
        DatabaseObserverPrx.uncheckedCast(
            adapter.add(
                new DatabaseObserverServant(
                    communicator, received::add, () -> RegistryTables.EMPTY, 7),
                new Identity("o", "")));
    adapter.activate();
  }

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  @Test
  void everyEventArrivesAsItWasSent() throws Exception {
    ObjectEntry object = object("o1");
    AdapterEntry adapter = new AdapterEntry("a", object.proxy(), "g");
    arrives(new RegistryEvent.ApplicationsReplaced(List.of()));
    arrives(new RegistryEvent.ApplicationRemoved("app"));
    arrives(new RegistryEvent.AdaptersReplaced(List.of(adapter)));
    arrives(new RegistryEvent.AdapterAdded(adapter));
    arrives(new RegistryEvent.AdapterUpdated(adapter));
    arrives(new RegistryEvent.AdapterRemoved("a"));
    arrives(new RegistryEvent.ObjectsReplaced(List.of(object, object("o2"))));
    arrives(new RegistryEvent.ObjectsReplaced(List.of()));
    arrives(new RegistryEvent.ObjectAdded(object));
    arrives(new RegistryEvent.ObjectUpdated(object));
    arrives(new RegistryEvent.ObjectRemoved(object.id()));
  }

  /** Ice would write the size of the name in one byte: these are the bytes that were sent. */
  @Test
  void snapshotIsTakenByteForByte() throws Exception {
    byte[] usual = object("o1").proxy().toBytes();
    byte[] unusual = new byte[usual.length + 4];
    unusual[0] = (byte) 255;
    unusual[1] = 2;
    System.arraycopy(usual, 1, unusual, 5, usual.length - 1);
    EncodedProxy proxy = EncodedProxy.of(unusual);
    arrives(new RegistryEvent.ObjectsReplaced(List.of(ObjectEntry.of(proxy, "::T"))));
    arrives(new RegistryEvent.AdaptersReplaced(List.of(new AdapterEntry("a", proxy, "g"))));
  }

  /** Encoding 1.0 cannot say which encoding a proxy supports, so only that is lost. */
  @Test
  void snapshotOfObjectsCanBeReadByAnyEncoding() throws Exception {
    DatabaseObserverPrx old =
        DatabaseObserverPrx.uncheckedCast(observer.ice_encodingVersion(Util.Encoding_1_0));
    ObjectEntry object = object("o1");
    PushedUpdate update =
        new PushedUpdate(
            new RegistryEvent.ObjectsReplaced(List.of(object)),
            3,
            Optional.of(9L),
            Optional.of(2L));
    DatabaseUpdates.send(communicator, old, update).get(60, TimeUnit.SECONDS);
    Input.UpdateReceived arrived = (Input.UpdateReceived) received.get(0);
    RegistryEvent.ObjectsReplaced replaced =
        (RegistryEvent.ObjectsReplaced) arrived.update().event();
    assertThat(replaced.entries()).hasSize(1);
    assertThat(replaced.entries().get(0).id()).isEqualTo(object.id());
    assertThat(replaced.entries().get(0).type()).isEqualTo(object.type());
  }

  @Test
  void snapshotOfAdaptersCanBeReadByAnyEncoding() throws Exception {
    DatabaseObserverPrx old =
        DatabaseObserverPrx.uncheckedCast(observer.ice_encodingVersion(Util.Encoding_1_0));
    AdapterEntry adapter = new AdapterEntry("a", object("o1").proxy(), "g");
    PushedUpdate update =
        new PushedUpdate(
            new RegistryEvent.AdaptersReplaced(List.of(adapter)),
            3,
            Optional.of(9L),
            Optional.of(2L));
    DatabaseUpdates.send(communicator, old, update).get(60, TimeUnit.SECONDS);
    Input.UpdateReceived arrived = (Input.UpdateReceived) received.get(0);
    RegistryEvent.AdaptersReplaced replaced =
        (RegistryEvent.AdaptersReplaced) arrived.update().event();
    assertThat(replaced.entries()).hasSize(1);
    assertThat(replaced.entries().get(0).id()).isEqualTo("a");
    assertThat(replaced.entries().get(0).replicaGroupId()).isEqualTo("g");
  }

  @Test
  void updateWithoutSerialsIsMarkedSo() throws Exception {
    observer.objectRemoved(new Identity("o", ""));
    assertThat(received)
        .containsExactly(
            new Input.UpdateReceived(
                7,
                new PushedUpdate(
                    new RegistryEvent.ObjectRemoved(Mapping.objectId(new Identity("o", ""))),
                    -1,
                    Optional.empty(),
                    Optional.empty())));
  }

  @Test
  void updateOfAnApplicationThatNeverCameIsReported() {
    com.zeroc.IceGrid.ApplicationUpdateInfo info = new com.zeroc.IceGrid.ApplicationUpdateInfo();
    info.descriptor.name = "app";
    observer.applicationUpdated(5, info);
    assertThat(received)
        .containsExactly(
            new Input.UnknownUpdateReceived(
                7,
                Topic.APPLICATIONS,
                5,
                "update of application `app':\napplication `app' is not known here"));
  }

  private void arrives(RegistryEvent event) throws Exception {
    received.clear();
    PushedUpdate update = new PushedUpdate(event, 3, Optional.of(9L), Optional.of(2L));
    DatabaseUpdates.send(communicator, observer, update).get(60, TimeUnit.SECONDS);
    assertThat(received).containsExactly(new Input.UpdateReceived(7, update));
  }

  private ObjectEntry object(String name) {
    return ObjectEntry.of(
        Mapping.encode(
            communicator, communicator.stringToProxy(name + " -t -e 1.1:tcp -h 127.0.0.1 -p 1")),
        "::T");
  }
}
