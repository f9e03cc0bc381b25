package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.OperationNotExistException;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.NodeState;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamCommand.Applied;
import dev.firn.failover.StreamCommand.Result;
import dev.firn.failover.StreamStore;
import dev.firn.failover.StreamTables;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One of several replicators: the coordinator of a {@link ReplicaGroup} serves, the others refuse.
 * Made by {@link Replicator}.
 */
final class ReplicatedStreamEngine implements StreamEngine, ReplicaGroup.Server {
  private final Communicator communicator;
  private final int self;
  private final ReplicaGroup group;
  private @Nullable Listener listener;
  private volatile StreamTables tables;

  /** Whether the listener was told so. Loop's thread. */
  private boolean serving;

  /**
   * @param store closed here
   */
  ReplicatedStreamEngine(Communicator communicator, ReplicaNodes nodes, StreamStore store) {
    this.communicator = communicator;
    this.self = nodes.self();
    this.tables = store.load();
    this.group = new ReplicaGroup(communicator, nodes, store, new StreamCodec(), this, 0);
  }

  @Override
  public void start(Listener itsListener) {
    listener = itsListener;
    group.start();
  }

  @Override
  public CompletableFuture<Result> submit(StreamCommand command) {
    // The listener hears of it on the loop's thread, in the order of the answers.
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    CompletableFuture<Result> done = answered.thenCompose(answer -> end(command, answer));
    group.request(id -> new Input.SubmitHere(id, command), answered);
    return done;
  }

  private CompletableFuture<Result> end(StreamCommand command, Answer answer) {
    if (answer instanceof Answer.Outcome outcome) {
      Result result = (Result) outcome.result();
      Listener told = listener;
      if (serving
          && told != null
          && result instanceof Applied applied
          && !applied.changes().isEmpty()) {
        told.committed(command, applied);
      }
      return CompletableFuture.completedFuture(result);
    } else if (answer instanceof Answer.NotCoordinator) {
      return CompletableFuture.failedFuture(new NotServingException(reason()));
    } else if (answer instanceof Answer.UnknownOutcome unknown) {
      return CompletableFuture.failedFuture(new NotServingException(unknown.reason()));
    } else if (answer instanceof Answer.Failed failed) {
      return CompletableFuture.failedFuture(new NotServingException(failed.reason()));
    }
    throw new IllegalStateException("not the answer to a command: " + answer);
  }

  private String reason() {
    ReplicaView view = group.view();
    return view.state() == NodeState.NORMAL
        ? "replicator " + view.coordinator() + " is the one to talk to"
        : "the replicators have no coordinator";
  }

  /** The replicator after the last input. Any thread. */
  ReplicaView view() {
    return group.view();
  }

  @Override
  public void published(ReplicatedState state) {
    tables = (StreamTables) state;
  }

  @Override
  public void joined() {
    Listener told = listener;
    if (told != null && group.leads()) {
      serving = true;
      // Every update in them is on the disks of a majority: that is what the group began with.
      told.serving(tables);
      communicator.getLogger().print("replicator " + self + " is the one to talk to");
    } else if (told != null) {
      notServing(told);
    }
  }

  @Override
  public void left() {
    Listener told = listener;
    if (serving && told != null) {
      notServing(told);
    }
  }

  private void notServing(Listener told) {
    serving = false;
    told.notServing(reason());
    communicator.getLogger().print("replicator " + self + ": " + reason());
  }

  /** Others talk to the coordinator themselves. */
  @Override
  public CompletableFuture<byte[]> submitted(byte[] command) {
    return CompletableFuture.failedFuture(new OperationNotExistException());
  }

  @Override
  public void ended() {
    Listener told = listener;
    if (serving && told != null) {
      serving = false;
      told.notServing("shutting down");
    }
  }

  /** Blocks for the transaction and the dispatches under way. */
  @Override
  public void close() {
    group.close();
  }
}
