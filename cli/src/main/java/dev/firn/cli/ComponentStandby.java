package dev.firn.cli;

import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code firn component standby}, also called {@code demote}. */
@Command(
    name = "standby",
    aliases = "demote",
    description = "Makes an instance stand by; returns when it does.")
final class ComponentStandby implements Callable<Integer> {
  @ParentCommand private @Nullable ComponentToolMain tool;

  @Option(
      names = "--epoch",
      paramLabel = "N",
      description = "only if it knows of no newer epoch (default: whatever it knows)")
  private long epoch;

  @Override
  public Integer call() {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(25)) {
      ReplicaProxy replica = options.one(client);
      if (epoch == 0) {
        replica.classic().standby();
      } else {
        replica.managed().demote(epoch);
      }
      if (replica.classic().isActive()) {
        throw new ComponentFailure(ComponentToolMain.FAILED, replica.name() + " is active again");
      }
      return ComponentToolMain.DONE;
    } catch (StaleEpoch e) {
      throw new ComponentFailure(
          ComponentToolMain.STALE, "epoch " + epoch + " is old: the newest is " + e.current);
    }
  }
}
