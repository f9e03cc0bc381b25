package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.InternalRegistry;
import com.zeroc.IceGrid.InternalRegistryPrx;
import com.zeroc.IceGrid.InternalReplicaInfo;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.ReplicaSessionPrx;
import dev.firn.model.RegistryTables;
import dev.firn.replication.Master;
import dev.firn.replication.Replica;
import dev.firn.replication.ReplicationConfig;
import dev.firn.replication.Slave;
import dev.firn.storage.InMemoryRegistryStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A slave with a master in the same process. */
class SlaveLinkTest {
  private static final ReplicationConfig CONFIG =
      new ReplicationConfig(30_000, 30_000, 100, 1_000, 1_000);
  private static final RegistryNames SLAVE = new RegistryNames("IceGrid", "S");

  private final Communicator communicator = Util.initialize();
  private final List<Engine> engines = new CopyOnWriteArrayList<>();
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final Engine engine = engine(new Slave(CONFIG, RegistryTables.EMPTY));
  private final SlaveLink link =
      new SlaveLink(
          communicator,
          engine,
          adapter("Slave"),
          SLAVE,
          "host",
          new MasterFinder(communicator, SLAVE, null, engine::tables));

  @AfterEach
  void stop() {
    link.shutdown();
    engines.forEach(Engine::shutdown);
    communicator.destroy();
    assertThat(bugs).isEmpty();
  }

  @Test
  void whatASlavePublishesComesBackFromItsMaster() throws Exception {
    publishWith(false);
    assertThat(published).startsWith("to the master").doesNotContain("locally");
  }

  @Test
  void readOnlyMasterSendsNothingBackSoTheSlavePublishesLocallyToo() throws Exception {
    publishWith(true);
    assertThat(published).startsWith("locally", "to the master");
  }

  private void publishWith(boolean readOnlyMaster) throws Exception {
    link.masterAppeared(master(readOnlyMaster));
    engine.start(MasterPeers.NONE, link, (before, after, events) -> {});
    assertThat(link.firstAttempt().get(60, TimeUnit.SECONDS)).isTrue();
    link.publishWith(
            new SlaveLink.Publisher() {
              @Override
              public void publishTo(ReplicaSessionPrx session) {
                published.add("to the master");
              }

              @Override
              public CompletionStage<?> publishLocally() {
                published.add("locally");
                return CompletableFuture.completedFuture(null);
              }
            })
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  /** Only what a slave needs of a master. */
  private InternalRegistryPrx master(boolean readOnly) {
    Engine masters = engine(new Master(CONFIG, RegistryTables.EMPTY, readOnly));
    ObjectAdapter adapter = adapter("Master");
    ReplicaSessions sessions =
        new ReplicaSessions(
            communicator,
            masters,
            adapter,
            new ReplicaSessionServant.Settings(30, false),
            new ClosedConnections(),
            new ReplicaSessions.Listener() {
              @Override
              public void replicaUp(RegistryInfo info, InternalRegistryPrx proxy) {}

              @Override
              public void replicaDown(String name, InternalRegistryPrx proxy) {}
            });
    masters.start(sessions, MasterLink.NONE, (before, after, events) -> {});
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getName().equals("registerReplicaAsync")
                ? sessions.register(
                    (InternalReplicaInfo) arguments[0],
                    (InternalRegistryPrx) arguments[1],
                    (Current) arguments[2])
                : InvocationHandler.invokeDefault(proxy, method, arguments);
    InternalRegistry servant =
        (InternalRegistry)
            Proxy.newProxyInstance(
                SlaveLinkTest.class.getClassLoader(),
                new Class<?>[] {InternalRegistry.class},
                handler);
    return InternalRegistryPrx.uncheckedCast(
        adapter.add(servant, SLAVE.internalRegistry(RegistryNames.MASTER)));
  }

  private Engine engine(Replica core) {
    Engine created =
        new Engine(
            core,
            new InMemoryRegistryStore(),
            new Traces(communicator.getProperties(), new RecordingLogger()),
            bugs::add);
    engines.add(created);
    return created;
  }

  private ObjectAdapter adapter(String name) {
    ObjectAdapter created = communicator.createObjectAdapterWithEndpoints(name, "tcp -h 127.0.0.1");
    created.activate();
    return created;
  }
}
