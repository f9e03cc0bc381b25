package dev.firn.component;

import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * Where the state of the active instance arrives at one that stands by.
 *
 * <p>Called in order on one thread, which must not be held. The next call comes when the stage of
 * the last has completed: then it counts as applied. If it fails, that is reported and the state is
 * asked for as a whole again.
 */
interface StateSink {
  /**
   * Replaces everything: keys that are not there are gone.
   *
   * @param seq of the last update in it
   */
  CompletionStage<Void> snapshot(long epoch, long seq, SortedMap<String, StateItem> items);

  /** Applies one update, the one after the last. */
  CompletionStage<Void> update(StateUpdate update);
}
