package dev.firn.testkit;

import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Output;
import dev.firn.election.PeerStatus;
import dev.firn.election.ReplicaView;
import dev.firn.election.StormReplica;
import dev.firn.election.TopicTables;
import java.util.List;

/** A replica as the simulator drives it: the real one, or one that a test broke on purpose. */
public interface StormCore {
  List<Output> step(long nowMillis, Input input);

  long wakeAtMillis();

  ReplicaView view();

  PeerStatus status();

  TopicTables tables();

  static StormCore of(StormReplica replica) {
    return new StormCore() {
      @Override
      public List<Output> step(long nowMillis, Input input) {
        return replica.step(nowMillis, input);
      }

      @Override
      public long wakeAtMillis() {
        return replica.wakeAtMillis();
      }

      @Override
      public ReplicaView view() {
        return replica.view();
      }

      @Override
      public PeerStatus status() {
        return replica.status();
      }

      @Override
      public TopicTables tables() {
        return replica.tables();
      }
    };
  }

  /** What a test does to every replica at its start; by default nothing. */
  interface Alteration {
    default TopicTables loaded(TopicTables tables) {
      return tables;
    }

    default ElectionConfig config(ElectionConfig config) {
      return config;
    }

    default StormCore core(StormCore core, ElectionConfig config) {
      return core;
    }
  }
}
