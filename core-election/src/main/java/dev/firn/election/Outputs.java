package dev.firn.election;

import java.util.ArrayList;
import java.util.List;

/** Collects the outputs of one step, in order. */
final class Outputs {
  private final String prefix;
  private List<Output> collected = new ArrayList<>();

  Outputs(ReplicaId self) {
    this.prefix = "node " + self + ": ";
  }

  void add(Output output) {
    collected.add(output);
  }

  void reply(RequestId request, Answer answer) {
    add(new Output.Reply(request, answer));
  }

  void error(String message) {
    add(new Output.Report(Output.Severity.ERROR, message));
  }

  void warning(String message) {
    add(new Output.Report(Output.Severity.WARNING, message));
  }

  void election(String message) {
    add(new Output.Trace(Output.Category.ELECTION, prefix + message));
  }

  void replication(String message) {
    add(new Output.Trace(Output.Category.REPLICATION, prefix + message));
  }

  void topic(String message) {
    add(new Output.Trace(Output.Category.TOPIC, message));
  }

  /** What was collected since the last call. */
  List<Output> take() {
    List<Output> taken = collected;
    collected = new ArrayList<>();
    return List.copyOf(taken);
  }
}
