package dev.firn.component;

import dev.firn.failover.StreamChange;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamCommand.Applied;
import dev.firn.failover.StreamCommand.Result;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamStore;
import dev.firn.failover.StreamStoreException;
import dev.firn.failover.StreamTables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One replicator on its own: a thread that decides, and writes all that waits in one transaction.
 */
final class LocalStreamEngine implements StreamEngine {
  private static final int WAITING_MAX = 10_000;
  private static final int BATCH_MAX = 256;

  private record Waiting(StreamCommand command, CompletableFuture<Result> answer) {}

  private final StreamStore store;
  private final boolean durable;
  private final Consumer<String> errors;
  private final Consumer<Throwable> bugs;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Thread thread;
  private StreamTables tables;
  private Listener listener = new Nobody();
  private volatile boolean closed;

  /**
   * @param store what it has; closed here
   * @param durable whether items are to survive, not only epochs and configuration
   * @param bugs gets what nobody expected; nothing is decided any more then
   * @throws StreamStoreException it cannot be written
   */
  LocalStreamEngine(
      StreamStore store, boolean durable, Consumer<String> errors, Consumer<Throwable> bugs) {
    this.store = store;
    this.durable = durable;
    this.errors = errors;
    this.bugs = bugs;
    this.tables = store.load();
    if (!durable) {
      List<StreamChange> forgetting = tables.forgetting();
      if (!forgetting.isEmpty()) {
        store.commit(forgetting);
      }
      tables = tables.with(forgetting);
    }
    thread = new Thread(this::run, "firn-streams");
    thread.setDaemon(true);
  }

  @Override
  public void start(Listener newListener) {
    listener = newListener;
    thread.start();
  }

  @Override
  public CompletableFuture<Result> submit(StreamCommand command) {
    CompletableFuture<Result> answer = new CompletableFuture<>();
    if (closed || !queue.offer(new Waiting(command, answer))) {
      answer.completeExceptionally(
          new NotServingException(closed ? "shutting down" : "too many updates wait"));
    }
    return answer;
  }

  private void run() {
    List<Waiting> batch = new ArrayList<>();
    try {
      listener.serving(tables);
      while (!closed) {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, BATCH_MAX - 1);
        perform(batch);
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RuntimeException | Error bug) {
      closed = true;
      bugs.accept(bug);
    }
    // Those of the batch that were answered stay so.
    fail(batch, "shutting down");
    fail(List.copyOf(queue), "shutting down");
    queue.clear();
    store.close();
  }

  private void perform(List<Waiting> batch) {
    StreamTables next = tables;
    List<Result> results = new ArrayList<>();
    List<StreamChange> written = new ArrayList<>();
    for (Waiting waiting : batch) {
      Result result = next.apply(waiting.command());
      results.add(result);
      if (result instanceof Applied applied && !applied.changes().isEmpty()) {
        next = next.with(applied.changes());
        written.addAll(surviving(waiting.command(), applied, next));
      }
    }
    try {
      if (!written.isEmpty()) {
        store.commit(written);
      }
    } catch (StreamStoreException e) {
      errors.accept(String.valueOf(e.getMessage()));
      fail(batch, String.valueOf(e.getMessage()));
      return;
    }
    tables = next;
    for (int i = 0; i < batch.size(); i++) {
      if (results.get(i) instanceof Applied applied && !applied.changes().isEmpty()) {
        listener.committed(batch.get(i).command(), applied);
      }
      batch.get(i).answer().complete(results.get(i));
    }
  }

  private List<StreamChange> surviving(StreamCommand command, Applied applied, StreamTables after) {
    if (durable || StreamState.empty(command.stream()).isConfiguration()) {
      return applied.changes();
    }
    // The epoch alone: whoever reads it, also as a durable replicator, knows that the items are
    // not there.
    return command instanceof StreamCommand.Claim ? after.forgetting(command.stream()) : List.of();
  }

  private static void fail(List<Waiting> batch, String reason) {
    batch.forEach(w -> w.answer().completeExceptionally(new NotServingException(reason)));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Nobody implements Listener {
    @Override
    public void serving(StreamTables tables) {}

    @Override
    public void committed(StreamCommand command, Applied result) {}

    @Override
    public void notServing(String reason) {}
  }
}
