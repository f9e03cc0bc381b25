package dev.firn.replication;

/** When a slave without a session tries to get one. */
final class ConnectSchedule {
  /**
   * Attempts at the normal pace before a refusal is taken for lasting: an old session of this name
   * may still have to end.
   */
  static final int QUICK_REFUSALS = 3;

  private final ReplicationConfig config;
  private boolean everStarted;
  private long startedMillis;
  private long dueMillis;
  private int refusals;

  ConnectSchedule(ReplicationConfig config) {
    this.config = config;
  }

  /** At once at first. */
  boolean isDue(long nowMillis) {
    return !everStarted || nowMillis >= dueMillis;
  }

  void started(long nowMillis) {
    everStarted = true;
    startedMillis = nowMillis;
  }

  void succeeded() {
    refusals = 0;
  }

  void failed(long nowMillis, Input.ConnectFailure failure) {
    dueMillis = nowMillis + periodMillis(failure);
  }

  /**
   * A session was lost: at once, unless it was a short one. Whatever ends each session (a full
   * disk, an update that cannot be applied) must not keep master and slave busy with whole tables.
   */
  void lost(long nowMillis) {
    dueMillis = Math.max(nowMillis, startedMillis + config.connectPeriodMillis());
  }

  private long periodMillis(Input.ConnectFailure failure) {
    return switch (failure) {
      case UNREACHABLE, DENIED -> {
        refusals = 0;
        yield config.connectPeriodMillis();
      }
      case NAME_IN_USE, DATABASE_REFUSED -> {
        refusals++;
        yield refusals > QUICK_REFUSALS
            ? config.refusedPeriodMillis()
            : config.connectPeriodMillis();
      }
    };
  }
}
