package dev.firn.bench;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectAdapter;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StateListener;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.Update;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A standby that takes everything, keeps nothing, and acknowledges at once. */
final class BenchStandby implements StateListener, AutoCloseable {
  private final String name;
  private final StateStreamPrx stream;
  private final ObjectAdapter adapter;
  private final StateListenerPrx self;
  private final CompletableFuture<Long> snapshot = new CompletableFuture<>();
  private final AtomicLong items = new AtomicLong();

  BenchStandby(Communicator communicator, StateStreamPrx stream, String name) {
    this.name = name;
    this.stream = stream;
    adapter = communicator.createObjectAdapterWithEndpoints("", "tcp -h 127.0.0.1");
    self = StateListenerPrx.uncheckedCast(adapter.addWithUUID(this));
    adapter.activate();
  }

  /** Asks for everything; completes when the snapshot has come, with the number of items. */
  CompletableFuture<Long> join() throws com.zeroc.Ice.UserException {
    stream.addListener(name, self, 0, 0);
    return snapshot;
  }

  @Override
  public CompletionStage<Void> snapshotBeginAsync(
      String streamName, long epoch, long seq, Current current) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> snapshotItemsAsync(Item[] chunk, Current current) {
    items.addAndGet(chunk.length);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> snapshotEndAsync(long seq, Current current) {
    stream.ackAsync(name, seq);
    snapshot.complete(items.get());
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> updatesAsync(Update[] updates, Current current) {
    if (updates.length > 0) {
      stream.ackAsync(name, updates[updates.length - 1].seq);
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    stream.removeListener(name);
    adapter.destroy();
  }
}
