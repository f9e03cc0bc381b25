package dev.firn.registry;

import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ServerNotExistException;
import dev.firn.server.ServerSync;
import dev.firn.server.ServerSyncInput;
import dev.firn.server.ServerSyncOutput;
import dev.firn.server.ServerTarget;
import dev.firn.server.SyncFailure;
import dev.firn.server.SyncOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One deployed server: its state machine, which takes one input at a time from its inbox, and what
 * readers see of it. Any thread; nothing here blocks.
 */
final class ServerEntry implements ServerSyncOutput.Host<NodeServer> {
  /** Carries out what the machine wants of nodes, and hears what became of it. */
  interface Owner {
    CompletionStage<NodeServer> load(ServerTarget target, Optional<NodeServer> known);

    CompletionStage<Void> destroy(ServerTarget target, Optional<NodeServer> known);

    /** What the node last said of its adapters may be wrong from now on. */
    void changing(Optional<NodeServer> known);

    void loaded(ServerTarget target);

    void destroyed(ServerTarget target);

    void failed(ServerTarget target, SyncFailure failure);

    /** Nothing is left to know of this server. */
    void gone(ServerEntry entry);
  }

  /**
   * What readers see.
   *
   * @param loaded what the node answered, if that is of use still
   * @param confirmed whether the node has the server as it is deployed
   * @param underWay whether a request to a node is under way
   */
  private record View(
      @Nullable ServerTarget target,
      @Nullable NodeServer loaded,
      boolean confirmed,
      boolean underWay) {
    /** What a demand gets at once; null if it has to wait. The same as the machine's rule. */
    @Nullable NodeServer ready(boolean upToDate) {
      return target != null && (confirmed || (underWay && !upToDate)) ? loaded : null;
    }
  }

  private final String id;
  private final Owner owner;
  private final ServerSync<NodeServer> sync = new ServerSync<>();
  private final SerialQueue inbox;
  private final AtomicLong lastWaiter = new AtomicLong();
  private final Map<Long, CompletableFuture<NodeServer>> demands = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Optional<SyncFailure>>> settles =
      new ConcurrentHashMap<>();
  private volatile View view = new View(null, null, false, false);

  ServerEntry(String id, Owner owner, Consumer<RuntimeException> onBug) {
    this.id = id;
    this.owner = owner;
    inbox = new SerialQueue(onBug);
  }

  String id() {
    return id;
  }

  /** As it is to be; null if it is removed. */
  @Nullable ServerTarget target() {
    return view.target();
  }

  /** As the node has it, up to date; null if it has not, or nobody knows. */
  @Nullable NodeServer confirmed() {
    View now = view;
    return now.confirmed() ? now.loaded() : null;
  }

  /** Whether even who would take it from before an update has to wait for the node. */
  boolean isUnknown() {
    View now = view;
    return now.target() != null && now.ready(false) == null;
  }

  /** Queues an input; {@link #drain} has to follow, without locks. */
  void add(ServerSyncInput<NodeServer> input) {
    inbox.add(() -> step(input));
  }

  void drain() {
    inbox.drain();
  }

  void input(ServerSyncInput<NodeServer> input) {
    add(input);
    drain();
  }

  /** Whether the machine has ended and nothing waits for it. From within a step. */
  boolean isGone() {
    return sync.isGone() && inbox.isEmpty();
  }

  /**
   * The server as its node has it; see {@link NodeViews#server}.
   *
   * @return fails with ServerNotExistException, DeploymentException, NodeUnreachableException
   */
  CompletionStage<NodeServer> demand(boolean upToDate) {
    NodeServer ready = view.ready(upToDate);
    return ready != null ? CompletableFuture.completedFuture(ready) : queueDemand(upToDate);
  }

  /** Assigns the server to a session; as {@link #demand} for what comes of it. */
  CompletionStage<NodeServer> assign(String sessionId) {
    add(new ServerSyncInput.Assign<>(sessionId));
    return queueDemand(true);
  }

  private CompletionStage<NodeServer> queueDemand(boolean upToDate) {
    long waiter = lastWaiter.incrementAndGet();
    CompletableFuture<NodeServer> result = new CompletableFuture<>();
    demands.put(waiter, result);
    input(new ServerSyncInput.Demand<>(waiter, upToDate));
    return result;
  }

  /** Waits until nothing is under way; what failed last. */
  CompletionStage<Optional<SyncFailure>> settle() {
    long waiter = lastWaiter.incrementAndGet();
    CompletableFuture<Optional<SyncFailure>> result = new CompletableFuture<>();
    settles.put(waiter, result);
    input(new ServerSyncInput.Settle<>(waiter));
    return result;
  }

  private void step(ServerSyncInput<NodeServer> input) {
    List<ServerSyncOutput<NodeServer>> outputs = sync.step(input);
    view =
        new View(
            sync.target().orElse(null),
            sync.loaded().orElse(null),
            sync.isConfirmed(),
            sync.isUnderWay());
    outputs.forEach(output -> output.perform(this));
    if (sync.isGone()) {
      owner.gone(this);
    }
  }

  @Override
  public void load(long attempt, ServerTarget target) {
    owner.changing(sync.loaded());
    owner
        .load(target, sync.loaded())
        .whenComplete(
            (loaded, failure) -> {
              if (failure == null) {
                owner.loaded(target);
                input(new ServerSyncInput.Loaded<>(attempt, loaded));
              } else {
                failed(attempt, target, true, failure);
              }
            });
  }

  @Override
  public void destroy(long attempt, ServerTarget target) {
    owner.changing(sync.loaded());
    owner
        .destroy(target, sync.loaded())
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                owner.destroyed(target);
                input(new ServerSyncInput.Destroyed<>(attempt));
              } else {
                failed(attempt, target, false, failure);
              }
            });
  }

  private void failed(long attempt, ServerTarget target, boolean load, Throwable failure) {
    Optional<String> refusal = NodeRequests.refusal(failure);
    SyncFailure reason =
        refusal.isPresent()
            ? new SyncFailure.Refused(target.node(), load, refusal.get())
            : new SyncFailure.Unreachable(target.node(), NodeRequests.unreachable(failure));
    owner.failed(target, reason);
    input(
        refusal.isPresent()
            ? new ServerSyncInput.Refused<>(attempt, reason.reason())
            : new ServerSyncInput.Unanswered<>(attempt, reason.reason()));
  }

  @Override
  public void answer(long waiter, SyncOutcome<NodeServer> outcome) {
    CompletableFuture<NodeServer> result = demands.remove(waiter);
    if (result == null) {
      return;
    }
    if (outcome instanceof SyncOutcome.Ready<NodeServer> ready) {
      result.complete(ready.loaded());
    } else if (outcome instanceof SyncOutcome.Failed<NodeServer> failed) {
      result.completeExceptionally(exception(id, failed.failure()));
    } else {
      result.completeExceptionally(new ServerNotExistException(id));
    }
  }

  @Override
  public void settled(long waiter, Optional<SyncFailure> failure) {
    CompletableFuture<Optional<SyncFailure>> result = settles.remove(waiter);
    if (result != null) {
      result.complete(failure);
    }
  }

  /** As administrators and servers are told. */
  static Exception exception(String id, SyncFailure failure) {
    return failure instanceof SyncFailure.Refused refused
        ? new DeploymentException(reason(id, refused))
        : new NodeUnreachableException(failure.node(), failure.reason());
  }

  static String reason(String id, SyncFailure.Refused refused) {
    return "couldn't "
        + (refused.load() ? "load" : "unload")
        + " `"
        + id
        + "' on node `"
        + refused.node()
        + "':\n"
        + refused.reason();
  }
}
