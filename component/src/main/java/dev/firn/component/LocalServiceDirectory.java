package dev.firn.component;

import com.zeroc.Ice.Logger;
import dev.firn.election.StateStoreException;
import dev.firn.failover.ServiceChange;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceEvent;
import dev.firn.failover.ServiceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The table of a service locator that is alone, with its one writer: a thread takes what commands
 * there are, writes all that they change in one transaction, lets readers see the new table, and
 * answers then. Readers read what {@link #table} gives, without a lock.
 */
final class LocalServiceDirectory implements ServiceDirectory {
  private static final int QUEUE_MAX = 10_000;
  private static final int BATCH_MAX = 256;

  private record Request(
      Optional<ServiceCommand> command, CompletableFuture<ServiceTable.Verdict> answer) {}

  private final Optional<ServiceStore> store;
  private final Logger logger;
  private final Consumer<ServiceEvent> observer;
  private final Consumer<Throwable> bugs;
  private final BlockingQueue<Request> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread = new Thread(this::run, "firn-locator");
  private volatile ServiceTable table;
  private volatile boolean closed;

  /**
   * @param store where the table is kept; empty: in memory only. Closed here
   * @param observer is told of what has happened, on the writer's thread; must not wait
   * @param bugs gets what nobody expected; nothing is written any more then
   */
  LocalServiceDirectory(
      Optional<ServiceStore> store,
      Logger logger,
      Consumer<ServiceEvent> observer,
      Consumer<Throwable> bugs) {
    this.store = store;
    this.logger = logger;
    this.observer = observer;
    this.bugs = bugs;
    this.table = store.map(ServiceStore::load).orElse(ServiceTable.EMPTY);
  }

  void start() {
    thread.start();
  }

  @Override
  public ServiceTable table() {
    return table;
  }

  /**
   * Fails with {@link StateStoreException} if it could not be written: nothing has changed then.
   */
  @Override
  public CompletionStage<ServiceTable.Verdict> submit(ServiceCommand command) {
    CompletableFuture<ServiceTable.Verdict> answer = new CompletableFuture<>();
    if (closed || !queue.offer(new Request(Optional.of(command), answer))) {
      answer.completeExceptionally(
          new IllegalStateException(closed ? "the locator ends" : "too many requests are waiting"));
    }
    return answer;
  }

  private void run() {
    List<Request> batch = new ArrayList<>();
    try {
      serve(batch);
    } catch (RuntimeException | Error bug) {
      closed = true;
      bugs.accept(bug);
    }
    queue.drainTo(batch);
    batch.forEach(
        request ->
            request.answer.completeExceptionally(new IllegalStateException("the locator ends")));
  }

  private void serve(List<Request> batch) {
    boolean open = true;
    while (open) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        // Nobody interrupts this thread.
        throw new IllegalStateException(e);
      }
      queue.drainTo(batch, BATCH_MAX - 1);
      // The last request has no command.
      open = !batch.removeIf(request -> request.command.isEmpty());
      perform(batch);
    }
  }

  private void perform(List<Request> batch) {
    List<ServiceTable.Result> results = new ArrayList<>();
    List<ServiceChange> changes = new ArrayList<>();
    ServiceTable next = table;
    for (Request request : batch) {
      ServiceTable.Result result = next.apply(request.command.orElseThrow());
      results.add(result);
      changes.addAll(result.changes());
      next = next.with(result.changes());
    }
    try {
      if (!changes.isEmpty()) {
        store.ifPresent(s -> s.commit(changes));
      }
    } catch (StateStoreException e) {
      logger.error(String.valueOf(e.getMessage()));
      batch.forEach(request -> request.answer.completeExceptionally(e));
      return;
    }
    table = next;
    for (int i = 0; i < batch.size(); i++) {
      results.get(i).events().forEach(observer);
      batch.get(i).answer.complete(results.get(i).verdict());
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (thread.isAlive()) {
        queue.put(new Request(Optional.empty(), new CompletableFuture<>()));
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.ifPresent(ServiceStore::close);
  }
}
