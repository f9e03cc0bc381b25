package dev.firn.systemtests;

import static dev.firn.systemtests.Implementation.FIRN;
import static dev.firn.systemtests.Implementation.ZEROC;

import java.util.List;
import java.util.stream.Stream;

/** Who provides the master, the slaves and the nodes of a grid. */
record GridMix(Implementation registry, Implementation slave, Implementation node) {
  static final GridMix REFERENCE = new GridMix(ZEROC, ZEROC, ZEROC);
  static final GridMix ALL_FIRN = new GridMix(FIRN, FIRN, FIRN);
  static final GridMix FIRN_NODE = new GridMix(ZEROC, ZEROC, FIRN);
  static final GridMix FIRN_REGISTRY = new GridMix(FIRN, ZEROC, ZEROC);

  /** In the order in which they run. */
  private static final List<GridMix> WORKING = List.of(REFERENCE);

  private static final List<Implementation> WORKING_TOOLS = List.of(ZEROC);

  static Stream<GridMix> tested() {
    List<Implementation> tested = Implementation.tested().toList();
    return WORKING.stream().filter(mix -> tested.containsAll(mix.implementations()));
  }

  /** The admin tools that know applications, servers and nodes, and are tested. */
  static List<Implementation> tools() {
    return Implementation.tested().filter(WORKING_TOOLS::contains).toList();
  }

  List<Implementation> implementations() {
    return List.of(registry, slave, node);
  }

  @Override
  public String toString() {
    return "master " + registry + ", slave " + slave + ", node " + node;
  }
}
