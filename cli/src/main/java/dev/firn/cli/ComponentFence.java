package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceManagementPrx;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.StaleEpoch;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateReplicatorPrx;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.UnknownStream;
import dev.firn.wire.LocatorProxies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code firn component fence}. */
@Command(
    name = "fence",
    description =
        "Begins a new epoch of a group, so that who is active now can never again publish state or"
            + " register. The next instance to be promoted gets the epoch after it.")
final class ComponentFence implements Callable<Integer> {
  private static final String CATEGORY = "StateReplicator";
  private static final String GENERIC = "StateReplicator";

  @ParentCommand private @Nullable ComponentToolMain tool;

  @Parameters(
      arity = "0..1",
      paramLabel = "INSTANCE",
      description = "only if this instance is the one that may publish now")
  private @Nullable String instance;

  @Option(
      names = "--replicator",
      paramLabel = "PROXY",
      description = "the state replicator (default: found by the service locator)")
  private @Nullable String replicator;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "the group's stream (default: the name of the group)")
  private @Nullable String streamName;

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    String group = options.group();
    try (ComponentClient client = options.open(10)) {
      StateStreamPrx stream =
          stream(client, streamName == null ? group : streamName)
              .ice_invocationTimeout(client.leftMillis());
      String writer = stream.info().writer;
      if (instance != null && !instance.equals(writer)) {
        System.out.println(
            instance + " is fenced already: the newest epoch is that of \"" + writer + "\"");
        return ComponentToolMain.DONE;
      }
      long epoch = stream.claim("firn component fence", 0);
      System.out.println("epoch " + epoch);
      hideServices(client, new EpochContext(group, epoch));
      // Who holds the registry's lease loses it to the next one.
      Optional<RoleLeaseClient> lease = RoleLeaseClient.of(client, group);
      if (lease.isPresent() && lease.get().holder().equals(writer)) {
        System.out.println("epoch " + lease.get().transfer("", true));
      }
      return ComponentToolMain.DONE;
    } catch (UnknownStream e) {
      throw new ComponentFailure(ComponentToolMain.FAILED, e.reason);
    } catch (StaleWriter e) {
      throw new ComponentFailure(
          ComponentToolMain.FAILED, "epoch " + e.epoch + " was claimed at this moment; try again");
    }
  }

  private StateStreamPrx stream(ComponentClient client, String name) throws UnknownStream {
    if (replicator == null) {
      List<ObjectPrx> streams = client.locate(CATEGORY, name, "");
      if (!streams.isEmpty()) {
        return StateStreamPrx.uncheckedCast(streams.get(0));
      }
    }
    List<ObjectPrx> replicators =
        replicator == null
            ? client.locate(CATEGORY, GENERIC, "")
            : List.of(client.replica(replicator).classic().ice_facet(""));
    if (replicators.isEmpty()) {
      throw new ComponentFailure(
          ComponentToolMain.UNREACHABLE, "the service locator knows no state replicator");
    }
    return StateReplicatorPrx.uncheckedCast(replicators.get(0))
        .ice_invocationTimeout(client.leftMillis())
        .stream(name);
  }

  /**
   * The locator hides what older epochs have registered as soon as it hears of a newer one; a
   * service that nobody can find carries the news. Without a locator there is nothing to hide.
   */
  private static void hideServices(ComponentClient client, EpochContext epoch) {
    ServiceLocatorManagementPrx locator =
        LocatorProxies.management(client.communicator()).ice_invocationTimeout(client.leftMillis());
    Map<String, String> context = epoch.in(Map.of());
    try {
      ServiceManagementPrx news = locator.addService(locator, epoch.group() + ".fence", context);
      news.unregister(context);
    } catch (StaleEpoch e) {
      // It has heard of a newer one still.
    } catch (LocalException e) {
      System.err.println(
          "firn component: the service locator was not told: "
              + Exceptions.text(e).replace('\n', ' '));
    }
  }
}
