package dev.firn.testkit;

import dev.firn.election.Input.Failure;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.testkit.StormRequest.End;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Calls between replicas: oneway ones that arrive or do not, two-way ones that always end, with an
 * answer, a refused or lost connection, or a time-out.
 */
final class StormCalls {
  private static final int NOTICE_MILLIS = 50;

  private final StormSimulation simulation;
  private final SplittableRandom random;
  private final Map<Long, Pending> pending = new TreeMap<>();
  private long number;

  StormCalls(StormSimulation simulation) {
    this.simulation = simulation;
    this.random = simulation.random();
  }

  void oneway(StormProcess caller, ReplicaId target, Message.Oneway message) {
    StormRequest call = new StormRequest.OfReplica(message);
    StormMachine to = simulation.machineOf(target);
    simulation
        .network()
        .sendOnce(
            caller.machine().index(),
            to.index(),
            () -> {
              StormProcess process = to.process();
              if (process != null) {
                simulation.trace(() -> caller + " > " + process + " " + call);
                process.handle(call, answer -> {});
              }
            });
  }

  /**
   * @param timeoutLocalMillis by the caller's clock
   * @param then called once while the caller lives
   */
  void call(
      StormProcess caller,
      ReplicaId target,
      StormRequest call,
      long timeoutLocalMillis,
      Consumer<End> then) {
    number++;
    long thisNumber = number;
    StormMachine to = simulation.machineOf(target);
    Pending made = new Pending(caller, to, then);
    pending.put(thisNumber, made);
    Consumer<End> end =
        answer -> {
          pending.remove(thisNumber);
          made.end(answer);
        };
    int from = caller.machine().index();
    Consumer<End> respond =
        answer -> {
          if (!simulation.network().sendOnce(to.index(), from, () -> end.accept(answer))) {
            breakOff(end, timeoutLocalMillis);
          }
        };
    Runnable arrival =
        () -> {
          StormProcess process = to.process();
          if (process == null) {
            respond.accept(new End.Failed(Failure.REFUSED, "connection refused"));
          } else {
            simulation.trace(() -> caller + " > " + process + " " + call);
            process.handle(call, respond);
          }
        };
    boolean connectable = !simulation.network().isCut(from, to.index());
    boolean underWay =
        call.isIdempotent()
            ? simulation.network().send(from, to.index(), arrival)
            : simulation.network().sendOnce(from, to.index(), arrival);
    if (!underWay && connectable) {
      breakOff(end, timeoutLocalMillis);
    }
    Failure atTimeout =
        underWay || connectable || random.nextBoolean() ? Failure.TIMEOUT : Failure.REFUSED;
    simulation
        .agenda()
        .after(
            caller.machine().realMillis(timeoutLocalMillis),
            () -> end.accept(new End.Failed(atTimeout, "no answer")));
  }

  /** A lost message is noticed sometimes, for the connection is lost too. */
  private void breakOff(Consumer<End> end, long timeoutLocalMillis) {
    if (random.nextInt(4) == 0) {
      simulation
          .agenda()
          .after(
              random.nextLong(timeoutLocalMillis),
              () -> end.accept(new End.Failed(Failure.LOST, "connection lost")));
    }
  }

  /**
   * The connections between two machines close: calls under way fail, and both sides are told, each
   * sooner or later.
   */
  void disconnect(StormMachine one, StormMachine other) {
    pending
        .entrySet()
        .removeIf(
            entry -> {
              Pending call = entry.getValue();
              boolean concerned =
                  (call.caller.machine() == one && call.target == other)
                      || (call.caller.machine() == other && call.target == one);
              if (concerned) {
                simulation
                    .agenda()
                    .after(
                        1 + random.nextInt(NOTICE_MILLIS),
                        () -> call.end(new End.Failed(Failure.LOST, "connection lost")));
              }
              return concerned;
            });
    tell(one, other);
    tell(other, one);
  }

  private void tell(StormMachine who, StormMachine of) {
    StormProcess process = who.process();
    if (process != null) {
      simulation
          .agenda()
          .after(
              1 + random.nextInt(NOTICE_MILLIS),
              () -> {
                if (process.isAlive()) {
                  process.peerClosed(of.id());
                }
              });
    }
  }

  /** A call under way; whatever ends it first counts. */
  private static final class Pending {
    private final StormProcess caller;
    private final StormMachine target;
    private final Consumer<End> then;
    private boolean ended;

    Pending(StormProcess caller, StormMachine target, Consumer<End> then) {
      this.caller = caller;
      this.target = target;
      this.then = then;
    }

    void end(End answer) {
      if (!ended) {
        ended = true;
        if (caller.isAlive()) {
          then.accept(answer);
        }
      }
    }
  }
}
