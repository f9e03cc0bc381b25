package dev.firn.server;

import dev.firn.server.ServerOutput.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects the outputs of one step, in order. */
final class Outputs {
  private List<ServerOutput> collected = new ArrayList<>();

  void add(ServerOutput output) {
    collected.add(output);
  }

  /** Done before all others. */
  void addFirst(ServerOutput output) {
    collected.add(0, output);
  }

  void answer(CallerId caller, ServerAnswer answer) {
    add(new ServerOutput.Answer(caller, answer));
  }

  /** Answers callers that share a command; afterwards nobody waits. */
  void answerAll(Collection<CallerId> callers, ServerAnswer answer) {
    callers.forEach(caller -> answer(caller, answer));
    callers.clear();
  }

  void report(Severity severity, String message) {
    add(new ServerOutput.Report(severity, message));
  }

  /** What was collected since the last call. */
  List<ServerOutput> take() {
    List<ServerOutput> taken = collected;
    collected = new ArrayList<>();
    return List.copyOf(taken);
  }
}
