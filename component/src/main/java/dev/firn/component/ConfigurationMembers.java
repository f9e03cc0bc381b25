package dev.firn.component;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.RequestFailedException;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group, each of which is brought to the newest configuration: one call under way
 * per member, what failed is tried again for as long as the member may come back, or refuses it.
 * Any thread; the lock is never held across a call.
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
    CompletableFuture<Void> first;
    Member replaced;
    synchronized (this) {
      if (again && members.containsKey(proxy.toString())) {
        return CompletableFuture.completedFuture(null);
      }
      replaced = members.put(proxy.toString(), member);
      first = member.await(member.revision);
    }
    if (replaced != null) {
      release(replaced);
    }
    push(member);
    // It belongs to the group also if it refuses what there is.
    return first.exceptionally(refused -> null);
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

  /**
   * Completed when every member that could be reached last time has this revision, or cannot have
   * it.
   *
   * @param active the instance that has to take it: fails with what this one says to it, if it
   *     refuses. What others refuse, and who does not answer, concerns nobody who waits
   */
  CompletionStage<Void> applied(long revision, String active) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    synchronized (this) {
      for (Member member : members.values()) {
        if (member.reachable && member.revision < revision) {
          CompletableFuture<Void> done = member.await(revision);
          all.add(
              member.isOf(active)
                  ? done.exceptionallyCompose(
                      failure -> CompletableFuture.failedFuture(refusal(active, revision, failure)))
                  : done.exceptionally(failure -> null));
        }
      }
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  /** What the configurator gets. */
  private static Throwable refusal(String active, long revision, Throwable failure) {
    Throwable cause = Async.cause(failure);
    if (cause instanceof SerialConflict) {
      return cause;
    }
    String text =
        cause instanceof UnknownException unknown ? unknown.unknown : Exceptions.text(cause);
    return new UnknownException(
        "revision "
            + revision
            + " is stored, but the active instance "
            + active
            + " has refused it: "
            + text.lines().findFirst().orElse("")
            + "; it is tried again until another configuration takes its place");
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
    boolean isFirst = member.revision < 0;
    calls(member, view, isFirst)
        .whenComplete(
            (done, failure) ->
                ended(member, view, isFirst, failure == null ? null : Async.cause(failure)));
  }

  /**
   * What leads from what the member has to what it is to have; items are set last. It has the
   * revision with the last of these calls only.
   */
  private CompletionStage<Void> calls(Member member, StreamView target, boolean isFirst) {
    Configurations.Difference difference = configurations.difference(member.items, target.items());
    List<Function<Map<String, String>, CompletionStage<Void>>> calls = new ArrayList<>();
    if (difference.removedGroups().length > 0) {
      calls.add(
          context ->
              member.proxy.removeConfigurationGroupsAsync(difference.removedGroups(), context));
    }
    if (difference.removedItems().length > 0) {
      calls.add(
          context ->
              member.proxy.removeConfigurationItemsAsync(difference.removedItems(), context));
    }
    if (difference.set().length > 0 || isFirst || calls.isEmpty()) {
      calls.add(context -> member.proxy.setConfigurationAsync(difference.set(), context));
    }
    String before = Long.toString(Math.max(0, member.revision));
    String after = Long.toString(target.seq());
    CompletionStage<Void> done = CompletableFuture.completedFuture(null);
    for (int i = 0; i < calls.size(); i++) {
      Function<Map<String, String>, CompletionStage<Void>> call = calls.get(i);
      String revision = i == calls.size() - 1 ? after : before;
      Map<String, String> context =
          isFirst ? Map.of(REVISION, revision, FULL, "1") : Map.of(REVISION, revision);
      done = done.thenCompose(previous -> call.apply(context));
    }
    return done;
  }

  private void ended(
      Member member, StreamView pushed, boolean isFirst, @Nullable Throwable failure) {
    if (failure == null) {
      taken(member, pushed);
    } else if (failure instanceof SerialConflict && !isFirst) {
      // It has something else than it said it took: once more, everything.
      logger.warning(
          "configuration: " + member.proxy + " has newer items than revision " + pushed.seq());
      synchronized (this) {
        member.calling = false;
        member.items = new TreeMap<>();
        member.revision = -1;
      }
      push(member);
    } else if (isAnswer(failure)) {
      refused(member, pushed, failure);
    } else {
      away(member, pushed, failure);
    }
  }

  private void taken(Member member, StreamView pushed) {
    List<CompletableFuture<Void>> released;
    synchronized (this) {
      member.calling = false;
      member.items = pushed.items();
      member.revision = pushed.seq();
      member.refusal = null;
      member.heard();
      released = member.takeUpTo(pushed.seq());
    }
    released.forEach(waiting -> waiting.complete(null));
    push(member);
  }

  /** The component does not want it, or cannot have it now. */
  private void refused(Member member, StreamView pushed, Throwable failure) {
    List<CompletableFuture<Void>> released;
    boolean isNew;
    boolean isNewest;
    synchronized (this) {
      member.calling = false;
      isNew = member.refusal == null;
      member.refusal = new Refusal(pushed.seq(), failure);
      member.heard();
      released = member.takeUpTo(pushed.seq());
      isNewest = newest == null || newest.seq() <= pushed.seq();
    }
    released.forEach(waiting -> waiting.completeExceptionally(failure));
    if (isNew) {
      warn(member, pushed, ", which refuses it, trying again: ", failure);
    }
    if (isNewest) {
      later(member);
    } else {
      push(member);
    }
  }

  private void away(Member member, StreamView pushed, Throwable failure) {
    boolean again;
    boolean isNew;
    synchronized (this) {
      member.calling = false;
      boolean isMember = members.containsValue(member);
      again =
          isMember
              && !(failure instanceof ObjectNotExistException)
              && OwnerThread.nowMillis() - member.heardMillis < GIVE_UP_MILLIS;
      if (!again) {
        members.values().remove(member);
      }
      isNew = isMember && (member.reachable || !again);
      member.reachable = false;
    }
    if (isNew) {
      warn(member, pushed, again ? ", trying again: " : ", giving up: ", failure);
    }
    // Who waits must not wait for a member that is away.
    release(member);
    if (again) {
      later(member);
    }
  }

  /** Whether the member itself has said so. */
  private static boolean isAnswer(Throwable failure) {
    return failure instanceof UserException
        || failure instanceof UnknownException
        || (failure instanceof RequestFailedException
            && !(failure instanceof ObjectNotExistException));
  }

  private void warn(Member member, StreamView pushed, String then, Throwable failure) {
    logger.warning(
        "configuration: cannot push revision "
            + pushed.seq()
            + " to "
            + member.proxy
            + then
            + Exceptions.text(failure));
  }

  private void later(Member member) {
    synchronized (this) {
      if (member.retrying) {
        return;
      }
      member.retrying = true;
    }
    try {
      timer.schedule(() -> again(member), RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The process ends.
    }
  }

  private void again(Member member) {
    synchronized (this) {
      member.retrying = false;
    }
    push(member);
  }

  /** What a member said to a revision, and to all before it that it did not take. */
  private record Refusal(long revision, Throwable reason) {}

  private record Waiting(long revision, CompletableFuture<Void> done) {}

  /** Guarded by the lock of its owner. */
  private static final class Member {
    final ConfigurationServicePrx proxy;
    final List<Waiting> waiting = new ArrayList<>();
    SortedMap<String, StateItem> items = new TreeMap<>();
    long revision = -1;
    long heardMillis;
    boolean reachable = true;
    boolean calling;
    boolean retrying;
    @Nullable Refusal refusal;

    Member(ConfigurationServicePrx proxy, long nowMillis) {
      this.proxy = proxy;
      this.heardMillis = nowMillis;
    }

    boolean isOf(String instance) {
      return proxy.ice_getIdentity().equals(MemberConfigurationServant.identity(instance));
    }

    void heard() {
      heardMillis = OwnerThread.nowMillis();
      reachable = true;
    }

    /** Until it has this revision, or has said no, or is away. */
    CompletableFuture<Void> await(long wanted) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      if (refusal != null && refusal.revision >= wanted) {
        done.completeExceptionally(refusal.reason);
      } else {
        waiting.add(new Waiting(wanted, done));
      }
      return done;
    }

    List<CompletableFuture<Void>> takeUpTo(long reached) {
      List<CompletableFuture<Void>> taken = new ArrayList<>();
      waiting.removeIf(one -> one.revision <= reached && taken.add(one.done));
      return taken;
    }
  }

  private void release(Member member) {
    List<CompletableFuture<Void>> released;
    synchronized (this) {
      released = member.takeUpTo(Long.MAX_VALUE);
    }
    released.forEach(waiting -> waiting.complete(null));
  }
}
