package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import dev.firn.failover.FollowerInput;
import dev.firn.failover.FollowerOutput;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamFollower;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StateListener;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Hosts a follower; on the thread of its client but for the servant's operations. */
final class StreamFollowing implements FollowerOutput.FollowerHost, StateListener {
  private final IceStreamClient client;
  private final ObjectAdapter backplane;
  private final StreamFollower core;
  private final StateSink sink;
  private final Identity identity;
  private final List<CompletableFuture<Void>> held = new ArrayList<>();
  private final StateListenerPrx proxy;
  private boolean applying;

  /** How often the listener was added: an older acknowledgement may never be answered. */
  private int adds;

  private boolean acknowledging;
  private long acknowledgeSeq;
  private long acknowledgingSeq;

  StreamFollowing(IceStreamClient client, ObjectAdapter backplane, StateSink sink) {
    this.client = client;
    this.backplane = backplane;
    this.sink = sink;
    this.core = new StreamFollower(client.config().follower());
    this.identity =
        Util.stringToIdentity(client.instance().replace('/', '_') + "/" + UUID.randomUUID());
    this.proxy = StateListenerPrx.uncheckedCast(backplane.add(this, identity));
  }

  StreamFollower core() {
    return core;
  }

  /** Whether the component has not ended yet what it was given last. */
  boolean isApplying() {
    return applying;
  }

  void step(FollowerInput input) {
    if (!client.isCurrent(this)) {
      return;
    }
    for (FollowerOutput output : core.step(OwnerThread.nowMillis(), input)) {
      output.perform(this);
    }
    if (!core.isFull() && !held.isEmpty()) {
      List<CompletableFuture<Void>> released = List.copyOf(held);
      held.clear();
      released.forEach(one -> one.complete(null));
    }
  }

  void end() {
    held.forEach(one -> one.complete(null));
    held.clear();
    try {
      backplane.remove(identity);
      StateStreamPrx to = client.link().target();
      if (to != null) {
        to.ice_invocationTimeout(client.config().askMillis())
            .removeListenerAsync(client.instance());
      }
    } catch (LocalException e) {
      // The process ends: the replicator finds out by itself.
    }
  }

  private CompletionStage<Void> take(FollowerInput input) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    client.execute(
        () -> {
          if (client.isCurrent(this)) {
            held.add(taken);
          } else {
            taken.complete(null);
          }
          step(input);
        });
    return taken;
  }

  @Override
  public CompletionStage<Void> snapshotBeginAsync(
      String name, long epoch, long seq, Current current) {
    return take(new FollowerInput.SnapshotBegin(epoch, seq));
  }

  @Override
  public CompletionStage<Void> snapshotItemsAsync(Item[] part, Current current) {
    return take(new FollowerInput.SnapshotItems(StreamMapping.items(part)));
  }

  @Override
  public CompletionStage<Void> snapshotEndAsync(long seq, Current current) {
    return take(new FollowerInput.SnapshotEnd(seq));
  }

  @Override
  public CompletionStage<Void> updatesAsync(Update[] updates, Current current) {
    return take(new FollowerInput.Updates(StreamMapping.updates(updates)));
  }

  @Override
  public void add(long haveEpoch, long haveSeq) {
    adds++;
    acknowledging = false;
    client
        .link()
        .call(
            client.config().askMillis(),
            to -> to.addListenerAsync(client.instance(), proxy, haveEpoch, haveSeq),
            (done, failure) ->
                step(
                    failure == null
                        ? new FollowerInput.Added()
                        : new FollowerInput.AddFailed(Exceptions.text(failure))));
  }

  @Override
  public void applySnapshot(long epoch, long seq, SortedMap<String, StateItem> all) {
    apply(() -> sink.snapshot(epoch, seq, all));
  }

  @Override
  public void applyUpdate(StateUpdate update) {
    // A writer begins with an update that says nothing; the component need not know.
    boolean isEmpty = update.set().isEmpty() && update.removed().isEmpty();
    apply(isEmpty ? () -> CompletableFuture.completedFuture(null) : () -> sink.update(update));
  }

  private void apply(Supplier<CompletionStage<Void>> call) {
    applying = true;
    CompletionStage<Void> applied;
    try {
      applied = call.get();
    } catch (RuntimeException e) {
      applied = CompletableFuture.failedFuture(e);
    }
    applied.whenComplete(
        (done, failure) ->
            client.execute(
                () ->
                    applied(
                        failure == null
                            ? new FollowerInput.Applied()
                            : new FollowerInput.ApplyFailed(
                                Exceptions.text(Async.cause(failure))))));
  }

  private void applied(FollowerInput outcome) {
    applying = false;
    if (client.isCurrent(this)) {
      step(outcome);
      return;
    }
    // Nobody follows any more, but the component has it, so what it publishes must have it too.
    // Nothing else is given to it.
    core.step(OwnerThread.nowMillis(), outcome);
    client.appliedLast(this, outcome instanceof FollowerInput.Applied);
  }

  /** One call at a time, with the newest there is. */
  @Override
  public void acknowledge(long seq) {
    acknowledgeSeq = seq;
    if (acknowledging) {
      return;
    }
    acknowledging = true;
    acknowledgingSeq = seq;
    int run = adds;
    client
        .link()
        .call(
            client.config().askMillis(),
            to -> to.ackAsync(client.instance(), seq),
            (done, failure) -> {
              if (run != adds) {
                return;
              }
              acknowledging = false;
              if (failure == null && acknowledgeSeq != acknowledgingSeq && client.isCurrent(this)) {
                acknowledge(acknowledgeSeq);
              }
            });
  }

  @Override
  public void heard() {
    client.heard();
  }

  @Override
  public void lost(String reason) {
    client.lose(reason);
  }

  @Override
  public void applyFailed(String reason, long againMillis) {
    client.warn(
        client.instance()
            + " cannot apply the state, and gets all of it again in "
            + againMillis
            + " ms: "
            + reason);
  }

  @Override
  public void progressed() {
    StreamProgress progress =
        new StreamProgress(
            core.appliedEpoch(),
            core.appliedSeq(),
            core.receivedSeq(),
            core.waitingSinceMillis(),
            core.isWhole() && core.isHeard());
    client.progressed(progress);
    client.events().progressed(progress);
  }
}
