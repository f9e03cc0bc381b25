package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.UnknownException;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.ReplicatedState;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceEvent;
import dev.firn.failover.ServiceTable;
import dev.firn.failover.ServiceTable.Outcome;
import dev.firn.failover.ServiceTable.Verdict;
import dev.firn.model.MalformedEncodingException;
import dev.firn.wire.Firn.Replicator.PeerRefusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The table of one of several service locators. Each answers look-ups; whoever is asked for a
 * change has the coordinator of the {@link ReplicaGroup} carry it out, and answers once a majority
 * has it on disk.
 */
final class ReplicatedServiceDirectory implements ServiceDirectory, ReplicaGroup.Server {
  /** Shorter than a client's patience: it shall hear why. */
  private static final long WAITING_MILLIS_MAX = 2_500;

  /** Whether this locator takes registrations. Called on the writer's thread; must not wait. */
  interface Listener {
    void joined();

    void left();
  }

  private final ServiceCodec codec = new ServiceCodec();
  private final ReplicaGroup group;
  private final Consumer<ServiceEvent> observer;
  private @Nullable Listener listener;
  private volatile ServiceTable table;
  private volatile boolean joined;

  /**
   * @param store closed here
   * @param observer is told of what has happened while this locator coordinates, on the writer's
   *     thread; must not wait
   */
  ReplicatedServiceDirectory(
      Communicator communicator,
      ReplicaNodes nodes,
      ServiceStore store,
      Consumer<ServiceEvent> observer) {
    this.table = store.load();
    this.observer = observer;
    this.group = new ReplicaGroup(communicator, nodes, store, codec, this, WAITING_MILLIS_MAX);
  }

  void start(Listener itsListener) {
    listener = itsListener;
    group.start();
  }

  /** The coordinator of the group that this locator is in. */
  int coordinator() {
    return group.view().coordinator().value();
  }

  @Override
  public ServiceTable table() {
    return table;
  }

  @Override
  public CompletionStage<Verdict> submit(ServiceCommand command) {
    if (command instanceof ServiceCommand.AddParams && joined && changesNothing(command)) {
      // So owners keep their services alive, often. Only this: an epoch is for a majority to
      // confirm.
      return CompletableFuture.completedFuture(new Verdict(Outcome.DONE, 0));
    }
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    CompletableFuture<Verdict> done = answered.thenCompose(this::end);
    group.request(id -> new Input.Submit(id, command), answered);
    return done;
  }

  private boolean changesNothing(ServiceCommand command) {
    ServiceTable.Result result = table.apply(command);
    return result.outcome() == Outcome.DONE && result.changes().isEmpty();
  }

  @Override
  public CompletableFuture<byte[]> submitted(byte[] bytes) {
    ServiceCommand command;
    try {
      command = codec.command(bytes);
    } catch (MalformedEncodingException | IllegalArgumentException e) {
      return CompletableFuture.failedFuture(new UnknownException("no command: " + e.getMessage()));
    }
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    CompletableFuture<byte[]> done =
        answered.thenCompose(
            answer ->
                answer instanceof Answer.NotCoordinator not
                    ? CompletableFuture.failedFuture(new PeerRefusal(not.reason()))
                    : end(answer).thenApply(codec::encode));
    group.request(id -> new Input.SubmitHere(id, command), answered);
    return done;
  }

  private CompletableFuture<Verdict> end(Answer answer) {
    if (answer instanceof Answer.Outcome outcome) {
      if (outcome.result() instanceof ServiceTable.Result decided) {
        // Decided here: this locator is the one that tells.
        decided.events().forEach(observer);
        return CompletableFuture.completedFuture(decided.verdict());
      }
      return CompletableFuture.completedFuture((Verdict) outcome.result());
    } else if (answer instanceof Answer.UnknownOutcome unknown) {
      return failed(unknown.reason());
    } else if (answer instanceof Answer.Failed failed) {
      return failed(failed.reason());
    }
    throw new IllegalStateException("not the answer to a command: " + answer);
  }

  private static CompletableFuture<Verdict> failed(String reason) {
    return CompletableFuture.failedFuture(
        new UnknownException("the service locators could not agree: " + reason));
  }

  @Override
  public void published(ReplicatedState state) {
    table = (ServiceTable) state;
  }

  @Override
  public void joined() {
    joined = true;
    if (listener != null) {
      listener.joined();
    }
  }

  @Override
  public void left() {
    joined = false;
    if (listener != null) {
      listener.left();
    }
  }

  @Override
  public void ended() {
    joined = false;
  }

  @Override
  public void close() {
    group.close();
  }
}
