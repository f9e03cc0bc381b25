package dev.firn.replication;

import java.util.ArrayList;
import java.util.List;

/** Collects the outputs of one step, in order. */
final class Outputs {
  private List<Output> collected = new ArrayList<>();

  void add(Output output) {
    collected.add(output);
  }

  void reply(RequestId request, Answer answer) {
    add(new Output.Reply(request, answer));
  }

  void report(Output.Severity severity, String message) {
    add(new Output.Report(severity, message));
  }

  /** What was collected since the last call. */
  List<Output> take() {
    List<Output> taken = collected;
    collected = new ArrayList<>();
    return List.copyOf(taken);
  }
}
