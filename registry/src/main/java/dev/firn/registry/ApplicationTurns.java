package dev.firn.registry;

import com.zeroc.IceGrid.DeploymentException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets one update of an application go on at a time, in the order in which they came. Any thread;
 * nobody waits on a thread.
 *
 * <p>Who waits too long, or behind too many, is told who is at it.
 */
final class ApplicationTurns {
  private final int waitingMax;
  private final long waitMillisMax;

  /** Who waits, by application; a queue is there while an update goes on. */
  private final Map<String, Turns> turns = new HashMap<>();

  private static final class Turns {
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private String current;

    Turns(String current) {
      this.current = current;
    }
  }

  private record Waiter(String user, CompletableFuture<Void> turn) {}

  /**
   * @param waitingMax how many may wait for one application
   */
  ApplicationTurns(int waitingMax, long waitMillisMax) {
    this.waitingMax = waitingMax;
    this.waitMillisMax = waitMillisMax;
  }

  /**
   * Does something when it is its turn.
   *
   * @param user for the message to others
   * @param work starts the work; the next one's turn comes when its stage ends
   */
  <T> CompletionStage<T> inTurn(
      String application, String user, Supplier<CompletionStage<T>> work) {
    CompletableFuture<Void> turn;
    synchronized (this) {
      Turns ahead = turns.get(application);
      if (ahead == null) {
        turns.put(application, new Turns(user));
        turn = CompletableFuture.completedFuture(null);
      } else if (ahead.waiting.size() >= waitingMax) {
        return CompletableFuture.failedFuture(busy(application, ahead.current));
      } else {
        turn = new CompletableFuture<>();
        ahead.waiting.add(new Waiter(user, turn));
        limit(application, turn);
      }
    }
    return turn.thenCompose(
        ready -> {
          CompletionStage<T> result;
          try {
            result = work.get();
          } catch (RuntimeException e) {
            end(application);
            throw e;
          }
          return result.whenComplete((done, failure) -> end(application));
        });
  }

  private void limit(String application, CompletableFuture<Void> turn) {
    CompletableFuture.delayedExecutor(waitMillisMax, TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              String current;
              synchronized (this) {
                Turns ahead = turns.get(application);
                if (ahead == null || !ahead.waiting.removeIf(waiter -> waiter.turn == turn)) {
                  return;
                }
                current = ahead.current;
              }
              turn.completeExceptionally(busy(application, current));
            });
  }

  private void end(String application) {
    Waiter next;
    synchronized (this) {
      Turns ended = turns.get(application);
      if (ended == null) {
        throw new IllegalStateException("nobody is updating " + application);
      }
      next = ended.waiting.poll();
      if (next == null) {
        turns.remove(application);
        return;
      }
      ended.current = next.user;
    }
    next.turn.complete(null);
  }

  private static DeploymentException busy(String application, String current) {
    return new DeploymentException(
        "application `" + application + "' is being updated by `" + current + "'; try again later");
  }
}
