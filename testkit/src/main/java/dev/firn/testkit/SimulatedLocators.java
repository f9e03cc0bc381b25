package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.ElectionConfig;
import dev.firn.election.Input;
import dev.firn.election.Replica;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateCommand;
import dev.firn.election.StateResult;
import dev.firn.failover.Bytes;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceEntry;
import dev.firn.failover.ServiceParams;
import dev.firn.failover.ServiceTable;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Service locators: instances of two groups claim epochs, register, suspend and withdraw. */
final class SimulatedLocators implements SimulatedService {
  private static final int GROUPS = 2;
  private static final int INSTANCES = 3;
  private static final int SERVICES = 4;

  /** Who was told to have an epoch, by group and epoch. */
  private final TreeMap<String, String> claimed = new TreeMap<>();

  /** The newest epoch that was acknowledged, by group. */
  private final TreeMap<String, Long> newest = new TreeMap<>();

  @Override
  public ReplicatedState empty() {
    return ServiceTable.EMPTY;
  }

  @Override
  public Replica replica(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    return Replica.of(config, state, random);
  }

  @Override
  public boolean isSame(ReplicatedState one, ReplicatedState other) {
    return ((ServiceTable) one).hasSameRows((ServiceTable) other);
  }

  @Override
  public Input submit(RequestId request, StateCommand command) {
    return new Input.Submit(request, command);
  }

  @Override
  public Input forwarded(RequestId request, StateCommand command) {
    return new Input.SubmitHere(request, command);
  }

  @Override
  public Optional<StateResult> onTheWire(StateResult result) {
    return Optional.of(((ServiceTable.Result) result).verdict());
  }

  @Override
  public boolean isForwarding() {
    return true;
  }

  @Override
  public StateCommand certain(String name) {
    return new ServiceCommand.AddService(name, "proxy", Optional.empty());
  }

  @Override
  public void act(StormSimulation simulation, StormProcess process) {
    simulation.clients().submit(process, command(simulation.random()));
  }

  private ServiceCommand command(SplittableRandom random) {
    String group = "g" + random.nextInt(GROUPS);
    String instance = "i" + random.nextInt(INSTANCES);
    String guid = group + ".s" + random.nextInt(SERVICES);
    String comparator = "c" + random.nextInt(2);
    long known = newest.getOrDefault(group, 0L);
    Optional<GroupEpoch> epoch =
        random.nextInt(3) == 0
            ? Optional.empty()
            : Optional.of(new GroupEpoch(group, Math.max(1, known - random.nextInt(2))));
    return switch (random.nextInt(12)) {
      case 0, 1 ->
          new ServiceCommand.AddService(
              group + ServiceTable.EPOCH,
              instance,
              Optional.of(new GroupEpoch(group, known + random.nextInt(2) + (known == 0 ? 1 : 0))));
      case 2, 3, 4 -> new ServiceCommand.AddService(guid, instance, epoch, random.nextBoolean());
      case 5, 6 ->
          new ServiceCommand.AddParams(
              guid,
              new ServiceEntry.Findable(
                  new ServiceParams(List.of("Base"), "k", "n" + random.nextInt(2), "", Bytes.EMPTY),
                  random.nextBoolean() ? "" : comparator),
              epoch);
      case 7 -> new ServiceCommand.Suspend(guid, random.nextBoolean(), epoch);
      case 8, 9 -> new ServiceCommand.RemoveService(guid, epoch);
      case 10 -> new ServiceCommand.AddComparator(comparator, "p" + random.nextInt(3));
      default -> new ServiceCommand.RemoveComparator(comparator);
    };
  }

  /** An epoch is one instance's, whatever became of the locators that gave it. */
  @Override
  public void heard(StateCommand command, Answer answer) {
    if (command instanceof ServiceCommand.AddService add
        && add.guid().endsWith(ServiceTable.EPOCH)
        && answer instanceof Answer.Outcome outcome
        && outcome.result().refusal().isEmpty()) {
      GroupEpoch epoch = add.epoch().orElseThrow();
      String key = epoch.group() + " " + epoch.epoch();
      String before = claimed.putIfAbsent(key, add.proxy());
      Violation.unless(
          before == null || before.equals(add.proxy()),
          "epoch %s is of %s and of %s",
          key,
          before,
          add.proxy());
      newest.merge(epoch.group(), epoch.epoch(), Math::max);
    }
  }

  /** Epochs only grow. */
  @Override
  public void succeeded(ReplicatedState before, ReplicatedState after) {
    for (int i = 0; i < GROUPS; i++) {
      String group = "g" + i;
      Violation.unless(
          ((ServiceTable) after).newestEpoch(group) >= ((ServiceTable) before).newestEpoch(group),
          "%s came out of %s",
          after,
          before);
    }
  }
}
