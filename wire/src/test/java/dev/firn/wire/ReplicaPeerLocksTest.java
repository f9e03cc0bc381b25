package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.InvocationFuture;
import com.zeroc.Ice.ObjectPrx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The order of Ice's locks: who reads an answer takes the connection's, then the call's. */
class ReplicaPeerLocksTest {
  private final SentCall call = new SentCall();
  private final CompletableFuture<Boolean> lockedWhenWatched = new CompletableFuture<>();

  @Test
  void aConnectionIsWatchedWithoutTheLockOfTheCall() throws Exception {
    new ReplicaPeer(() -> {}).watch(call, false);

    assertThat(lockedWhenWatched.get(60, TimeUnit.SECONDS)).isFalse();
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private final Connection connection =
      fake(
          Connection.class,
          (self, method, arguments) ->
              switch (method.getName()) {
                case "setCloseCallback" -> lockedWhenWatched.complete(Thread.holdsLock(call));
                case "hashCode" -> 1;
                case "equals" -> self == arguments[0];
                // Watching needs nothing else of a connection.
                default -> throw new UnsupportedOperationException(method.getName());
              });

  /**
   * A call that has been sent; as Ice's do, it says so with its lock held. What throws is not for
   * who watches a call.
   */
  private final class SentCall extends InvocationFuture<Void> {
    @Override
    public synchronized CompletableFuture<Boolean> whenSent(
        BiConsumer<Boolean, ? super Throwable> action) {
      return CompletableFuture.completedFuture(true).whenComplete(action);
    }

    @Override
    public CompletableFuture<Boolean> whenSentAsync(BiConsumer<Boolean, ? super Throwable> action) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> whenSentAsync(
        BiConsumer<Boolean, ? super Throwable> action, Executor executor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObjectPrx getProxy() {
      return fake(ObjectPrx.class, (self, method, arguments) -> connection);
    }

    @Override
    public boolean cancel() {
      return false;
    }

    @Override
    public Communicator getCommunicator() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Connection getConnection() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String getOperation() {
      return "operation";
    }

    @Override
    public void waitForCompleted() {}

    @Override
    public boolean isSent() {
      return true;
    }

    @Override
    public void waitForSent() {}

    @Override
    public boolean sentSynchronously() {
      return true;
    }
  }
}
