package dev.firn.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a simulation, a line each, if somebody wants to know. */
final class Trace {
  private final Agenda agenda;
  private final boolean wanted;
  private final List<String> lines = new ArrayList<>();

  Trace(Agenda agenda, boolean wanted) {
    this.agenda = agenda;
    this.wanted = wanted;
  }

  void add(Supplier<String> line) {
    if (wanted) {
      lines.add(agenda.nowMillis() + " " + line.get());
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
