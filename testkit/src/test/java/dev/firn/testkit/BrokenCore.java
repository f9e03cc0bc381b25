package dev.firn.testkit;

import dev.firn.election.CallId;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.NodeState;
import dev.firn.election.Output;
import dev.firn.election.PeerStatus;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A core that does one thing wrong, by changing what a right one takes and gives. */
abstract class BrokenCore implements StormCore {
  private final StormCore core;

  BrokenCore(StormCore core) {
    this.core = core;
  }

  /** What the core is given instead; empty if it is not given anything. */
  Optional<Input> input(Input input) {
    return Optional.of(input);
  }

  /**
   * What is done instead.
   *
   * @param outputs of the core; to be changed
   */
  void outputs(long nowMillis, Input input, List<Output> outputs) {}

  final StormCore core() {
    return core;
  }

  final boolean is(NodeState state) {
    return core.view().state() == state;
  }

  /** Whether the replica is in a group of its own making. */
  final boolean isOwn() {
    return core.view().coordinator().equals(core.view().id());
  }

  @Override
  public List<Output> step(long nowMillis, Input input) {
    Optional<Input> given = input(input);
    List<Output> outputs =
        given.isEmpty() ? new ArrayList<>() : new ArrayList<>(core.step(nowMillis, given.get()));
    outputs(nowMillis, input, outputs);
    return outputs;
  }

  @Override
  public long wakeAtMillis() {
    return core.wakeAtMillis();
  }

  @Override
  public ReplicaView view() {
    return core.view();
  }

  @Override
  public PeerStatus status() {
    return core.status();
  }

  @Override
  public ReplicatedState state() {
    return core.state();
  }

  /** Remembers which calls were of a kind. */
  static final class CallsOf {
    private final Class<? extends Message> kind;
    private final Set<CallId> calls = new TreeSet<>();

    CallsOf(Class<? extends Message> kind) {
      this.kind = kind;
    }

    void remember(List<Output> outputs) {
      for (Output output : outputs) {
        if (output instanceof Output.Ask ask && kind.isInstance(ask.message())) {
          calls.add(ask.call());
        } else if (output instanceof Output.AskObserver ask && kind.isInstance(ask.message())) {
          calls.add(ask.call());
        }
      }
    }

    boolean has(CallId call) {
      return calls.contains(call);
    }
  }
}
