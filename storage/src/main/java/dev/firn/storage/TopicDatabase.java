package dev.firn.storage;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The named databases of a storm's LMDB environment. All but {@link #FIRN} are those of ZeroC's
 * service, with its order of keys.
 */
enum TopicDatabase implements NamedDatabase {
  /** {@code _manager} to LogUpdate. */
  LLU("llu"),
  /** SubscriberRecordKey to SubscriberRecord; a topic is a record without a subscriber's id. */
  SUBSCRIBERS("subscribers"),
  /** Ours; what ZeroC's service has no place for. Name to long. */
  FIRN("firn");

  /** The version of the whole layout; kept in {@link #FIRN}. A newer one is not opened. */
  static final long FORMAT_VERSION = 1;

  static final String FORMAT_VERSION_KEY = "stormFormatVersion";
  static final String PROMISE_KEY = "promise";
  static final String POSITION_KEY = "_manager";

  private final String databaseName;

  TopicDatabase(String databaseName) {
    this.databaseName = databaseName;
  }

  @Override
  public String databaseName() {
    return databaseName;
  }

  @Override
  public boolean duplicates() {
    return false;
  }

  @Override
  public @Nullable Comparator<byte[]> keyOrder() {
    return this == SUBSCRIBERS ? TopicRow.KEY_ORDER : null;
  }
}
