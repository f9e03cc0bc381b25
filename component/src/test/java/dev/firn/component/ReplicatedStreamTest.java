package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.failover.Bytes;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationService;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.ComponentTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances and a replicator, with Ice between them. */
class ReplicatedStreamTest {
  @TempDir Path data;
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable Communicator server;
  private @Nullable Replicator replicator;
  private int port;

  @BeforeEach
  void choosePort() {
    port = TestPorts.free();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    stopReplicator();
  }

  private void startReplicator(String ack) {
    Communicator communicator =
        communicator(
            Map.of(
                "Firn.Replicator.Endpoints",
                "tcp -h 127.0.0.1 -p " + port,
                "Firn.Replicator.Data",
                data.toString(),
                "Firn.Replicator.Register",
                "0",
                "Replicator.Ack",
                ack));
    server = communicator;
    Replicator started = new Replicator(communicator);
    replicator = started;
    assertThat(started.start()).isEqualTo("StateReplicator");
  }

  private void stopReplicator() {
    if (replicator != null) {
      replicator.close();
      replicator = null;
    }
    if (server != null) {
      server.destroy();
      server = null;
    }
  }

  private static Communicator communicator(Map<String, String> properties) {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    properties.forEach(data.properties::setProperty);
    ComponentTypes.prepare(data.properties);
    return Util.initialize(data);
  }

  /** One instance, with what it has applied and what it was told. */
  private final class Instance implements StreamEvents, StateSink, AutoCloseable {
    private final Communicator communicator = communicator(Map.of("Ice.MessageSizeMax", "8192"));
    private volatile ConcurrentSkipListMap<String, StateItem> applied =
        new ConcurrentSkipListMap<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final StreamClient client;
    private volatile StreamProgress last = StreamProgress.NONE;

    Instance(String name) {
      ObjectAdapter backplane =
          communicator.createObjectAdapterWithEndpoints(name, "tcp -h 127.0.0.1");
      backplane.activate();
      ServiceLookup nobody =
          new ServiceLookup(
              ServiceLocatorPrx.uncheckedCast(
                  communicator.stringToProxy("nobody:tcp -h 127.0.0.1 -p 1")));
      client =
          new IceStreamClient(
              communicator,
              name,
              "counter",
              StreamSource.located(
                  communicator, nobody, "StateReplicator:tcp -h 127.0.0.1 -p " + port, ""),
              backplane,
              this,
              StreamClientConfig.DEFAULTS);
      open.add(this);
    }

    void set(String key, int value) {
      client.publisher().set(new StateItem(key, "int", value, Bytes.EMPTY));
    }

    long version(String key) {
      StateItem item = applied.get(key);
      return item == null ? -1 : item.version();
    }

    long flush() throws Exception {
      return get(client.publisher().flush());
    }

    void activate() throws Exception {
      ClaimedEpoch claimed = get(client.claim(0));
      client.stopListening();
      client.startPublishing(claimed.epoch(), false);
    }

    @Override
    public CompletionStage<Void> snapshot(
        long epoch, long seq, SortedMap<String, StateItem> items) {
      applied = new ConcurrentSkipListMap<>(items);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> update(StateUpdate update) {
      update.set().forEach(item -> applied.put(item.key(), item));
      update.removed().forEach(applied::remove);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void found() {
      told.add("found");
    }

    @Override
    public void lost(String reason) {
      told.add("lost");
    }

    @Override
    public void stale(long epoch, long current) {
      told.add("stale " + current);
    }

    @Override
    public void broken(Throwable bug) {
      told.add("broken " + bug);
    }

    @Override
    public void unprotected(String reason) {
      told.add("unprotected");
    }

    @Override
    public void protectedAgain() {
      told.add("protected");
    }

    @Override
    public void progressed(StreamProgress progress) {
      last = progress;
    }

    @Override
    public void close() {
      client.close();
      communicator.destroy();
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Object monitor = new Object();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(limit);
      synchronized (monitor) {
        monitor.wait(5);
      }
    }
  }

  @Test
  void aStandbyHasWhatWasFlushedAndGoesOnWhenItIsMadeActive() throws Exception {
    startReplicator("standby");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    b.client.listen(b);
    await("b listens", () -> b.last.isSynchronized());
    a.activate();
    for (int i = 1; i <= 100; i++) {
      a.set("k" + i % 10, i);
      a.flush();
      assertThat(b.version("k" + i % 10)).isEqualTo(i);
    }
    b.activate();
    await("a is told", () -> a.told.stream().anyMatch(text -> text.startsWith("stale")));
    a.set("k1", 1_000);
    assertThatThrownBy(a::flush)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StaleWriterException.class);
    a.client.stopPublishing();
    a.client.listen(a);
    b.set("k1", 500);
    b.flush();
    await("a follows", () -> a.version("k1") == 500);
    assertThat(a.applied).hasSize(10);
  }

  @Test
  void theStateComesBackToAReplicatorThatHasForgotten() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    b.client.listen(b);
    a.activate();
    for (int i = 0; i < 1_000; i++) {
      a.set("key" + i, i);
    }
    a.flush();
    await("b has all", () -> b.applied.size() == 1_000);
    stopReplicator();
    await("a is unprotected", () -> a.told.contains("unprotected"));
    await("b has lost it", () -> b.told.contains("lost"));
    a.set("key0", 7);
    a.flush();
    assertThat(b.applied.size()).isEqualTo(1_000);
    a.told.clear();
    startReplicator("memory");
    await("a is protected", () -> a.told.contains("protected"));
    await("b has the change", () -> b.version("key0") == 7);
    assertThat(b.applied.size()).isEqualTo(1_000);
    // The epoch was not forgotten.
    assertThat(get(b.client.claim(0)).epoch()).isGreaterThan(1);
  }

  @Test
  void durableStateSurvivesTheReplicator() throws Exception {
    startReplicator("quorum");
    Instance a = new Instance("a");
    a.activate();
    a.set("x", 1);
    long seq = a.flush();
    a.close();
    open.remove(a);
    stopReplicator();
    startReplicator("quorum");
    Instance b = new Instance("b");
    b.client.listen(b);
    await("b has it", () -> b.applied.containsKey("x"));
    await("b is told where it is", () -> b.last.appliedSeq() == seq);
  }

  /** A component's end of configuration, which remembers what it was told. */
  private static final class Member implements ConfigurationService {
    private final List<String> told = new CopyOnWriteArrayList<>();

    private CompletionStage<Void> tell(String operation, ConfigurationGroup[] groups) {
      for (ConfigurationGroup group : groups) {
        told.add(operation + new TreeSet<>(group.configurationItems.keySet()));
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> setConfigurationAsync(ConfigurationGroup[] g, Current current) {
      return tell("set" + current.ctx.get(ConfigurationMembers.REVISION), g);
    }

    @Override
    public CompletionStage<Void> removeConfigurationItemsAsync(
        ConfigurationGroup[] g, Current current) {
      return tell("removeItems", g);
    }

    @Override
    public CompletionStage<Void> removeConfigurationGroupsAsync(
        ConfigurationGroup[] g, Current current) {
      return tell("removeGroups", g);
    }

    @Override
    public CompletionStage<ConfigurationGroup[]> getConfigurationAsync(
        ConfigurationGroup[] g, Current current) {
      return CompletableFuture.completedFuture(g);
    }

    @Override
    public CompletionStage<ConfigurationGroup[]> getConfigurationAllAsync(
        ConfigurationGroup[] g, Current current) {
      return CompletableFuture.completedFuture(g);
    }

    @Override
    public CompletionStage<ConfigurationGroup[]> getConfigurationGroupsAsync(Current current) {
      return CompletableFuture.completedFuture(new ConfigurationGroup[0]);
    }
  }

  private static ConfigurationGroup[] group(Map<String, Integer> serials) {
    Map<String, ConfigurationItem> items = new TreeMap<>();
    serials.forEach((name, serial) -> items.put(name, new ConfigurationItem(serial)));
    return new ConfigurationGroup[] {new ConfigurationGroup(items)};
  }

  @Test
  void membersGetTheConfigurationThereIsAndEveryChangeBeforeItIsAnswered() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            a.communicator.stringToProxy("counter.Configuration:tcp -h 127.0.0.1 -p " + port));
    service.setConfiguration(group(Map.of("x", 1, "y", 2)));
    Member member = new Member();
    ObjectAdapter adapter =
        a.communicator.createObjectAdapterWithEndpoints("members", "tcp -h 127.0.0.1");
    adapter.activate();
    get(
        a.client.registerConfiguration(
            ConfigurationServicePrx.uncheckedCast(adapter.addWithUUID(member))));
    assertThat(member.told).containsExactly("set1[x, y]");
    service.setConfiguration(group(Map.of("y", 3)));
    service.removeConfigurationItems(group(Map.of("x", 1)));
    assertThatThrownBy(() -> service.setConfiguration(group(Map.of("y", 2, "z", 1))))
        .isInstanceOfSatisfying(
            SerialConflict.class,
            e ->
                assertThat(e.group.configurationItems.get("y"))
                    .isInstanceOfSatisfying(
                        ConfigurationItem.class, y -> assertThat(y.serialNumber).isEqualTo(3)));
    service.removeConfigurationGroups(group(Map.of()));
    assertThat(member.told)
        .containsExactly("set1[x, y]", "set2[y]", "removeItems[x]", "removeGroups[]");

    stopReplicator();
    startReplicator("memory");
    service.setConfiguration(group(Map.of("new", 1)));
    await("the member is registered again", () -> member.told.contains("set5[new]"));
  }
}
