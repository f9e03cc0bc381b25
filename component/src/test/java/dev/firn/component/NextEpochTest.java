package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.FormatType;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Util;
import dev.firn.failover.FollowerConfig;
import dev.firn.failover.WriterConfig;
import dev.firn.wire.ComponentTypes;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.StreamInfo;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which epoch an instance asks for that wants the next one. */
class NextEpochTest {
  private static final int ASK_MILLIS = 300;

  private final Communicator there =
      Util.initialize(new String[] {"--Ice.ThreadPool.Server.Size=20"});
  private final Communicator here = typed();
  private final Stream stream = new Stream();
  private StreamClient client;

  private record Claim(long epoch, boolean replaces) {}

  /** A replicator that can be slow. */
  private static final class Stream implements Blobject {
    private final List<Claim> claims = new CopyOnWriteArrayList<>();
    private final Semaphore answers = new Semaphore(0);
    private final Semaphore news = new Semaphore(0);
    private volatile int hangs;
    private volatile boolean newsHangs;
    private volatile long epoch;

    @Override
    public Ice_invokeResult ice_invoke(byte[] parameters, Current current) {
      Communicator communicator = current.adapter.getCommunicator();
      OutputStream out = new OutputStream(communicator, current.encoding);
      boolean ok = true;
      if (current.operation.equals("info")) {
        if (newsHangs) {
          newsHangs = false;
          news.acquireUninterruptibly();
        }
        out.startEncapsulation(current.encoding, FormatType.DefaultFormat);
        StreamInfo.ice_write(out, new StreamInfo("s", epoch, 7, 0, 0, 0, "somebody"));
      } else if (current.operation.equals("claim")) {
        InputStream in = new InputStream(communicator, current.encoding, parameters);
        in.startEncapsulation();
        in.readString();
        long proposed = in.readLong();
        in.endEncapsulation();
        ok = claim(proposed, current);
        out.startEncapsulation(current.encoding, FormatType.DefaultFormat);
        if (ok) {
          out.writeLong(proposed);
        } else {
          out.writeException(new StaleWriter(epoch));
        }
      } else {
        throw new com.zeroc.Ice.OperationNotExistException();
      }
      out.endEncapsulation();
      return new Ice_invokeResult(ok, out.finished());
    }

    private synchronized boolean takesLong() {
      return hangs-- > 0;
    }

    private boolean claim(long proposed, Current current) {
      claims.add(new Claim(proposed, current.ctx.containsKey(StateStreamServant.REPLACES)));
      if (takesLong()) {
        answers.acquireUninterruptibly();
      }
      return proposed > epoch;
    }
  }

  private static final class Nothing implements StreamEvents {
    @Override
    public void found() {}

    @Override
    public void lost(String reason) {}

    @Override
    public void stale(long epoch, long current) {}

    @Override
    public void broken(Throwable bug) {}

    @Override
    public void unprotected(String reason) {}

    @Override
    public void protectedAgain() {}

    @Override
    public void progressed(StreamProgress progress) {}
  }

  private static Communicator typed() {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    ComponentTypes.prepare(data.properties);
    return Util.initialize(data);
  }

  @BeforeEach
  void start() {
    ObjectAdapter adapter = there.createObjectAdapterWithEndpoints("there", "tcp -h 127.0.0.1");
    StateStreamPrx proxy =
        StateStreamPrx.uncheckedCast(
            here.stringToProxy(
                there.proxyToString(adapter.add(stream, Util.stringToIdentity("stream/s")))));
    adapter.activate();
    ObjectAdapter backplane = here.createObjectAdapterWithEndpoints("here", "tcp -h 127.0.0.1");
    client =
        new IceStreamClient(
            here,
            "i",
            "s",
            name -> CompletableFuture.completedFuture(List.of(proxy)),
            backplane,
            new Nothing(),
            new StreamClientConfig(
                WriterConfig.DEFAULTS,
                FollowerConfig.DEFAULTS,
                5_000,
                2_000,
                5_000,
                ASK_MILLIS,
                60_000));
  }

  @AfterEach
  void stop() throws Exception {
    stream.answers.release(1000);
    stream.news.release();
    client.close();
    here.destroy();
    there.destroy();
  }

  private static long epoch(CompletionStage<ClaimedEpoch> claimed) throws Exception {
    return claimed.toCompletableFuture().get(60, TimeUnit.SECONDS).epoch();
  }

  @Test
  void itIsTheSameHoweverOftenItIsTried() throws Exception {
    stream.epoch = 10;
    stream.hangs = 3;
    assertThat(epoch(client.claim(0, 10))).isEqualTo(11);
    assertThat(stream.claims).hasSize(4).containsOnly(new Claim(11, true));
  }

  /** It is the claim itself that a late answer may tell of. */
  @Test
  void whatIsSaidAfterItWasClaimedIsNoReasonForAnother() throws Exception {
    stream.epoch = 10;
    stream.newsHangs = true;
    stream.hangs = 1000;
    CompletionStage<ClaimedEpoch> claimed = client.claim(0, 10);
    Eventually.await("it has claimed", () -> !stream.claims.isEmpty());
    stream.epoch = 11;
    stream.news.release();
    int before = stream.claims.size();
    Eventually.await("it has claimed again", () -> stream.claims.size() > before + 1);
    assertThat(stream.claims).containsOnly(new Claim(11, true));
    assertThat(claimed).isNotNull();
  }

  @Test
  void nothingIsClaimedThatNobodyWaitsFor() {
    stream.epoch = 10;
    stream.hangs = 1000;
    CompletableFuture<ClaimedEpoch> claim = client.claim(0, 0).toCompletableFuture();
    assertThatThrownBy(() -> claim.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class);
    assertThat(stream.claims).containsOnly(new Claim(11, true));
  }

  @Test
  void itIsAboveWhatTheInstanceHasHeardOf() throws Exception {
    stream.epoch = 3;
    assertThat(epoch(client.claim(0, 8))).isEqualTo(9);
  }

  @Test
  void whoeverWasFasterIsOutbid() throws Exception {
    stream.epoch = 3;
    stream.hangs = 1;
    CompletionStage<ClaimedEpoch> claimed = client.claim(0, 3);
    Eventually.await("it has claimed", () -> !stream.claims.isEmpty());
    stream.epoch = 6;
    stream.answers.release();
    assertThat(epoch(claimed)).isEqualTo(7);
  }

  @Test
  void theFirstEpochOfAStreamHasNothingToReplace() throws Exception {
    assertThat(epoch(client.claim(0, 0))).isEqualTo(1);
    assertThat(stream.claims).containsExactly(new Claim(1, false));
  }

  @Test
  void aStreamThatIsGoneIsNotTheFirst() throws Exception {
    assertThat(epoch(client.claim(0, 4))).isEqualTo(5);
    assertThat(stream.claims).containsExactly(new Claim(5, true));
  }
}
