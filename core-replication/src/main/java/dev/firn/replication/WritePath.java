package dev.firn.replication;

import dev.firn.model.CommandResult;
import dev.firn.model.CommandResult.Applied;
import dev.firn.model.CommandResult.Rejected;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The one way tables change: in order of submission, each command applied to the tables as they
 * were published last, made durable, published.
 *
 * <p>Writes wait while a {@link Output.Persist} is outstanding. Hosts end it before they give other
 * inputs, so few ever do.
 */
final class WritePath {
  private final Outputs outputs;
  private final Deque<Write> waiting = new ArrayDeque<>();
  private RegistryTables tables;
  private @Nullable Write current;
  private @Nullable Applied applied;

  WritePath(Outputs outputs, RegistryTables tables) {
    this.outputs = outputs;
    this.tables = tables;
  }

  /** The tables as published last. */
  RegistryTables tables() {
    return tables;
  }

  /** Whether no write is outstanding. */
  boolean isIdle() {
    return current == null;
  }

  void submit(Write write) {
    waiting.add(write);
  }

  /** Starts what waits. Ends every step, so that a Persist is the last output. */
  void run() {
    while (current == null && !waiting.isEmpty()) {
      Write write = waiting.remove();
      if (write.isWanted()) {
        start(write);
      }
    }
  }

  /** The outstanding rows are durable. */
  void persisted() {
    Applied result = applied;
    Write write = endCurrent("Persisted");
    if (result == null) {
      throw new IllegalStateException("a write without result: " + write.command());
    }
    tables = result.tables();
    outputs.add(new Output.Publish(tables, result.events()));
    write.done(result);
  }

  /** The outstanding rows were not written. */
  void persistFailed(String reason) {
    endCurrent("PersistFailed").notDone(new Rejection(Rejection.Reason.NOT_PERSISTED, reason));
  }

  /** Drops what waits; an outstanding write goes on. */
  void stop() {
    while (!waiting.isEmpty()) {
      waiting.remove().notDone(Input.shuttingDown());
    }
  }

  private void start(Write write) {
    CommandResult result = write.command().applyTo(tables);
    if (result instanceof Rejected rejected) {
      write.notDone(rejected.rejection());
    } else if (result instanceof Applied valid) {
      if (valid.rows().isEmpty()) {
        write.done(valid);
      } else {
        current = write;
        applied = valid;
        outputs.add(new Output.Persist(valid.rows()));
      }
    } else {
      throw new IllegalStateException("unknown result " + result);
    }
  }

  private Write endCurrent(String input) {
    Write write = current;
    if (write == null) {
      throw new IllegalStateException(input + " without an outstanding Persist");
    }
    current = null;
    applied = null;
    return write;
  }
}
