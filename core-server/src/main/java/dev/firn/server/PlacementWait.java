package dev.firn.server;

/**
 * When to go on with a locate that found all usable members of its group synchronising with their
 * nodes: once enough of them are there, or all are through, or one is there and a grace period is
 * over, so that a node that hangs holds nobody up. One thread at a time.
 */
public final class PlacementWait {
  /** What to do now. */
  public enum Verdict {
    WAIT,
    RETRY,
    FAIL
  }

  private final int members;
  private final int enough;
  private int succeeded;
  private int failed;
  private boolean graceOver;
  private boolean over;

  /**
   * @param members how many are synchronising
   * @param count how many the locate wants
   */
  public PlacementWait(int members, int count) {
    if (members < 1) {
      throw new IllegalArgumentException("nobody to wait for");
    }
    this.members = members;
    this.enough = Math.max(1, Math.min(count, members));
  }

  /** One more member is there. */
  public Verdict succeeded() {
    succeeded++;
    return verdict();
  }

  /** One more member cannot be used. */
  public Verdict failed() {
    failed++;
    return verdict();
  }

  /** From now on one member is enough. */
  public Verdict graceOver() {
    graceOver = true;
    return verdict();
  }

  /** Anything but WAIT is said once. */
  private Verdict verdict() {
    boolean through = succeeded + failed == members;
    if (over || !(succeeded >= enough || through || (graceOver && succeeded > 0))) {
      return Verdict.WAIT;
    }
    over = true;
    return succeeded > 0 ? Verdict.RETRY : Verdict.FAIL;
  }
}
