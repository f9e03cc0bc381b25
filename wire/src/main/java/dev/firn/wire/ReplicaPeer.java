package dev.firn.wire;

import com.zeroc.Ice.CommunicatorDestroyedException;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.InvocationFuture;
import com.zeroc.Ice.InvocationTimeoutException;
import com.zeroc.Ice.Util;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
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

  /**
   * To be told of each call, at once.
   *
   * @param call what an asynchronous operation of a proxy returned
   * @param patient whether a slow answer to other calls must not disturb this one
   * @return the same call, which ends when its connection has been seen to
   */
  public <T> CompletionStage<T> watch(CompletableFuture<T> call, boolean patient) {
    InvocationFuture<T> invocation = Util.getInvocationFuture(call);
    Passage passage = new Passage();
    if (patient) {
      patientCalls.incrementAndGet();
    }
    // The invocation itself names no connection, and its proxy forgets it with the call's failure.
    invocation.whenSent(
        (synchronously, failure) -> {
          Connection connection = invocation.getProxy().ice_getCachedConnection();
          passage.connection = connection;
          watch(connection);
        });
    return call.whenComplete(
        (result, failure) -> {
          if (patient) {
            patientCalls.decrementAndGet();
          }
          if (failure != null && Async.cause(failure) instanceof InvocationTimeoutException) {
            leave(passage.connection);
          }
        });
  }

  /** Of one call; null until it has been sent. */
  private static final class Passage {
    private volatile @Nullable Connection connection;
  }

  private void leave(@Nullable Connection connection) {
    // Who is busy with a long call is not silent.
    if (connection != null && patientCalls.get() == 0) {
      watched.remove(connection);
      connection.close(ConnectionClose.Forcefully);
    }
  }

  private void watch(@Nullable Connection connection) {
    if (connection != null && watched.add(connection)) {
      // Not here: this thread holds the lock of the call, which who reads its answer wants while he
      // holds the connection's.
      ForkJoinPool.commonPool().execute(() -> tellWhenClosed(connection));
    }
  }

  private void tellWhenClosed(Connection connection) {
    try {
      connection.setCloseCallback(
          closed -> {
            if (watched.remove(connection)) {
              onClosed.run();
            }
          });
    } catch (CommunicatorDestroyedException e) {
      // This replica ends: nobody is left to be told.
    }
  }
}
