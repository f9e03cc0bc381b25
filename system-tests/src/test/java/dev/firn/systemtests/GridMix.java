package dev.firn.systemtests;

import static dev.firn.systemtests.Implementation.FIRN;
import static dev.firn.systemtests.Implementation.ZEROC;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who provides the master, the slaves and the nodes of a grid, in the order in which they run. */
enum GridMix {
  /**
   * To see whether a new test is right: {@code -Dfirn.test.mixes=REFERENCE}. Not in every run, as
   * the reference's nodes lose a load, or a server that stops while it starts, now and then.
   */
  REFERENCE(ZEROC, ZEROC, ZEROC),
  FIRN_NODE(ZEROC, ZEROC, FIRN),
  FIRN_REGISTRY(FIRN, ZEROC, ZEROC),
  /** For drills: a slave of the reference may hold an update until a server is killed. */
  ZEROC_NODE(FIRN, FIRN, ZEROC),
  ALL_FIRN(FIRN, FIRN, FIRN);

  /** Scenarios that run also with Firn's nodes under the reference's registries. */
  private static final Set<Class<?>> WITH_FIRN_NODE =
      Set.of(
          DeployApplicationTest.class,
          NodeFailureTest.class,
          NodeFilesTest.class,
          NodeLocateTest.class,
          NodePatchTest.class,
          NodeSessionTest.class,
          NodeUpdateTest.class);

  /** Scenarios that run also with the reference's nodes under Firn's registries. */
  private static final Set<Class<?>> WITH_ZEROC_NODE =
      Set.of(
          DeployApplicationTest.class,
          NodeLocateTest.class,
          NodePatchTest.class,
          NodeSessionTest.class,
          NodeUpdateTest.class);

  private final Implementation registry;
  private final Implementation slave;
  private final Implementation node;

  GridMix(Implementation registry, Implementation slave, Implementation node) {
    this.registry = registry;
    this.slave = slave;
    this.node = node;
  }

  /** Those that a scenario runs with; the property firn.test.mixes names others. */
  static Stream<GridMix> tested(Class<?> scenario) {
    List<Implementation> tested = Implementation.tested().toList();
    String names = System.getProperty("firn.test.mixes", "");
    List<GridMix> wanted =
        names.isEmpty()
            ? usual(scenario)
            : Arrays.stream(names.split(",")).map(name -> valueOf(name.trim())).toList();
    return wanted.stream().filter(mix -> tested.containsAll(mix.implementations()));
  }

  private static List<GridMix> usual(Class<?> scenario) {
    List<GridMix> mixes = new ArrayList<>();
    if (WITH_FIRN_NODE.contains(scenario)) {
      mixes.add(FIRN_NODE);
    }
    if (WITH_ZEROC_NODE.contains(scenario)) {
      mixes.add(FIRN_REGISTRY);
    }
    mixes.add(ALL_FIRN);
    return mixes;
  }

  Implementation registry() {
    return registry;
  }

  Implementation slave() {
    return slave;
  }

  Implementation node() {
    return node;
  }

  List<Implementation> implementations() {
    return List.of(registry, slave, node);
  }

  @Override
  public String toString() {
    return "master " + registry + ", slave " + slave + ", node " + node;
  }
}
