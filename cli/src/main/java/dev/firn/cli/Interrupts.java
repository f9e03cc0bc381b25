package dev.firn.cli;

/**
 * Remembers that the user pressed Ctrl-C. Signalled by any thread; a command that runs on waits
 * here instead of sleeping.
 */
final class Interrupts {

  private boolean interrupted;

  synchronized void interrupt() {
    interrupted = true;
    notifyAll();
  }

  synchronized boolean interrupted() {
    return interrupted;
  }

  synchronized void clear() {
    interrupted = false;
  }

  /** Waits for Ctrl-C at most so long; true if it came. */
  synchronized boolean await(long timeoutMillis) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
    while (!interrupted) {
      long remainingMillis = (deadline - System.nanoTime()) / 1_000_000;
      if (remainingMillis <= 0) {
        return false;
      }
      wait(remainingMillis);
    }
    return true;
  }
}
