package dev.firn.storm;

import com.zeroc.Ice.ConnectionI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices a oneway subscriber that breaks off the connection at each message of several events: its
 * {@code Ice.MessageSizeMax} is smaller than the message, though larger than each event. Nobody
 * else would tell: a message that was written counts as delivered. Any thread.
 */
final class OversizeGuard {
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One alone may be the subscriber's end. */
  private static final int BROKEN_MAX = 2;

  private final ConnectionWatch watch;
  private final Runnable onOversize;
  private final Runnable onBroken = this::broken;
  private @Nullable ConnectionI carrier;
  private long writtenNanos;

  /** Connections in a row that broke soon after a message of several events. */
  private int broken;

  /**
   * @param onOversize called, at times more than once, when such messages are found too large
   */
  OversizeGuard(ConnectionWatch watch, Runnable onOversize) {
    this.watch = watch;
    this.onOversize = onOversize;
  }

  /** This connection is about to carry a message of several events. */
  void carries(ConnectionI connection) {
    ConnectionI before;
    synchronized (this) {
      before = carrier;
      if (connection == before && System.nanoTime() - writtenNanos > SOON_NANOS) {
        // The last one was digested.
        broken = 0;
      }
      carrier = connection;
      writtenNanos = System.nanoTime();
    }
    if (connection != before) {
      forget(before);
      watch.watch(connection, onBroken);
    }
  }

  private void broken() {
    synchronized (this) {
      broken = System.nanoTime() - writtenNanos > SOON_NANOS ? 0 : broken + 1;
      if (broken < BROKEN_MAX) {
        return;
      }
    }
    onOversize.run();
  }

  /** The subscriber is gone. */
  void close() {
    ConnectionI last;
    synchronized (this) {
      last = carrier;
      carrier = null;
    }
    forget(last);
  }

  private void forget(@Nullable ConnectionI connection) {
    if (connection != null) {
      watch.forget(connection, onBroken);
    }
  }
}
