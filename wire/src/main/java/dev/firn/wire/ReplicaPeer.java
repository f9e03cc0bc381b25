package dev.firn.wire;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.InvocationFuture;
import com.zeroc.Ice.Util;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to another replica. Any thread.
 *
 * <p>A peer that dies closes its connections, which is noticed at once. One that became silent does
 * not: its connection is closed here after a call's time-out, so that the next call tries a new one
 * instead of waiting for the retransmissions of the old.
 */
public final class ReplicaPeer {
  private final Runnable onClosed;
  private final Set<Connection> watched =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
  private final AtomicInteger patientCalls = new AtomicInteger();

  /**
   * @param onClosed called on one of Ice's threads when a connection closed that was not closed
   *     here
   */
  public ReplicaPeer(Runnable onClosed) {
    this.onClosed = onClosed;
  }

  /** To be told of each call: its connection is watched once it is known. */
  public void started(CompletableFuture<?> call) {
    InvocationFuture<?> future = Util.getInvocationFuture(call);
    future.whenSent((synchronously, failure) -> watch(future.getConnection()));
  }

  /** A call began that a slow answer to another must not disturb. */
  void patientCallStarted() {
    patientCalls.incrementAndGet();
  }

  void patientCallEnded() {
    patientCalls.decrementAndGet();
  }

  /** A call ended without an answer in time. */
  void timedOut(CompletableFuture<?> call) {
    Connection connection = Util.getInvocationFuture(call).getConnection();
    // Who is busy with a long call is not silent.
    if (connection != null && patientCalls.get() == 0) {
      watched.remove(connection);
      connection.close(ConnectionClose.Forcefully);
    }
  }

  private void watch(@Nullable Connection connection) {
    if (connection != null && watched.add(connection)) {
      connection.setCloseCallback(
          closed -> {
            if (watched.remove(connection)) {
              onClosed.run();
            }
          });
    }
  }
}
