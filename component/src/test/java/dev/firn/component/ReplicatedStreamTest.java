package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.failover.Bytes;
import dev.firn.failover.FollowerConfig;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.WriterConfig;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationService;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.ComponentTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final Communicator communicator =
        communicator(Map.of("Ice.MessageSizeMax", "8192", "Ice.ThreadPool.Server.Size", "4"));
    private volatile ConcurrentSkipListMap<String, StateItem> applied =
        new ConcurrentSkipListMap<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final StreamClient client;
    private volatile String unprotectedFor = "";
    private volatile StreamProgress last = StreamProgress.NONE;

    /** Ends what the component has been given by an update. */
    private CompletionStage<Void> taken = CompletableFuture.completedFuture(null);

    Instance(String name) {
      this(name, StreamClientConfig.DEFAULTS);
    }

    Instance(String name, StreamClientConfig config) {
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
              config);
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
      ClaimedEpoch claimed = get(client.claim(0, 0));
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
      return taken;
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
      told.add("stale " + epoch + " " + current);
    }

    @Override
    public void broken(Throwable bug) {
      told.add("broken " + bug);
    }

    @Override
    public void unprotected(String reason) {
      told.add("unprotected");
      unprotectedFor = reason;
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
    await("a is unprotected", () -> !a.unprotectedFor.isEmpty());
    assertThat(a.unprotectedFor).doesNotContain("dev.firn", "java.", "\n");
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
    assertThat(get(b.client.claim(0, 0)).epoch()).isGreaterThan(1);
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

  @Test
  void anUpdateThatIsStuckGetsOlderWhetherAnythingComesOrNot() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    CompletableFuture<Void> applied = new CompletableFuture<>();
    b.taken = applied;
    b.client.listen(b);
    await("b listens", () -> b.last.isSynchronized());
    a.activate();
    a.set("x", 1);
    a.flush();
    await("b is given it", () -> b.version("x") == 1);
    long now = OwnerThread.nowMillis();
    assertThat(b.client.progress().lagMillis(now + 6_000)).isGreaterThanOrEqualTo(6_000);
    applied.complete(null);
    await("b has applied it", () -> b.client.progress().lagMillis(now + 600_000) == 0);
  }

  @Test
  void whatIsBeingAppliedAtThePromotionIsPublished() throws Exception {
    startReplicator("quorum");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    CompletableFuture<Void> applied = new CompletableFuture<>();
    b.taken = applied;
    b.client.listen(b);
    await("b listens", () -> b.last.isSynchronized());
    a.activate();
    a.set("x", 1);
    a.flush();
    await("b is given it", () -> b.version("x") == 1);

    // Promoted in spite of what it has not applied.
    ClaimedEpoch claimed = get(b.client.claim(0, 0));
    CompletionStage<Void> stopped = b.client.stopListening();
    b.client.startPublishing(claimed.epoch(), true);
    b.set("y", 2);
    CompletionStage<Long> flushed = b.client.publisher().flush();
    assertThat(stopped.toCompletableFuture()).isNotDone();
    applied.complete(null);
    get(stopped);
    get(flushed);

    Instance c = new Instance("c");
    c.client.listen(c);
    await("c has all", () -> c.version("y") == 2);
    assertThat(c.version("x")).isEqualTo(1);
  }

  @Test
  void whoWaitsWhileTheEpochIsRaisedIsAnsweredInTheNextOne() throws Exception {
    startReplicator("quorum");
    Instance a = new Instance("a");
    a.activate();
    a.set("x", 1);
    a.flush();
    ClaimedEpoch raised = get(a.client.claim(5, 0));
    a.set("x", 2);
    CompletionStage<Long> flushed = a.client.publisher().flush();
    await("it is refused", () -> a.told.contains("stale 1 5"));
    a.set("y", 3);
    assertThat(flushed.toCompletableFuture()).isNotDone();
    a.client.startPublishing(raised.epoch(), false);
    long seq = get(flushed);
    assertThat(a.client.progress().appliedSeq()).isGreaterThanOrEqualTo(seq);

    Instance b = new Instance("b");
    b.client.listen(b);
    await("b has all", () -> b.version("x") == 2 && b.version("y") == 3);
  }

  @Test
  void aDurableReplicatorKnowsThatAForgetfulOneHadNoItems() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    b.client.listen(b);
    a.activate();
    a.set("x", 1);
    a.flush();
    await("b has it", () -> b.version("x") == 1);
    stopReplicator();
    startReplicator("quorum");
    a.set("y", 2);
    await("b has the change and what there was", () -> b.version("y") == 2 && b.version("x") == 1);
    assertThat(a.told).doesNotContain("stale 1 1");
  }

  /** A component's end of configuration, which remembers what it was told. */
  private static final class Member implements ConfigurationService {
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** What every call waits for. */
    private CountDownLatch before = new CountDownLatch(0);

    private volatile boolean waiting;

    private CompletionStage<Void> tell(String operation, ConfigurationGroup[] groups) {
      waiting = true;
      try {
        before.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      for (ConfigurationGroup group : groups) {
        told.add(operation + new TreeSet<>(group.configurationItems.keySet()));
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> setConfigurationAsync(ConfigurationGroup[] g, Current current) {
      if (current.ctx.containsKey(ConfigurationMembers.FULL)) {
        told.add("full");
      }
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
  void aMemberThatEndsInOrderIsForgotten() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    Instance b = new Instance("b");
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            a.communicator.stringToProxy("counter.Configuration:tcp -h 127.0.0.1 -p " + port));
    Member member = new Member();
    ObjectAdapter adapter =
        a.communicator.createObjectAdapterWithEndpoints("members", "tcp -h 127.0.0.1");
    adapter.activate();
    get(
        b.client.registerConfiguration(
            ConfigurationServicePrx.uncheckedCast(adapter.addWithUUID(member))));
    service.setConfiguration(group(Map.of("x", 1)));
    assertThat(member.told).endsWith("set1[x]");
    b.client.close();
    AtomicInteger serial = new AtomicInteger(1);
    await(
        "nothing is pushed to it",
        () -> {
          int before = member.told.size();
          try {
            service.setConfiguration(group(Map.of("x", serial.incrementAndGet())));
          } catch (SerialConflict e) {
            throw new AssertionError(e);
          }
          return member.told.size() == before;
        });
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
    assertThat(member.told).containsExactly("full", "set1[x, y]");
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
        .containsExactly("full", "set1[x, y]", "set2[y]", "removeItems[x]", "removeGroups[]");

    stopReplicator();
    startReplicator("memory");
    service.setConfiguration(group(Map.of("new", 1)));
    await("the member is registered again", () -> member.told.contains("set5[new]"));
  }

  @Test
  void aMemberThatIsAddedAnewIsToldWhatIsAllAndALowerNumberIsSetAnew() throws Exception {
    startReplicator("memory");
    Instance a = new Instance("a");
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            a.communicator.stringToProxy("counter.Configuration:tcp -h 127.0.0.1 -p " + port));
    service.setConfiguration(group(Map.of("x", 5)));
    Member member = new Member();
    ObjectAdapter adapter =
        a.communicator.createObjectAdapterWithEndpoints("members", "tcp -h 127.0.0.1");
    adapter.activate();
    ConfigurationServicePrx proxy =
        ConfigurationServicePrx.uncheckedCast(adapter.addWithUUID(member));
    get(a.client.registerConfiguration(proxy));
    assertThat(member.told).containsExactly("full", "set1[x]");

    // Nobody can push: between two pushes the group goes and comes again with other numbers.
    adapter.remove(proxy.ice_getIdentity());
    Member other = new Member();
    adapter.add(other, proxy.ice_getIdentity());
    CountDownLatch release = new CountDownLatch(1);
    other.before = release;
    CompletableFuture<Void> first = service.setConfigurationAsync(group(Map.of("y", 1)));
    await("the push is under way", () -> other.waiting);
    CompletableFuture<Void> removed = service.removeConfigurationGroupsAsync(group(Map.of()));
    CompletableFuture<Void> set = service.setConfigurationAsync(group(Map.of("x", 2)));
    await(
        "both are stored",
        () ->
            Arrays.stream(service.getConfigurationAll(group(Map.of())))
                .map(g -> g.configurationItems.get("x"))
                .anyMatch(x -> x != null && x.serialNumber == 2));
    release.countDown();
    get(first);
    get(removed);
    get(set);
    assertThat(other.told).containsExactly("set2[y]", "removeItems[x, y]", "set4[x]");
  }

  @Test
  void aMemberThatWasGivenUpIsRegisteredAgain() throws Exception {
    startReplicator("memory");
    Instance a =
        new Instance(
            "a",
            new StreamClientConfig(
                WriterConfig.DEFAULTS, FollowerConfig.DEFAULTS, 5_000, 2_000, 5_000, 1_000, 200));
    ConfigurationServicePrx service =
        ConfigurationServicePrx.uncheckedCast(
            a.communicator.stringToProxy("counter.Configuration:tcp -h 127.0.0.1 -p " + port));
    service.setConfiguration(group(Map.of("x", 1)));
    Member member = new Member();
    ObjectAdapter adapter =
        a.communicator.createObjectAdapterWithEndpoints("members", "tcp -h 127.0.0.1");
    adapter.activate();
    ConfigurationServicePrx proxy =
        ConfigurationServicePrx.uncheckedCast(adapter.addWithUUID(member));
    get(a.client.registerConfiguration(proxy));
    adapter.remove(proxy.ice_getIdentity());
    service.setConfiguration(group(Map.of("y", 1)));
    adapter.add(member, proxy.ice_getIdentity());
    await("it has everything again", () -> member.told.contains("set2[x, y]"));
    service.setConfiguration(group(Map.of("z", 1)));
    assertThat(member.told)
        .containsSubsequence("full", "set1[x]", "full", "set2[x, y]", "set3[z]")
        .endsWith("set3[z]");
  }
}
