package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Util;
import dev.firn.election.StateChange;
import dev.firn.failover.AckLevel;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamConfig;
import dev.firn.failover.StreamLimits;
import dev.firn.failover.StreamStore;
import dev.firn.failover.StreamTables;
import dev.firn.failover.StreamView;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.StreamInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hub says that is far behind its engine. */
final class StreamHubTest {
  private static final String HELD = "held";

  private final Communicator communicator = Util.initialize();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch isHeld = new CountDownLatch(1);
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final List<String> added = new CopyOnWriteArrayList<>();
  private volatile List<String> served = List.of();
  private final Store store = new Store();
  private final StreamHub hub =
      new StreamHub(
          StreamConfig.of(AckLevel.QUORUM), communicator.getLogger(), new Holding(), bugs::add);
  private final LocalStreamEngine engine =
      new LocalStreamEngine(store, true, error -> {}, bugs::add);
  private final StateStreamServant servant =
      new StateStreamServant(engine, hub, StreamLimits.DEFAULTS);

  @BeforeEach
  void serve() {
    engine.start(hub);
    hub.awaitServing();
  }

  @AfterEach
  void close() {
    release.countDown();
    engine.close();
    hub.close();
    communicator.destroy();
  }

  @Test
  void anUpdateIsAcknowledgedWhenWhoeverAsksNextIsToldOfIt() throws Exception {
    assertThat(get(servant.claimAsync("a", 1, current()))).isEqualTo(1);
    assertThat(get(publish(1, 1))).isGreaterThan(0);
    hold();

    CompletableFuture<Long> published = publish(1, 2);
    CompletableFuture<Long> claimed = servant.claimAsync("b", 0, current()).toCompletableFuture();
    // Both have been decided by now.
    get(engine.submit(new StreamCommand.Claim("other", "a", 0, 0, true)));
    CompletableFuture<StreamInfo> info = servant.infoAsync(current()).toCompletableFuture();
    assertThat(published).isNotDone();
    assertThat(claimed).isNotDone();
    assertThat(info).isNotDone();

    release.countDown();
    assertThat(get(claimed)).isEqualTo(2);
    assertThat(get(info).seq).isEqualTo(get(published));
    assertThat(get(servant.infoAsync(current())).epoch).isEqualTo(2);
    assertThat(get(servant.getAllAsync(current())).returnValue).hasSize(2);
  }

  @Test
  void whoServedForAMomentOnlyLetsNobodyIn() throws Exception {
    hold();
    hub.serving(store.load());
    hub.notServing("another one serves");
    release.countDown();

    assertThatThrownBy(() -> get(hub.read("s")))
        .hasCauseInstanceOf(StreamEngine.NotServingException.class);
    assertThat(hub.obstacle()).contains("another one serves");
    StateListenerPrx listener =
        StateListenerPrx.uncheckedCast(communicator.stringToProxy("l:tcp -h 127.0.0.1 -p 1"));
    assertThatThrownBy(() -> get(hub.addListener("s", "a", listener, 0, 0)))
        .hasCauseInstanceOf(StreamEngine.NotServingException.class);
    assertThat(hub.names()).isEmpty();
  }

  @Test
  void aBugInTheEngineOrTheHubIsToldAndNobodyIsAnsweredAsIfNothingHadBeen() throws Exception {
    get(servant.claimAsync("a", 0, current()));
    store.isBroken = true;
    CompletableFuture<Long> published = publish(1, 1);
    assertThatThrownBy(() -> get(published)).isInstanceOf(ExecutionException.class);
    Eventually.await("the bug is told", () -> bugs.size() == 1);
    assertThat(bugs.get(0)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> get(publish(1, 2))).isInstanceOf(ExecutionException.class);

    // An update out of order.
    hub.committed(
        new StreamCommand.Publish("s", 1, 9, List.of(), List.of()),
        new StreamCommand.Applied(1, 99, List.of()));
    Eventually.await("the bug is told", () -> bugs.size() == 2);
  }

  /** As soon as it has any use, so that it can be found before anybody is active. */
  @Test
  void aStreamIsToldOfWhenItIsUsedFirstAndNotWhenItIsAskedFor() throws Exception {
    StateReplicatorServant names =
        new StateReplicatorServant(
            hub, name -> StateStreamPrx.uncheckedCast(communicator.stringToProxy(name)));
    get(names.streamAsync("asked", new Current()));
    get(hub.read("asked"));
    assertThat(added).isEmpty();

    StateListenerPrx listener =
        StateListenerPrx.uncheckedCast(communicator.stringToProxy("l:tcp -h 127.0.0.1 -p 1"));
    get(hub.addListener("followed", "a", listener, 0, 0));
    get(hub.addListener("followed", "b", listener, 0, 0));
    get(hub.join("joined"));
    get(hub.join("joined"));
    get(engine.submit(new StreamCommand.Configure("set#config", List.of(), List.of(), List.of())));
    get(engine.submit(new StreamCommand.Claim("claimed", "a", 0, 0, true)));
    get(engine.submit(new StreamCommand.Claim("set", "a", 0, 0, true)));
    get(hub.read("claimed"));
    assertThat(added).containsExactly("followed", "joined", "set", "claimed");
    assertThat(hub.names()).containsExactly("claimed", "followed", "joined", "set");
  }

  @Test
  void whoServesServesAlsoWhatIsOnlyConfigured() throws Exception {
    get(engine.submit(new StreamCommand.Configure("set#config", List.of(), List.of(), List.of())));
    get(engine.submit(new StreamCommand.Claim("both", "a", 0, 0, true)));
    get(engine.submit(new StreamCommand.Configure("both#config", List.of(), List.of(), List.of())));
    hub.notServing("another one serves");
    hub.serving(store.load());
    get(hub.read("both"));
    assertThat(served).containsExactly("both", "set");
  }

  private void hold() throws Exception {
    get(engine.submit(new StreamCommand.Claim(HELD, "a", 0, 0, true)));
    assertThat(isHeld.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private CompletableFuture<Long> publish(long epoch, long number) throws Exception {
    Item[] set = {new Item("k" + number, "", 0, new byte[0])};
    return (number == 1
            // The stream has never been seen by who claimed an epoch of it by its number.
            ? servant.replaceAsync(epoch, number, true, true, set, current())
            : servant.publishAsync(epoch, number, set, new String[0], current()))
        .toCompletableFuture();
  }

  private static Current current() {
    Current current = new Current();
    current.id = new Identity("s", StateStreamServant.CATEGORY);
    current.ctx = Map.of();
    return current;
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Keeps the hub's thread when a certain stream is added. */
  private final class Holding implements StreamHub.Observer {
    @Override
    public void serves(List<String> streams) {
      served = streams;
    }

    @Override
    public void streamAdded(String stream) {
      added.add(stream);
      if (stream.equals(HELD)) {
        isHeld.countDown();
        try {
          assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void configured(StreamView configuration, Optional<StreamCommand.Configure> change) {}

    @Override
    public void servesNothing() {}
  }

  private static final class Store implements StreamStore {
    private volatile StreamTables tables = StreamTables.EMPTY;
    private volatile boolean isBroken;

    @Override
    public StreamTables load() {
      return tables;
    }

    @Override
    public void commit(List<? extends StateChange> changes) {
      if (isBroken) {
        throw new AssertionError("broken for a test");
      }
      tables = tables.with(changes);
    }

    @Override
    public void close() {}
  }
}
