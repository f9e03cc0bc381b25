package dev.firn.testkit;

import dev.firn.election.LogPosition;
import dev.firn.election.ReplicatedState;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every state of the topics that reached a disk, which came out of which, and up to where clients
 * were told that their updates are done. Nobody but the checks knows it.
 *
 * <p>What was acknowledged is one line without branches: a state that does not come out of it would
 * have lost something.
 */
final class StormHistory {
  private final SimulatedService service;
  private final TreeMap<LogPosition, State> states = new TreeMap<>();
  private final Map<Long, State> origins = new TreeMap<>();
  private State committed;

  StormHistory(SimulatedService service) {
    this.service = service;
    committed = new State(LogPosition.ZERO, service.empty());
    states.put(LogPosition.ZERO, committed);
  }

  /** The last state of which a client was told. */
  LogPosition committed() {
    return committed.position;
  }

  /** The same, as far as a group of an older generation can know it. */
  private LogPosition known(LogPosition acknowledged, long generation) {
    State state = states.get(acknowledged);
    while (state != null && state.generation() > generation) {
      state = originOf(state);
    }
    return state == null ? LogPosition.ZERO : state.position;
  }

  /** Tables reached a disk. */
  void durable(StormMachine machine, ReplicatedState tables) {
    State known = states.get(tables.position());
    if (known == null) {
      add(machine, tables);
      return;
    }
    Violation.unless(
        service.isSame(known.tables, tables),
        "%s has %s at position %s, but there it was %s",
        machine,
        tables,
        tables.position(),
        known.tables);
  }

  /**
   * A coordinator sends an update to a member. It may have written several at once; the members get
   * them one by one.
   */
  void sent(StormMachine machine, LogPosition position, StateCommand command) {
    State before = states.get(new LogPosition(position.generation(), position.iteration() - 1));
    if (before == null) {
      throw new Violation(machine + " sends " + position + ", and nobody has what is before it");
    }
    StateResult result = before.tables.follow(command);
    if (result.refusal().isEmpty()) {
      ReplicatedState after =
          before.tables.with(result.changes()).with(List.of(new StateChange.SetPosition(position)));
      service.succeeded(before.tables, after);
      durable(machine, after);
    } else {
      throw new Violation(machine + " sends " + command + ", which does not fit " + before.tables);
    }
  }

  private void add(StormMachine machine, ReplicatedState tables) {
    State added = new State(tables.position(), tables);
    long generation = added.generation();
    if (!origins.containsKey(generation)) {
      origins.put(generation, originOf(machine, tables));
    }
    states.put(tables.position(), added);
    Violation.unless(
        added.position.compareTo(committed.position) < 0 || comesFrom(added, committed),
        "%s has %s, which lacks what was acknowledged up to %s: %s",
        machine,
        tables,
        committed.position,
        committed.tables);
  }

  /** A new generation begins with tables that somebody had. */
  private State originOf(StormMachine machine, ReplicatedState tables) {
    State origin = null;
    for (State state : states.headMap(tables.position(), false).descendingMap().values()) {
      if (service.isSame(state.tables, tables)) {
        if (comesFrom(state, committed)) {
          return state;
        }
        origin = origin == null ? state : origin;
      }
    }
    if (origin == null) {
      throw new Violation(machine + " has " + tables + ", which nobody had before");
    }
    return origin;
  }

  /** Within a generation one follows the other; the first follows what the group began with. */
  private boolean comesFrom(State state, State ancestor) {
    State at = state;
    while (at.generation() > ancestor.generation()) {
      at = originOf(at);
    }
    return at.generation() == ancestor.generation()
        && at.position.compareTo(ancestor.position) >= 0;
  }

  private State originOf(State state) {
    State origin = origins.get(state.generation());
    if (origin == null) {
      throw new IllegalStateException("generation " + state.generation() + " has no origin");
    }
    return origin;
  }

  private @Nullable State parentOf(State state) {
    State lower = valueOf(states.lowerEntry(state.position));
    if (lower != null && lower.generation() == state.generation()) {
      return lower;
    }
    return state.generation() == 0 ? null : originOf(state);
  }

  private static @Nullable State valueOf(Map.@Nullable Entry<LogPosition, State> entry) {
    return entry == null ? null : entry.getValue();
  }

  /**
   * A client was told by a coordinator that its command is done.
   *
   * @param at the coordinator's position
   * @param since the committed position when the command was submitted
   * @return the position at which it was done
   */
  LogPosition acknowledged(
      StateCommand command, StateResult result, LogPosition at, LogPosition since) {
    State work = null;
    for (State state = states.get(at);
        state != null
            && state.generation() == at.generation()
            && state.position.compareTo(since) > 0;
        state = parentOf(state)) {
      if (isWorkOf(command, result, state)) {
        work = state; // The same command may have been given twice: the earlier is told first.
      }
    }
    if (work != null) {
      work.claimed = true;
      commit(work);
      return work.position;
    }
    throw new Violation(
        command + " was acknowledged, but is not done between " + since + " and " + at);
  }

  /** Whether it is what this command made of the state before, and no other command did. */
  private boolean isWorkOf(StateCommand command, StateResult result, State state) {
    State parent = parentOf(state);
    return !state.claimed
        && parent != null
        && parent.generation() == state.generation()
        && parent.tables.apply(command).equals(result)
        && isMadeBy(result, parent.tables, state.tables);
  }

  private boolean isMadeBy(StateResult result, ReplicatedState before, ReplicatedState after) {
    return result.refusal().isEmpty() && service.isSame(before.with(result.changes()), after);
  }

  private void commit(State state) {
    if (comesFrom(state, committed)) {
      committed = state;
    }
    Violation.unless(
        comesFrom(committed, state),
        "%s was acknowledged, but %s before it is not in it",
        state.position,
        committed.position);
    for (State later : states.tailMap(committed.position).values()) {
      Violation.unless(
          comesFrom(later, committed),
          "%s was acknowledged, but %s exists without it",
          committed.position,
          later.position);
    }
  }

  /**
   * Whether a command has this result in a state that was the current one since then. A coordinator
   * that is cut off may refuse something because of what it has until it notices.
   */
  boolean wasAnswer(StateResult result, StateCommand command, LogPosition at, LogPosition since) {
    LogPosition known = known(since, at.generation());
    for (State state = states.get(at);
        state != null && state.position.compareTo(known) >= 0;
        state = parentOf(state)) {
      if (state.tables.apply(command).equals(result)) {
        return true;
      }
    }
    return false;
  }

  /** Whether tables at a position have what was done at an earlier one. */
  boolean contains(LogPosition position, LogPosition earlier) {
    State state = states.get(position);
    State part = states.get(earlier);
    return state != null && part != null && comesFrom(state, part);
  }

  /** Whether everything acknowledged by this generation and those before is in these tables. */
  boolean isComplete(LogPosition position) {
    return contains(position, known(committed.position, position.generation()));
  }

  /** The topics at one position. */
  private static final class State {
    private final LogPosition position;
    private final ReplicatedState tables;
    private boolean claimed;

    State(LogPosition position, ReplicatedState tables) {
      this.position = position;
      this.tables = tables;
    }

    long generation() {
      return position.generation();
    }
  }
}
