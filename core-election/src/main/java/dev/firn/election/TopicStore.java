package dev.firn.election;

/** Where a storm's topics survive. */
public interface TopicStore extends StateStore {
  @Override
  TopicTables load();
}
