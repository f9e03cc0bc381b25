package dev.firn.failover;

import dev.firn.election.StateStore;

/** Where the streams of a replicator survive. */
public interface StreamStore extends StateStore {
  @Override
  StreamTables load();
}
