package dev.firn.node;

import dev.firn.server.Signal;
import java.io.IOException;

/** A process that an earlier run of this node has started, in a group of its own. */
final class AdoptedProcess implements RunningProcess {
  private final ProcessRecord record;

  AdoptedProcess(ProcessRecord record) {
    this.record = record;
  }

  @Override
  public ProcessRecord record() {
    return record;
  }

  @Override
  public void signal(int number) throws IOException {
    if (ProcessTable.isAlive(record)) {
      try {
        SystemTools.kill(number, Long.toString(record.pid()));
      } catch (IOException e) {
        if (ProcessTable.isAlive(record)) {
          throw e;
        }
      }
    }
  }

  @Override
  public void kill() throws IOException {
    signal(Signal.KILL);
    killGroup(record.pid());
  }

  /** A group keeps its number as long as anybody is in it; that nobody is left is fine. */
  static void killGroup(long group) {
    try {
      SystemTools.kill(Signal.KILL, "-" + group);
    } catch (IOException e) {
      // There is no such group any more.
    }
  }
}
