package dev.firn.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The one timer thread of a ZeroC replica: tasks run one after the other, and one that waits for a
 * remote call holds up the others.
 */
final class ZerocTimer {
  private final StormProcess process;
  private final Deque<Task> due = new ArrayDeque<>();
  private boolean busy;

  ZerocTimer(StormProcess process) {
    this.process = process;
  }

  /**
   * @param body is given what it must run when it has ended
   */
  Task schedule(long delayLocalMillis, Consumer<Runnable> body) {
    Task task = new Task(body);
    process.after(
        delayLocalMillis,
        () -> {
          due.add(task);
          work();
        });
    return task;
  }

  private void work() {
    while (!busy && !due.isEmpty()) {
      Task task = due.remove();
      if (!task.cancelled) {
        task.started = true;
        busy = true;
        task.body.accept(this::ended);
      }
    }
  }

  private void ended() {
    busy = false;
    process.after(0, this::work);
  }

  /** Something to do once. */
  static final class Task {
    private final Consumer<Runnable> body;
    private boolean cancelled;
    private boolean started;

    private Task(Consumer<Runnable> body) {
      this.body = body;
    }

    /** Returns false if it is too late. */
    boolean cancel() {
      boolean inTime = !started && !cancelled;
      cancelled = true;
      return inTime;
    }
  }
}
