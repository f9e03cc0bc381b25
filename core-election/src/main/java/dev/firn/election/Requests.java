package dev.firn.election;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What clients want: waits while there is no group, is carried out by {@link Updates} where this
 * replica is the coordinator, and forwarded where it is not.
 */
final class Requests {
  /** Commands in one transaction. */
  private static final int BATCH_MAX = 256;

  private static final String NOT_COORDINATOR = "not the coordinator";

  private final Core core;
  private final Updates updates;
  private final Follower follower;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Set<Waiting> forwarding = new LinkedHashSet<>();
  private long forwardMillis;
  private Chores chores = Chores.NONE;

  Requests(Core core, Updates updates, Follower follower) {
    this.core = core;
    this.updates = updates;
    this.follower = follower;
  }

  /** Sets what else the replica of a service has to do. */
  void assign(Chores itsChores) {
    chores = itsChores;
  }

  Chores chores() {
    return chores;
  }

  void submit(RequestId request, StateCommand command) {
    Caller caller = Caller.client(request, core.outputs());
    if (waiting.size() + forwarding.size() >= core.config().waitingMax()) {
      caller.unknown("too many updates wait");
    } else {
      waiting.add(new Waiting(caller, command, core.nowMillis()));
    }
  }

  /** Carries a command out at this replica, now or never. */
  void submitHere(RequestId request, StateCommand command) {
    submitHere(Caller.clientOfThis(request, core.outputs()), command);
  }

  void submitHere(Caller caller, StateCommand command) {
    if (core.group().leads() && waiting.size() < core.config().waitingMax()) {
      waiting.add(new Waiting(caller, command, core.nowMillis()));
    } else {
      caller.refused(core.group().leads() ? "too many updates wait" : NOT_COORDINATOR);
    }
  }

  /**
   * Adds what nobody waits for; only by {@link Chores#lead}. It goes before all others, so that it
   * meets the state that was looked at, and must fit into one batch with its like.
   */
  void addFirst(Caller caller, StateCommand command) {
    waiting.addFirst(new Waiting(caller, command, core.nowMillis()));
  }

  /** Starts what can be started. Ends every step, so that a Persist is the last output. */
  void run() {
    if (!core.disk().isIdle()) {
      return;
    }
    if (core.group().leads() && updates.isQuiet()) {
      chores.lead();
      List<Waiting> batch = new ArrayList<>();
      while (!waiting.isEmpty() && batch.size() < BATCH_MAX) {
        batch.add(waiting.remove());
      }
      if (!batch.isEmpty()) {
        updates.start(batch);
      }
    } else if (core.group().follows() && core.nowMillis() >= forwardMillis) {
      answerWaiting(w -> !w.caller().mayMove(), NOT_COORDINATOR);
      while (!waiting.isEmpty()) {
        forward(waiting.remove());
      }
    }
    if (core.group().follows()) {
      chores.follow();
    }
  }

  long wakeAtMillis() {
    long wake = Long.MAX_VALUE;
    if (core.group().follows() && !waiting.isEmpty()) {
      wake = forwardMillis;
    }
    if (core.group().follows()) {
      wake = Math.min(wake, chores.wakeAtMillis());
    }
    if (core.config().waitingMillisMax() > 0 && !waiting.isEmpty()) {
      wake = Math.min(wake, waiting.element().sinceMillis() + core.config().waitingMillisMax());
    }
    return wake;
  }

  void tick() {
    long limitMillis = core.config().waitingMillisMax();
    if (limitMillis > 0) {
      answerWaiting(
          w -> core.nowMillis() - w.sinceMillis() >= limitMillis,
          "no group of replicas for " + limitMillis + " ms");
    }
  }

  /** There is no group: who must not wait for one is told so. */
  void groupLost() {
    answerWaiting(w -> !w.caller().isPatient(), "no group");
  }

  /** What was forwarded to it has an unknown outcome; nobody need wait until the calls fail. */
  void coordinatorSilent() {
    endForwarding("the coordinator does not answer");
  }

  void shutdown(String reason) {
    answerWaiting(w -> true, reason);
    endForwarding(reason);
  }

  private void endForwarding(String reason) {
    List<Waiting> ended = List.copyOf(forwarding);
    forwarding.clear();
    ended.forEach(w -> w.caller().unknown(reason));
  }

  private void answerWaiting(Predicate<Waiting> which, String reason) {
    List<Waiting> ended = waiting.stream().filter(which).toList();
    waiting.removeIf(which);
    ended.forEach(w -> w.caller().refused(reason));
  }

  private void forward(Waiting command) {
    forwarding.add(command);
    core.calls()
        .forward(
            core.group().coordinator(),
            core.group().coordinatorProxy(),
            command.command(),
            core.timing().forwardTimeoutMillis(),
            new Forwarded(command));
  }

  private final class Forwarded implements Ending {
    private final Waiting command;

    Forwarded(Waiting command) {
      this.command = command;
    }

    @Override
    public void answered(Answer answer) {
      if (forwarding.remove(command)) {
        if (answer instanceof Answer.Outcome outcome) {
          command.caller().done(outcome.result());
        } else {
          command.caller().unknown("the coordinator answered " + answer);
        }
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (!forwarding.remove(command)) {
        return;
      }
      if (failure == Input.Failure.REFUSED) {
        // Surely not done. The coordinator is asked whether it lives; what waits is tried again
        // in this group or the next.
        waiting.addFirst(command);
        forwardMillis = core.nowMillis() + core.timing().inactiveCheckMillis();
        follower.suspectCoordinator();
      } else {
        command.caller().unknown("forwarding to the coordinator failed: " + reason);
      }
    }
  }
}
