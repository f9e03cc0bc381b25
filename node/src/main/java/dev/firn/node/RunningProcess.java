package dev.firn.node;

import java.io.IOException;

/** A process of a server, running or ended already. Any thread. */
interface RunningProcess {
  ProcessRecord record();

  /**
   * Sends a signal to the process, not to its group; does nothing if it has ended.
   *
   * @throws IOException if the system refuses
   */
  void signal(int number) throws IOException;

  /** Kills the process and what is left of its group. */
  void kill() throws IOException;
}
