package dev.firn.testkit;

import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Output;
import dev.firn.election.PeerStatus;
import dev.firn.election.Replica;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import java.util.List;

/** A replica as the simulator drives it: the real one, or one that a test broke on purpose. */
public interface StormCore {
  List<Output> step(long nowMillis, Input input);

  long wakeAtMillis();

  ReplicaView view();

  PeerStatus status();

  ReplicatedState state();

  static StormCore of(Replica replica) {
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
      public ReplicatedState state() {
        return replica.state();
      }
    };
  }

  /** What a test does to every replica at its start; by default nothing. */
  interface Alteration {
    default ReplicatedState loaded(ReplicatedState state) {
      return state;
    }

    default ElectionConfig config(ElectionConfig config) {
      return config;
    }

    default StormCore core(StormCore core, ElectionConfig config) {
      return core;
    }
  }
}
