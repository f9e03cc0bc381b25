package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.NodeState;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.StateCommand;
import java.util.Map;
import java.util.TreeMap;

/**
 * What must hold for the replicas together, after every event. With ZeroC's replicas in the group
 * only what concerns ours alone: its rules lose updates.
 */
final class StormExpectations {
  private static final int REIGNS_AT_REST_MAX = 3;

  private final StormSimulation simulation;
  private final StormHistory history;
  private final boolean mixed;
  private final Map<Long, String> reigns = new TreeMap<>();
  private int acknowledged;
  private int rejected;
  private int unknown;

  StormExpectations(StormSimulation simulation, StormHistory history, boolean mixed) {
    this.simulation = simulation;
    this.history = history;
    this.mixed = mixed;
  }

  int acknowledged() {
    return acknowledged;
  }

  int rejected() {
    return rejected;
  }

  int unknown() {
    return unknown;
  }

  /** How many groups came to serve. */
  int reigns() {
    return reigns.size();
  }

  /** While nothing changes, a group may form now and then, but not over and over. */
  void requireRest(int reignsBefore) {
    Violation.unless(
        reigns.size() - reignsBefore <= Math.max(REIGNS_AT_REST_MAX, simulation.machines().size()),
        "%d groups came and went while nothing changed",
        reigns.size() - reignsBefore);
  }

  /** A transaction of one of our replicas reached its disk. */
  void durable(StormMachine machine) {
    if (!mixed) {
      history.durable(machine, machine.disk().load());
    }
  }

  /** One of our replicas sends an update to a member. */
  void sent(StormMachine machine, Message.Update update) {
    if (!mixed) {
      history.sent(machine, update.position(), update.command());
    }
  }

  /** A replica that executed a command itself answers its caller. */
  void decided(FirnNode node, StateCommand command, LogPosition since, Answer answer) {
    if (mixed || !(answer instanceof Answer.Outcome outcome)) {
      return;
    }
    LogPosition at = node.machine().disk().load().position();
    if (outcome.result().refusal().isEmpty()) {
      LogPosition position = history.acknowledged(command, outcome.result(), at, since);
      requireOnMajority(command, position);
    } else {
      Violation.unless(
          history.wasAnswer(outcome.result(), command, at, since),
          "%s answers %s with %s, which was not so since %s",
          node,
          command,
          outcome.result(),
          since);
    }
  }

  private void requireOnMajority(StateCommand command, LogPosition position) {
    int holders = 0;
    for (StormMachine machine : simulation.machines()) {
      if (history.contains(machine.disk().load().position(), position)) {
        holders++;
      }
    }
    Violation.unless(
        2 * holders > simulation.machines().size(),
        "%s was acknowledged at %s, but only %d replicas have it",
        command,
        position,
        holders);
  }

  /** A client heard this. */
  void answered(Answer answer) {
    if (answer instanceof Answer.Outcome outcome) {
      if (outcome.result().refusal().isEmpty()) {
        acknowledged++;
      } else {
        rejected++;
      }
    } else {
      unknown++;
    }
  }

  /** One of our replicas took an input. */
  void stepped(FirnNode node) {
    ReplicaView view = node.view();
    if (view.state() != NodeState.NORMAL && view.state() != NodeState.REORGANIZATION) {
      Violation.unless(!node.isReadOpen(), "%s answers reads in state %s", node, view.state());
      return;
    }
    for (StormMachine machine : simulation.machines()) {
      if (machine.process() instanceof FirnNode other && other != node) {
        requireOneCoordinator(view, other.view());
      }
    }
    if (view.state() == NodeState.NORMAL && view.coordinator().equals(view.id())) {
      requireReign(node, view);
    }
  }

  private static void requireOneCoordinator(ReplicaView one, ReplicaView other) {
    boolean together =
        one.group().equals(other.group())
            && (other.state() == NodeState.NORMAL || other.state() == NodeState.REORGANIZATION);
    Violation.unless(
        !together || one.coordinator().equals(other.coordinator()),
        "two coordinators in one group: %s and %s",
        one,
        other);
  }

  private void requireReign(FirnNode node, ReplicaView view) {
    Violation.unless(
        2 * (view.members().size() + 1) > simulation.machines().size(),
        "%s serves without a majority: %s",
        node,
        view);
    if (mixed) {
      return;
    }
    String before = reigns.putIfAbsent(view.generation(), view.group());
    Violation.unless(
        before == null || before.equals(view.group()),
        "generation %s belongs to %s and to %s",
        view.generation(),
        before,
        view.group());
    LogPosition position = node.machine().disk().load().position();
    Violation.unless(
        before != null || history.isComplete(position),
        "%s serves with %s, which lacks what was acknowledged up to %s",
        node,
        position,
        history.committed());
    if (node.isIdle()) {
      view.members().forEach(member -> requireCopy(node, view, member.id()));
    }
  }

  private void requireCopy(FirnNode node, ReplicaView view, ReplicaId member) {
    StormMachine machine = simulation.machineOf(member);
    if (machine.process() instanceof FirnNode other && isIn(other.view(), view)) {
      Violation.unless(
          machine.disk().load().position().equals(node.machine().disk().load().position())
              && simulation.service().isSame(other.published(), node.published()),
          "%s has %s, but its member %s has %s",
          node,
          node.machine().disk().load(),
          other,
          machine.disk().load());
    }
  }

  private static boolean isIn(ReplicaView member, ReplicaView group) {
    return member.state() == NodeState.NORMAL && member.group().equals(group.group());
  }
}
