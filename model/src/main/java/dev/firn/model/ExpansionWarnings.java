package dev.firn.model;

import java.util.List;
import java.util.TreeSet;

/** What is allowed, but worth a line in the registry's log; owned by one expansion. */
final class ExpansionWarnings {
  private final TreeSet<String> warnings = new TreeSet<>();

  void add(String warning) {
    warnings.add(warning);
  }

  List<String> toList() {
    return List.copyOf(warnings);
  }
}
