package dev.firn.node;

import dev.firn.server.Signal;
import java.io.IOException;

/** A process that this node has started. */
final class ChildProcess implements RunningProcess {
  private final Process process;
  private final ProcessRecord record;
  private final boolean ownGroup;

  ChildProcess(Process process, ProcessRecord record, boolean ownGroup) {
    this.process = process;
    this.record = record;
    this.ownGroup = ownGroup;
  }

  @Override
  public ProcessRecord record() {
    return record;
  }

  @Override
  public void signal(int number) throws IOException {
    if (number == Signal.TERM) {
      process.destroy();
    } else if (number == Signal.KILL) {
      process.destroyForcibly();
    } else if (process.isAlive()) {
      try {
        SystemTools.kill(number, Long.toString(record.pid()));
      } catch (IOException e) {
        if (process.isAlive()) {
          throw e;
        }
      }
    }
  }

  @Override
  public void kill() throws IOException {
    process.destroyForcibly();
    if (ownGroup) {
      AdoptedProcess.killGroup(record.pid());
    }
  }
}
