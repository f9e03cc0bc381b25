package dev.firn.component;

import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Calls the component, on the one thread that is its own. Any thread; nothing blocks. Stages fail
 * with what the component threw.
 */
final class ComponentHooks implements StateSink {
  private final ReplicatedComponent component;
  private final RolePublisher publisher;
  private final Executor thread;
  private final Executor others;
  private volatile boolean listening;

  /**
   * @param thread calls the hooks, one at a time
   * @param others calls the health check
   */
  ComponentHooks(
      ReplicatedComponent component, RolePublisher publisher, Executor thread, Executor others) {
    this.component = component;
    this.publisher = publisher;
    this.thread = thread;
    this.others = others;
  }

  CompletionStage<Void> configure(ConfigView configuration) {
    return call(thread, () -> component.configure(configuration));
  }

  CompletionStage<Void> activate(Activation activation) {
    return call(
        thread,
        () -> {
          component.storesWritable(publisher);
          component.onActivate(activation);
        });
  }

  CompletionStage<Void> standby() {
    return call(
        thread,
        () -> {
          component.storesReadOnly();
          component.onStandby();
        });
  }

  /** Nothing can be written any more, also while a hook works. */
  void readOnly() {
    component.storesReadOnly();
  }

  CompletionStage<Void> probe() {
    return call(others, component::healthCheck);
  }

  /** Updates are applied from now on, or not any more. */
  void listening(boolean now) {
    listening = now;
  }

  @Override
  public CompletionStage<Void> snapshot(long epoch, long seq, SortedMap<String, StateItem> items) {
    return apply(() -> component.applySnapshot(items));
  }

  @Override
  public CompletionStage<Void> update(StateUpdate update) {
    return apply(() -> component.applyUpdate(update));
  }

  private CompletionStage<Void> apply(Action action) {
    return call(
        thread,
        () -> {
          // The hooks of an activation may be queued behind this call, but not before it.
          if (!listening) {
            throw new IllegalStateException("the instance follows no more");
          }
          action.run();
        });
  }

  private static CompletionStage<Void> call(Executor executor, Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            action.run();
            done.complete(null);
          } catch (Exception | LinkageError | StackOverflowError e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }
}
