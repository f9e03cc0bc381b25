package dev.firn.component;

import dev.firn.failover.StateItem;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How the active instance publishes its state. Any thread; nothing blocks. Changes are sent within
 * a millisecond, many in one update if there are many.
 *
 * <p>While the instance does not publish (before {@link StreamClient#startPublishing} and after
 * {@link StreamClient#stopPublishing}), changes are ignored and {@link #flush} fails with {@link
 * NotPublishingException}.
 */
public interface StatePublisher {
  /**
   * @throws IllegalArgumentException the item or its key is too large
   */
  default void set(StateItem item) {
    update(List.of(item), List.of());
  }

  default void remove(String key) {
    update(List.of(), List.of(key));
  }

  /**
   * Changes several keys at once: others see all of it or nothing.
   *
   * @throws IllegalArgumentException an item, a key or all together are too large, or a key is both
   *     set and removed
   */
  void update(List<StateItem> set, List<String> removed);

  /**
   * Completes when all that was changed before is as durable as the stream promises, with the seq
   * of the last acknowledged update. While the state is unprotected it completes at once, as no
   * protection is to be had, unless the client was made to wait then.
   *
   * <p>Fails with {@link StaleWriterException} once another instance writes, with {@link
   * NotPublishingException} when publishing was stopped before.
   */
  CompletionStage<Long> flush();
}
