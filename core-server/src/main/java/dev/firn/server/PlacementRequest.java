package dev.firn.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * One locate of a replica group: which members to ask, which to have started, when to answer.
 *
 * <p>The members are numbered in the policy's order; those that cannot be asked at all are left out
 * beforehand. The policy's choice is the first {@code count} members that neither failed nor keep
 * us waiting. Rules:
 *
 * <ol>
 *   <li>As many members are asked at a time as are still wanted, in order. One that fails, must be
 *       started first, or is slow to say anything is replaced by the next.
 *   <li>A member that must be started first is started if it belongs to the choice: an idle group
 *       does not start as a whole for one client, and yet all members come into use as the policy
 *       chooses them. One that somebody else starts is waited for as well; that costs nothing.
 *   <li>The answer goes out as soon as there are enough active members, whatever is still starting,
 *       or with fewer once nothing but slow members is left to wait for.
 * </ol>
 *
 * <p>States of a member:
 *
 * <pre>
 *   UNTRIED  -- Ask -->       ASKED
 *   ASKED    -- active -->    ACTIVE
 *   ASKED    -- inactive -->  INACTIVE
 *   ASKED    -- starting -->  STARTING, Activate
 *   ASKED    -- slow -->      SLOW, from where all answers lead on as from ASKED
 *   ASKED    -- failed -->    FAILED
 *   INACTIVE -- chosen -->    STARTING, Activate
 *   STARTING -- active -->    ACTIVE
 *   STARTING -- failed -->    FAILED
 * </pre>
 *
 * <p>What comes after the answer is ignored. One thread at a time.
 */
public final class PlacementRequest {
  private enum State {
    UNTRIED,
    ASKED,
    SLOW,
    INACTIVE,
    STARTING,
    ACTIVE,
    FAILED
  }

  private final State[] states;
  private final int count;
  private int firstFailed = -1;
  private boolean answered;

  /**
   * @param members how many there are to ask
   * @param count how many are wanted, 0 or more
   */
  public PlacementRequest(int members, int count) {
    states = new State[members];
    Arrays.fill(states, State.UNTRIED);
    this.count = Math.min(count, members);
  }

  /** The first outputs; to be called once, first. */
  public List<PlacementOutput> start() {
    return advance();
  }

  /** The member has a proxy, after it was asked or started. */
  public List<PlacementOutput> active(int member) {
    return arrived(member, State.ACTIVE);
  }

  /** The member was asked and could be started. */
  public List<PlacementOutput> inactive(int member) {
    return arrived(member, State.INACTIVE);
  }

  /** The member was asked and somebody is having it started. */
  public List<PlacementOutput> starting(int member) {
    if (answered || !waitsFor(member, State.STARTING)) {
      return List.of();
    }
    states[member] = State.STARTING;
    List<PlacementOutput> outputs = new ArrayList<>();
    outputs.add(new PlacementOutput.Activate(member));
    outputs.addAll(advance());
    return outputs;
  }

  /** The member cannot serve, for this request. */
  public List<PlacementOutput> failed(int member) {
    return arrived(member, State.FAILED);
  }

  /** The member was asked and has not said anything for a while. */
  public List<PlacementOutput> slow(int member) {
    return states[member] == State.ASKED ? arrived(member, State.SLOW) : List.of();
  }

  /** Whether the answer or the failure went out. */
  boolean answered() {
    return answered;
  }

  private List<PlacementOutput> arrived(int member, State state) {
    if (answered || !waitsFor(member, state)) {
      return List.of();
    }
    states[member] = state;
    if (state == State.FAILED && firstFailed < 0) {
      firstFailed = member;
    }
    return advance();
  }

  private boolean waitsFor(int member, State next) {
    return switch (states[member]) {
      case ASKED, SLOW -> true;
      case STARTING -> next == State.ACTIVE || next == State.FAILED;
      case ACTIVE, FAILED -> false; // a second answer, as from a call that was given up
      case UNTRIED, INACTIVE ->
          throw new IllegalStateException("member " + member + " is " + states[member]);
    };
  }

  private List<PlacementOutput> advance() {
    List<PlacementOutput> outputs = new ArrayList<>();
    startChosen(outputs);
    if (number(State.ACTIVE) >= count && count > 0) {
      answer(outputs);
      return outputs;
    }
    askNext(outputs);
    if (number(State.UNTRIED) + number(State.ASKED) + number(State.STARTING) == 0) {
      if (number(State.ACTIVE) > 0) {
        answer(outputs);
      } else if (number(State.SLOW) == 0) {
        answered = true;
        outputs.add(
            new PlacementOutput.Fail(
                firstFailed < 0 ? OptionalInt.empty() : OptionalInt.of(firstFailed)));
      }
    }
    return outputs;
  }

  private void startChosen(List<PlacementOutput> outputs) {
    int chosen = 0;
    for (int member = 0; member < states.length && chosen < count; member++) {
      if (states[member] == State.FAILED || states[member] == State.SLOW) {
        continue;
      }
      chosen++;
      if (states[member] == State.INACTIVE) {
        states[member] = State.STARTING;
        outputs.add(new PlacementOutput.Activate(member));
      }
    }
  }

  private void askNext(List<PlacementOutput> outputs) {
    int wanted = count - number(State.ACTIVE) - number(State.ASKED);
    for (int member = 0; member < states.length && wanted > 0; member++) {
      if (states[member] == State.UNTRIED) {
        states[member] = State.ASKED;
        outputs.add(new PlacementOutput.Ask(member));
        wanted--;
      }
    }
  }

  private void answer(List<PlacementOutput> outputs) {
    answered = true;
    List<Integer> members = new ArrayList<>();
    for (int member = 0; member < states.length && members.size() < count; member++) {
      if (states[member] == State.ACTIVE) {
        members.add(member);
      }
    }
    outputs.add(new PlacementOutput.Answer(members));
  }

  private int number(State state) {
    int number = 0;
    for (State each : states) {
      if (each == state) {
        number++;
      }
    }
    return number;
  }
}
