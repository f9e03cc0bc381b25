package dev.firn.component;

import java.util.concurrent.CompletionStage;

/** Who gives the epochs of a group. Any thread; nothing blocks. */
interface EpochSource {
  /**
   * Begins an epoch.
   *
   * @param proposed above all earlier ones; 0: the next one
   * @param known the highest that this instance knows of
   * @return fails with {@link StaleWriterException} if a newer one is known
   */
  CompletionStage<ClaimedEpoch> claim(long proposed, long known);

  /** Whether an epoch that this instance has is still the newest; fails like {@link #claim}. */
  CompletionStage<ClaimedEpoch> confirm(long epoch);
}
