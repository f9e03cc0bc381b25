package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Replica;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the replicas of a {@link StormSimulation} agree on, and what its clients want. */
interface SimulatedService {
  /** What is on a new disk. */
  ReplicatedState empty();

  Replica replica(ElectionConfig config, ReplicatedState state, RandomGenerator random);

  boolean isSame(ReplicatedState one, ReplicatedState other);

  /** How a replica is asked for a command. */
  Input submit(RequestId request, StateCommand command);

  /** How a coordinator is asked by a replica that passes a command on. */
  Input forwarded(RequestId request, StateCommand command);

  /** What that replica hears of the result; empty: an exception that says nothing. */
  Optional<StateResult> onTheWire(StateResult result);

  /** Whether clients need not know who the coordinator is. */
  boolean isForwarding();

  /** Something that a coordinator will do. */
  StateCommand certain(String name);

  /** A client does something at a replica. */
  void act(StormSimulation simulation, StormProcess process);

  /** A client hears what became of its command, or that nobody knows. */
  void heard(StateCommand command, Answer answer);

  /** One state came out of another. */
  void succeeded(ReplicatedState before, ReplicatedState after);
}
