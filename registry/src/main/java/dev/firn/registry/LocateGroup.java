package dev.firn.registry;

import dev.firn.model.DeployedAdapter;
import dev.firn.model.DeployedReplicaGroup;
import dev.firn.model.LoadBalancingPolicy;
import dev.firn.model.RegistryTables;
import dev.firn.server.PlacementLoad;
import dev.firn.server.PlacementOrder;
import dev.firn.server.PlacementPolicy;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * A deployed replica group, read for locating: made once for each version of the group. Immutable
 * but for whose turn it is.
 */
final class LocateGroup {
  private final DeployedReplicaGroup group;
  private final PlacementPolicy policy;
  private final PlacementRotation rotation;
  private final String[] adapters;
  private final String[] nodes;
  private final double[] loadFactors;
  private final int[] byPriority;

  private LocateGroup(
      DeployedReplicaGroup group, RegistryTables tables, PlacementRotation rotation) {
    this.group = group;
    this.rotation = rotation;
    policy = PlacementPolicy.of(group.descriptor().loadBalancing());
    List<DeployedAdapter> members = group.members();
    adapters = members.stream().map(DeployedAdapter::id).toArray(String[]::new);
    nodes = members.stream().map(member -> member.server().node()).toArray(String[]::new);
    loadFactors = members.stream().mapToDouble(member -> loadFactor(tables, member)).toArray();
    byPriority =
        PlacementOrder.byPriority(
            members.stream()
                .mapToInt(member -> PlacementOrder.priority(member.descriptor().priority()))
                .toArray());
  }

  static LocateGroup of(DeployedReplicaGroup group, RegistryTables tables) {
    return new LocateGroup(group, tables, new PlacementRotation());
  }

  /** For a later version of the same group; turns go on where they were. */
  LocateGroup updated(DeployedReplicaGroup later, RegistryTables tables) {
    return new LocateGroup(later, tables, rotation);
  }

  /** What the application says of the member's node. */
  private static double loadFactor(RegistryTables tables, DeployedAdapter member) {
    var application = tables.findApplication(member.server().application());
    if (application == null) {
      return -1;
    }
    return application
        .expanded()
        .map(expanded -> expanded.nodes().get(member.server().node()))
        .map(node -> PlacementLoad.factor(node.loadFactor()))
        .orElse(-1.0);
  }

  /** Whether this was made of that very version. */
  @SuppressWarnings("ReferenceEquality") // versions are compared on every locate; equality is slow
  boolean isOf(DeployedReplicaGroup other) {
    return group == other;
  }

  String id() {
    return group.id();
  }

  String filter() {
    return group.descriptor().filter();
  }

  String adapter(int member) {
    return adapters[member];
  }

  String node(int member) {
    return nodes[member];
  }

  /** How many of so many members an answer should have. */
  int count(int members) {
    return policy.count(members);
  }

  boolean takesTurns() {
    return policy.type() == LoadBalancingPolicy.Type.ROUND_ROBIN;
  }

  /** Another member served the one whose turn was taken. */
  void servedBy(int taken, int served) {
    rotation.servedBy(taken, served, adapters.length);
  }

  /**
   * The members in the order in which this request prefers them; takes a turn.
   *
   * @param canServe whether a member may be given its turn
   */
  int[] order(NodeViews views, IntPredicate canServe, RandomGenerator random) {
    if (adapters.length == 0) {
      return new int[0];
    }
    return switch (policy.type()) {
      case RANDOM -> PlacementOrder.shuffled(adapters.length, random);
      case ORDERED -> byPriority.clone();
      case ROUND_ROBIN ->
          PlacementOrder.rotated(adapters.length, rotation.take(adapters.length, canServe));
      case ADAPTIVE -> PlacementOrder.byLoad(loads(views), random);
    };
  }

  private double[] loads(NodeViews views) {
    double[] loads = new double[adapters.length];
    for (int member = 0; member < loads.length; member++) {
      loads[member] = load(views, nodes[member], loadFactors[member], policy.sample());
    }
    return loads;
  }

  /** The load of the least loaded member. */
  double leastLoad(NodeViews views, PlacementLoad.Sample sample) {
    double least = PlacementLoad.UNREACHABLE;
    for (int member = 0; member < adapters.length; member++) {
      least = Math.min(least, load(views, nodes[member], loadFactors[member], sample));
    }
    return least;
  }

  /** The load of a single adapter. */
  static double load(
      NodeViews views,
      RegistryTables tables,
      DeployedAdapter adapter,
      PlacementLoad.Sample sample) {
    return load(views, adapter.server().node(), loadFactor(tables, adapter), sample);
  }

  private static double load(
      NodeViews views, String node, double factor, PlacementLoad.Sample sample) {
    NodeLoad load = views.load(node);
    if (load == null) {
      return PlacementLoad.UNREACHABLE;
    }
    float average =
        switch (sample) {
          case ONE -> load.average1();
          case FIVE -> load.average5();
          case FIFTEEN -> load.average15();
        };
    boolean windows = load.os().toLowerCase(Locale.ROOT).startsWith("windows");
    return PlacementLoad.of(average, factor, load.processors(), windows);
  }
}
