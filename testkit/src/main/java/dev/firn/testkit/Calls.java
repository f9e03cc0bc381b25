package dev.firn.testkit;

import dev.firn.replication.Answer;
import java.util.Optional;
import java.util.function.Consumer;

/** Remote calls over the network: an answer, a refused connection, or nothing until a time-out. */
final class Calls {
  /** Any process of the machine will do. */
  static final long ANY = -1;

  private final Simulation simulation;

  Calls(Simulation simulation) {
    this.simulation = simulation;
  }

  /**
   * @param incarnation the process to reach, or {@link #ANY}
   * @param then called once while the caller lives, empty if the call failed
   */
  void call(
      RegistryProcess caller,
      int target,
      long incarnation,
      Request request,
      long timeoutMillis,
      Consumer<Optional<Answer>> then) {
    Pending pending = new Pending(caller, then);
    int from = caller.machine().index();
    Consumer<Optional<Answer>> respond =
        answer -> simulation.network().send(target, from, () -> pending.end(answer));
    simulation
        .network()
        .send(
            from,
            target,
            () -> {
              RegistryProcess process = simulation.machine(target).process();
              if (process == null || !process.answersTo(incarnation)) {
                respond.accept(Optional.empty());
              } else {
                process.handle(request, respond);
              }
            });
    simulation.agenda().after(timeoutMillis, () -> pending.end(Optional.empty()));
  }

  /** A call under way; whatever ends it first counts. */
  private static final class Pending {
    private final RegistryProcess caller;
    private final Consumer<Optional<Answer>> then;
    private boolean ended;

    Pending(RegistryProcess caller, Consumer<Optional<Answer>> then) {
      this.caller = caller;
      this.then = then;
    }

    void end(Optional<Answer> answer) {
      if (!ended) {
        ended = true;
        if (caller.isAlive()) {
          then.accept(answer);
        }
      }
    }
  }
}
