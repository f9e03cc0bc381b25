package dev.firn.cli;

import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.LocalException;
import dev.firn.wire.Failover.V1.ActivationFailed;
import dev.firn.wire.Failover.V1.NotSynchronized;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code firn component promote}. */
@Command(
    name = "promote",
    description =
        "Makes an instance the active one: 0 done, 1 failed, 4 a newer epoch is known, 5 its state"
            + " is not the newest.")
final class ComponentPromote implements Callable<Integer> {
  @ParentCommand private @Nullable ComponentToolMain tool;

  @Option(names = "--epoch", paramLabel = "N", description = "the epoch (default: the next)")
  private long epoch;

  @Option(names = "--accept-loss", description = "also if its state is not the newest")
  private boolean acceptLoss;

  @Override
  public Integer call() {
    ComponentToolMain options = ComponentOutput.parent(tool);
    if (epoch < 0) {
      throw new ComponentFailure(ComponentToolMain.USAGE, "--epoch must be at least 1");
    }
    try (ComponentClient client = options.open(25)) {
      ReplicaProxy replica = options.one(client);
      promote(replica, epoch, acceptLoss);
      return ComponentToolMain.DONE;
    }
  }

  /**
   * Promotes; an instance with the classic face only is activated.
   *
   * @throws ComponentFailure with the status that says why not
   * @throws LocalException it does not answer
   */
  static void promote(ReplicaProxy replica, long epoch, boolean acceptLoss) {
    try {
      replica.managed().promote(epoch, acceptLoss);
    } catch (StaleEpoch e) {
      throw new ComponentFailure(
          ComponentToolMain.STALE, "epoch " + epoch + " is old: the newest is " + e.current);
    } catch (NotSynchronized e) {
      throw new ComponentFailure(
          ComponentToolMain.NOT_SYNCHRONIZED,
          replica.name()
              + " has applied update "
              + e.appliedSeq
              + " of "
              + e.headSeq
              + "; --accept-loss goes on without the rest");
    } catch (ActivationFailed e) {
      throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
    } catch (FacetNotExistException e) {
      if (epoch != 0 || !replica.classic().activate()) {
        throw new ComponentFailure(
            ComponentToolMain.FAILED, replica.name() + " knows no epochs, or did not activate");
      }
    }
  }
}
