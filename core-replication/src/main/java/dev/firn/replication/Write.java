package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.CommandResult.Applied;
import dev.firn.model.Rejection;

/** A command on the {@link WritePath}, with what follows from its end. */
interface Write {
  Command command();

  /**
   * Asked when it is this write's turn.
   *
   * @return false to skip it, after having answered whoever waits for it
   */
  default boolean isWanted() {
    return true;
  }

  /** The command is valid; its rows are durable and its tables published. */
  void done(Applied applied);

  /** The command is not valid, could not be made durable, or came too late. Nothing changed. */
  void notDone(Rejection rejection);
}
