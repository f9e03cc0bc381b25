package dev.firn.component;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import dev.firn.failover.StateItem;
import dev.firn.failover.StreamView;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group, each of which is brought to the newest configuration: one call under way
 * per member, what failed is tried again for as long as the member may come back. Any thread; the
 * lock is never held across a call.
 */
final class ConfigurationMembers {
  static final String REVISION = "ha.revision";

  /** Key of a request's context: what is set is all there is, whatever the member had before. */
  static final String FULL = "ha.full";

  private static final int CALL_LIMIT_MILLIS = 3_000;
  private static final long RETRY_MILLIS = 1_000;
  private static final long GIVE_UP_MILLIS = 600_000;

  private final Configurations configurations;
  private final ScheduledExecutorService timer;
  private final Logger logger;
  private final Map<String, Member> members = new TreeMap<>();
  private @Nullable StreamView newest;

  ConfigurationMembers(
      Configurations configurations, ScheduledExecutorService timer, Logger logger) {
    this.configurations = configurations;
    this.timer = timer;
    this.logger = logger;
  }

  /** The configuration has changed. */
  void changed(StreamView view) {
    List<Member> all;
    synchronized (this) {
      newest = view;
      all = List.copyOf(members.values());
    }
    all.forEach(this::push);
  }

  /**
   * Adds a member, or adds it anew: it gets everything.
   *
   * @param again whether it has been added by the same process before, and needs nothing if it is
   *     still known
   * @return completed when the first attempt to bring it there has ended
   */
  CompletionStage<Void> add(ConfigurationServicePrx proxy, boolean again) {
    ConfigurationServicePrx limited = proxy.ice_invocationTimeout(CALL_LIMIT_MILLIS);
    Member member = new Member(limited, OwnerThread.nowMillis());
    CompletableFuture<Void> first = new CompletableFuture<>();
    synchronized (this) {
      if (again && members.containsKey(proxy.toString())) {
        return CompletableFuture.completedFuture(null);
      }
      members.put(proxy.toString(), member);
      member.waiting.add(first);
    }
    push(member);
    return first;
  }

  /** A member has ended in order. */
  void remove(ConfigurationServicePrx proxy) {
    Member removed;
    synchronized (this) {
      removed = members.remove(proxy.toString());
    }
    if (removed != null) {
      release(removed);
    }
  }

  /** Completed when every member that could be reached last time has this revision, or cannot. */
  CompletionStage<Void> applied(long revision) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    synchronized (this) {
      for (Member member : members.values()) {
        if (member.healthy && member.revision < revision) {
          CompletableFuture<Void> done = new CompletableFuture<>();
          member.waiting.add(done);
          all.add(done);
        }
      }
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  /** This replicator serves no longer; members register with another. */
  void clear() {
    List<Member> all;
    synchronized (this) {
      all = List.copyOf(members.values());
      members.clear();
      newest = null;
    }
    all.forEach(this::release);
  }

  private void push(Member member) {
    StreamView target;
    synchronized (this) {
      target = newest;
      // The end of a call that is under way looks again.
      if (member.calling || !members.containsValue(member)) {
        return;
      }
      if (target == null || target.seq() <= member.revision) {
        target = null;
      } else {
        member.calling = true;
      }
    }
    if (target == null) {
      release(member);
      return;
    }
    StreamView view = target;
    calls(member, view)
        .whenComplete(
            (done, failure) -> ended(member, view, failure == null ? null : Async.cause(failure)));
  }

  /** What leads from what the member has to what it is to have; items are set last. */
  private CompletionStage<Void> calls(Member member, StreamView target) {
    boolean isFirst = member.revision < 0;
    String revision = Long.toString(target.seq());
    Map<String, String> context =
        isFirst ? Map.of(REVISION, revision, FULL, "1") : Map.of(REVISION, revision);
    Configurations.Difference difference = configurations.difference(member.items, target.items());
    CompletionStage<Void> calls = CompletableFuture.completedFuture(null);
    if (difference.removedGroups().length > 0) {
      calls =
          calls.thenCompose(
              x ->
                  member.proxy.removeConfigurationGroupsAsync(difference.removedGroups(), context));
    }
    if (difference.removedItems().length > 0) {
      calls =
          calls.thenCompose(
              x -> member.proxy.removeConfigurationItemsAsync(difference.removedItems(), context));
    }
    if (difference.set().length > 0 || isFirst) {
      calls = calls.thenCompose(x -> member.proxy.setConfigurationAsync(difference.set(), context));
    }
    return calls;
  }

  private void ended(Member member, StreamView pushed, @Nullable Throwable failure) {
    boolean conflict = failure instanceof SerialConflict;
    if (conflict) {
      logger.warning(
          "configuration: " + member.proxy + " has newer items than revision " + pushed.seq());
    }
    boolean done = failure == null || conflict;
    boolean again = true;
    long now = OwnerThread.nowMillis();
    synchronized (this) {
      member.calling = false;
      if (done) {
        member.items = pushed.items();
        member.revision = pushed.seq();
        member.heardMillis = now;
      } else {
        boolean isMember = members.containsValue(member);
        again =
            isMember
                && !(failure instanceof ObjectNotExistException)
                && now - member.heardMillis < GIVE_UP_MILLIS;
        if (!again) {
          members.values().remove(member);
        }
        if (isMember && (member.healthy || !again)) {
          logger.warning(
              "configuration: cannot push revision "
                  + pushed.seq()
                  + " to "
                  + member.proxy
                  + (again ? ", trying again: " : ", giving up: ")
                  + (failure == null ? "" : Exceptions.text(failure)));
        }
      }
      member.healthy = done;
    }
    if (done) {
      push(member);
    } else {
      // Who waits must not wait for a member that is away.
      release(member);
      if (again) {
        later(() -> push(member));
      }
    }
  }

  private void later(Runnable task) {
    try {
      timer.schedule(task, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The process ends.
    }
  }

  /** Guarded by the lock of its owner. */
  private static final class Member {
    final ConfigurationServicePrx proxy;
    final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    SortedMap<String, StateItem> items = new TreeMap<>();
    long revision = -1;
    long heardMillis;
    boolean healthy = true;
    boolean calling;

    Member(ConfigurationServicePrx proxy, long nowMillis) {
      this.proxy = proxy;
      this.heardMillis = nowMillis;
    }

    List<CompletableFuture<Void>> take() {
      List<CompletableFuture<Void>> taken = List.copyOf(waiting);
      waiting.clear();
      return taken;
    }
  }

  private void release(Member member) {
    List<CompletableFuture<Void>> released;
    synchronized (this) {
      released = member.take();
    }
    released.forEach(waiting -> waiting.complete(null));
  }
}
