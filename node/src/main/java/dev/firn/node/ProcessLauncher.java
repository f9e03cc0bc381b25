package dev.firn.node;

import dev.firn.server.ProcessExit;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts the processes of servers and watches them. Any thread; starting one blocks briefly. */
interface ProcessLauncher {

  /**
   * Starts a process in a session and process group of its own.
   *
   * @param onExit called once, on any thread, also before this returns
   * @throws LaunchException with the reason that the starter of the server is told
   */
  RunningProcess launch(LaunchSpec spec, Consumer<ProcessExit> onExit) throws LaunchException;

  /**
   * A process that an earlier run of this node started, if it still is that very one.
   *
   * @param onExit as above; the status of such a process is not known: {@link ProcessExit#UNKNOWN}
   */
  Optional<RunningProcess> adopt(ProcessRecord recorded, Consumer<ProcessExit> onExit);

  /** From now on nothing is launched any more: the node is being shut down. */
  void stop();
}
