package dev.firn.component;

import java.util.OptionalLong;

/**
 * How far an instance is with the state.
 *
 * @param epoch of the last update applied or published
 * @param appliedSeq the last update that was applied; acknowledged, if this instance publishes
 * @param headSeq the last update that is known to exist
 * @param waitingSinceMillis when the oldest update came that is not applied yet, on {@link
 *     OwnerThread#nowMillis}; empty if there is none
 * @param following whether the replicator is heard and a whole state has been applied
 */
record StreamProgress(
    long epoch, long appliedSeq, long headSeq, OptionalLong waitingSinceMillis, boolean following) {
  static final StreamProgress NONE = new StreamProgress(0, 0, 0, OptionalLong.empty(), false);

  /** Whether everything that exists has been applied. */
  public boolean isSynchronized() {
    return following && appliedSeq >= headSeq;
  }

  /**
   * Age of the oldest update that is not applied yet, 0 if there is none. It grows while an update
   * is stuck, and nothing comes that would change anything else.
   */
  long lagMillis(long nowMillis) {
    return waitingSinceMillis.isEmpty()
        ? 0
        : Math.max(0, nowMillis - waitingSinceMillis.getAsLong());
  }
}
