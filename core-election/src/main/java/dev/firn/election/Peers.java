package dev.firn.election;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** All other replicas. */
final class Peers {
  private final SortedMap<ReplicaId, Peer> peers = new TreeMap<>();

  Peers(ElectionConfig config) {
    for (ReplicaId id : config.nodes()) {
      if (!id.equals(config.self())) {
        peers.put(id, new Peer(id, config.timing()));
      }
    }
  }

  boolean contains(ReplicaId id) {
    return peers.containsKey(id);
  }

  Peer get(ReplicaId id) {
    Peer peer = peers.get(id);
    if (peer == null) {
      throw new IllegalStateException("no peer " + id + " among " + peers.keySet());
    }
    return peer;
  }

  /** Ascending. */
  Collection<Peer> all() {
    return Collections.unmodifiableCollection(peers.values());
  }
}
