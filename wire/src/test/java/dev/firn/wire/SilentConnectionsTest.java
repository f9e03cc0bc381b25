package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionManuallyClosedException;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilentConnectionsTest {
  private static final int PLENTY_MILLIS = 30_000;

  private final Communicator own = Util.initialize();
  private final Communicator other =
      Util.initialize(new String[] {"--Ice.ThreadPool.Server.Size=4"});
  private final AtomicBoolean silent = new AtomicBoolean();
  private final Semaphore answers = new Semaphore(0);
  private ObjectPrx peer;

  /** Answers at once, or when it is let go. */
  private final class Peer implements Object {
    @Override
    public void ice_ping(Current current) {
      if (silent.get()) {
        answers.acquireUninterruptibly();
      }
    }
  }

  @BeforeEach
  void start() {
    var adapter = other.createObjectAdapterWithEndpoints("Peer", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx there = adapter.add(new Peer(), Util.stringToIdentity("peer"));
    adapter.activate();
    peer = own.stringToProxy(other.proxyToString(there));
  }

  @AfterEach
  void stop() {
    answers.release(1000);
    own.destroy();
    other.destroy();
  }

  private boolean probe(int timeoutMillis) {
    return SilentConnections.probe(peer, timeoutMillis).toCompletableFuture().join();
  }

  @Test
  void whoAnswersKeepsItsConnection() {
    var before = peer.ice_getConnection();

    assertThat(probe(PLENTY_MILLIS)).isTrue();

    assertThat(peer.ice_connectionCached(false).ice_getConnection()).isSameAs(before);
  }

  @Test
  void whoIsSilentIsCalledOverANewConnection() {
    var before = peer.ice_getConnection();
    silent.set(true);
    CompletableFuture<Void> underWay = peer.ice_pingAsync();

    assertThat(probe(300)).isFalse();

    assertThatThrownBy(underWay::join).hasCauseInstanceOf(ConnectionManuallyClosedException.class);
    silent.set(false);
    assertThat(probe(PLENTY_MILLIS)).isTrue();
    assertThat(peer.ice_connectionCached(false).ice_getConnection()).isNotSameAs(before);
  }

  @Test
  void whoIsNotThereDoesNotAnswer() {
    other.destroy();

    assertThat(probe(PLENTY_MILLIS)).isFalse();
  }

  @Test
  void whoseCommunicatorEndsGetsNoAnswer() {
    own.destroy();

    assertThat(probe(PLENTY_MILLIS)).isFalse();
  }
}
