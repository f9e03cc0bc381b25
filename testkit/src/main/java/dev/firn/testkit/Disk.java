package dev.firn.testkit;

import java.util.List;
import java.util.function.BiFunction;

/**
 * What survives a crash: the tables with the changes of every transaction that was synced.
 *
 * @param <T> the tables
 * @param <C> a change of one row
 */
final class Disk<T, C> {
  private final T empty;
  private final BiFunction<T, List<C>, T> transaction;
  private T durable;
  private boolean failing;
  private long stalledUntilMillis;

  Disk(T empty, BiFunction<T, List<C>, T> transaction) {
    this.empty = empty;
    this.transaction = transaction;
    this.durable = empty;
  }

  T load() {
    return durable;
  }

  void sync(List<C> changes) {
    durable = transaction.apply(durable, changes);
  }

  /** As if everything written so far had led here. */
  void restore(T tables) {
    durable = tables;
  }

  /** A new, empty database. */
  void wipe() {
    durable = empty;
  }

  boolean isFailing() {
    return failing;
  }

  /** From now on commits fail, or succeed again. */
  void failing(boolean fails) {
    failing = fails;
  }

  /** Until then nothing reaches the disk, nor fails. */
  void stall(long untilMillis) {
    stalledUntilMillis = untilMillis;
  }

  long stalledMillis(long nowMillis) {
    return Math.max(0, stalledUntilMillis - nowMillis);
  }
}
