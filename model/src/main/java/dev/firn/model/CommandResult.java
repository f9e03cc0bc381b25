package dev.firn.model;

import java.util.List;

/** What applying a {@link Command} to tables yields. */
public sealed interface CommandResult {
  /**
   * The command is valid.
   *
   * @param tables the tables after it
   * @param rows what to write, in order, in one transaction; empty if the command changed nothing
   * @param events what to publish, in order
   * @param dbSerial the new serial of the events' table if the command counted, for all events
   */
  record Applied(
      RegistryTables tables, List<RowChange> rows, List<RegistryEvent> events, long dbSerial)
      implements CommandResult {
    /** {@code dbSerial} of a command that leaves the persistent serial alone. */
    public static final long NO_SERIAL = -1;

    public Applied {
      rows = List.copyOf(rows);
      events = List.copyOf(events);
    }
  }

  record Rejected(Rejection rejection) implements CommandResult {}
}
