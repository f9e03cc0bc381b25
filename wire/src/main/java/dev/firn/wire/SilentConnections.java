package dev.firn.wire;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.InvocationFuture;
import com.zeroc.Ice.InvocationTimeoutException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Connections of which nothing is heard any more. Any thread.
 *
 * <p>Ice shares one connection among all calls to an endpoint. After packets were lost for a while
 * it stays silent until TCP sends again what was lost, which may take as long again; a new
 * connection works at once.
 */
public final class SilentConnections {
  private SilentConnections() {}

  /**
   * Pings. If there is no answer in time, the connection that all calls to this peer share is
   * closed: those under way fail, and the next makes a new one.
   *
   * @param timeoutMillis how soon a peer that lives answers a ping
   * @return whether it answered; does not fail
   */
  public static CompletionStage<Boolean> probe(ObjectPrx peer, int timeoutMillis) {
    try {
      CompletableFuture<Void> ping = peer.ice_invocationTimeout(timeoutMillis).ice_pingAsync();
      InvocationFuture<Void> invocation = Util.getInvocationFuture(ping);
      AtomicReference<Connection> connection = new AtomicReference<>();
      // The invocation itself names no connection, and its proxy forgets it with the failure.
      invocation.whenSent(
          (synchronously, failure) ->
              connection.set(invocation.getProxy().ice_getCachedConnection()));
      return ping.handle(
          (ok, failure) -> {
            Connection used = connection.get();
            if (used != null
                && failure != null
                && Async.cause(failure) instanceof InvocationTimeoutException) {
              used.close(ConnectionClose.Forcefully);
            }
            return failure == null;
          });
    } catch (LocalException e) {
      return CompletableFuture.completedFuture(false);
    }
  }
}
