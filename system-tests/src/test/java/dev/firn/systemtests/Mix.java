package dev.firn.systemtests;

import static dev.firn.systemtests.Implementation.FIRN;
import static dev.firn.systemtests.Implementation.ZEROC;

import java.util.List;
import java.util.stream.Stream;

/** Who provides which replica of a cluster. */
record Mix(Implementation master, Implementation replica1, Implementation replica2) {

  /**
   * All of one kind, then both directions of mixing; with a promotion of replica 1 across
   * implementations in each.
   */
  static Stream<Mix> tested() {
    List<Implementation> tested = Implementation.tested().toList();
    return Stream.of(
            new Mix(FIRN, FIRN, FIRN),
            new Mix(ZEROC, ZEROC, ZEROC),
            new Mix(FIRN, ZEROC, FIRN),
            new Mix(ZEROC, FIRN, ZEROC))
        .filter(mix -> tested.containsAll(mix.implementations()));
  }

  List<Implementation> implementations() {
    return List.of(master, replica1, replica2);
  }

  @Override
  public String toString() {
    return "master " + master + ", slaves " + replica1 + " " + replica2;
  }
}
