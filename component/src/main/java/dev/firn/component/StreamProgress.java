package dev.firn.component;

/**
 * How far an instance is with the state.
 *
 * @param epoch of the last update applied or published
 * @param appliedSeq the last update that was applied; acknowledged, if this instance publishes
 * @param headSeq the last update that is known to exist
 * @param lagMillis age of the oldest update that is not applied yet, 0 if there is none
 * @param following whether the replicator is heard and a whole state has been applied
 */
record StreamProgress(
    long epoch, long appliedSeq, long headSeq, long lagMillis, boolean following) {
  static final StreamProgress NONE = new StreamProgress(0, 0, 0, 0, false);

  /** Whether everything that exists has been applied. */
  public boolean isSynchronized() {
    return following && appliedSeq >= headSeq;
  }
}
