package dev.firn.component;

import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaListenerPrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ReplicaPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who want to know of changes of the role. Each is told in order, one call under way; a slow
 * or dead one concerns nobody else. Any thread; nothing blocks.
 */
final class ReplicaListeners {
  private static final int QUEUE_MAX = 16;
  private static final int FAILURES_MAX = 3;
  private static final int CALL_LIMIT_MILLIS = 5_000;
  private static final long RETRY_MILLIS = 500;

  /** What makes two proxies the same listener, whatever the options of their calls. */
  private record Key(Identity identity, String facet, String adapterId, List<Endpoint> endpoints) {
    static Key of(ObjectPrx proxy) {
      return new Key(
          proxy.ice_getIdentity(),
          proxy.ice_getFacet(),
          proxy.ice_getAdapterId(),
          List.of(proxy.ice_getEndpoints()));
    }
  }

  private final ScheduledExecutorService timer;
  private final Logger logger;
  private final String instance;
  private final Map<Key, Listener> listeners = new LinkedHashMap<>();

  ReplicaListeners(ScheduledExecutorService timer, Logger logger, String instance) {
    this.timer = timer;
    this.logger = logger;
    this.instance = instance;
  }

  /** Adds a listener, if it is not there. */
  void add(@Nullable ReplicaListenerPrx proxy) {
    if (proxy == null) {
      logger.warning("component " + instance + ": ignoring a null proxy as listener");
      return;
    }
    synchronized (listeners) {
      listeners.computeIfAbsent(
          Key.of(proxy), key -> new Listener(key, proxy.ice_invocationTimeout(CALL_LIMIT_MILLIS)));
    }
  }

  void remove(@Nullable ReplicaListenerPrx proxy) {
    if (proxy != null) {
      synchronized (listeners) {
        listeners.remove(Key.of(proxy));
      }
    }
  }

  int count() {
    synchronized (listeners) {
      return listeners.size();
    }
  }

  /** Tells all, in the order in which they were added. */
  void changed(boolean active, ReplicaPrx replica) {
    List<Listener> all;
    synchronized (listeners) {
      all = new ArrayList<>(listeners.values());
    }
    all.forEach(listener -> listener.enqueue(new Change(active, replica)));
  }

  private boolean has(Listener listener) {
    synchronized (listeners) {
      return listeners.get(listener.key) == listener;
    }
  }

  private void drop(Listener listener, String reason) {
    boolean dropped;
    synchronized (listeners) {
      dropped = listeners.remove(listener.key, listener);
    }
    if (dropped) {
      logger.warning(
          "component " + instance + ": dropping listener `" + listener.proxy + "': " + reason);
    }
  }

  private record Change(boolean active, ReplicaPrx replica) {}

  /** One listener; its queue is guarded by itself. */
  private final class Listener {
    private final Key key;
    private final ReplicaListenerPrx proxy;
    private final Deque<Change> queue = new ArrayDeque<>();
    private boolean calling;
    private int failures;

    Listener(Key key, ReplicaListenerPrx proxy) {
      this.key = key;
      this.proxy = proxy;
    }

    void enqueue(Change change) {
      boolean full;
      synchronized (this) {
        full = queue.size() == QUEUE_MAX;
        if (full) {
          // The first is under way; of the others the oldest says least.
          Change first = queue.removeFirst();
          queue.removeFirst();
          queue.addFirst(first);
        }
        queue.addLast(change);
      }
      if (full) {
        logger.warning(
            "component " + instance + ": listener `" + proxy + "' is slow; it misses a change");
      }
      next();
    }

    private void next() {
      Change change;
      synchronized (this) {
        change = queue.peekFirst();
        if (calling || change == null) {
          return;
        }
        calling = true;
      }
      if (!has(this)) {
        return;
      }
      CompletionStage<Void> call;
      try {
        call =
            change.active()
                ? proxy.activatedAsync(change.replica())
                : proxy.onStandbyAsync(change.replica());
      } catch (com.zeroc.Ice.LocalException e) {
        answered(e);
        return;
      }
      call.whenComplete((none, failure) -> answered(failure));
    }

    private void answered(@Nullable Throwable failure) {
      if (failure == null) {
        synchronized (this) {
          calling = false;
          failures = 0;
          queue.pollFirst();
        }
        next();
        return;
      }
      Throwable cause = Async.cause(failure);
      int failed;
      synchronized (this) {
        calling = false;
        failed = ++failures;
      }
      if (cause instanceof ObjectNotExistException || failed == FAILURES_MAX) {
        drop(this, Exceptions.text(cause));
        return;
      }
      try {
        timer.schedule(this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // The instance ends.
      }
    }
  }
}
