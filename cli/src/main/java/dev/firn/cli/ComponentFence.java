package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.cli.ComponentList.Member;
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
import java.util.UUID;
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

  /** Behind the group's name: what whoever claims an epoch at the locator registers. */
  private static final String EPOCH = ".Epoch";

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
      Optional<StateStreamPrx> stream = stream(client, group);
      if (stream.isPresent()) {
        fence(client, group, stream.get().ice_invocationTimeout(client.leftMillis()));
      } else {
        fenceStateless(client, group);
      }
      return ComponentToolMain.DONE;
    } catch (UnknownStream e) {
      throw new ComponentFailure(
          ComponentToolMain.FAILED,
          e.hasReason() ? e.getReason() : "the replicator does not serve the stream");
    } catch (StaleWriter e) {
      throw new ComponentFailure(
          ComponentToolMain.FAILED, "epoch " + e.epoch + " was claimed at this moment; try again");
    }
  }

  private void fence(ComponentClient client, String group, StateStreamPrx stream)
      throws StaleWriter, UnknownStream {
    String writer = stream.info().writer;
    if (instance != null && !instance.equals(writer)) {
      System.out.println(
          instance + " is fenced already: the newest epoch is that of \"" + writer + "\"");
      return;
    }
    long epoch = stream.claim("firn component fence", 0);
    System.out.println("epoch " + epoch);
    try {
      EpochContext context = new EpochContext(group, epoch);
      begin(client, group + ".fence", context).unregister(context.in(Map.of()));
    } catch (StaleEpoch e) {
      // The locator has heard of a newer one still.
    } catch (LocalException e) {
      System.err.println(
          "firn component: the service locator was not told: "
              + Exceptions.text(e).replace('\n', ' '));
    }
    // Who holds the registry's lease loses it to the next one.
    Optional<RoleLeaseClient> lease = RoleLeaseClient.of(client, group);
    if (lease.isPresent() && lease.get().holder().equals(writer)) {
      System.out.println("epoch " + lease.get().transfer("", true));
    }
  }

  /** Where there is no stream the service locator keeps the epochs. */
  private void fenceStateless(ComponentClient client, String group) throws Exception {
    List<Member> members = ComponentList.members(client, group);
    if (members.stream().anyMatch(Member::hasState)) {
      throw new ComponentFailure(
          ComponentToolMain.UNREACHABLE, "the service locator knows no state replicator");
    }
    List<Member> active = members.stream().filter(Member::isActive).toList();
    if (instance != null
        && !active.isEmpty()
        && active.stream().noneMatch(member -> member.replica().name().equals(instance))) {
      System.out.println(
          instance + " is fenced already: " + active.get(0).replica().name() + " is active");
      return;
    }
    for (long epoch = 1; !client.isOver(); ) {
      try {
        begin(client, group + EPOCH, new EpochContext(group, epoch));
        System.out.println("epoch " + epoch);
        return;
      } catch (StaleEpoch e) {
        epoch = e.current + 1;
      }
    }
    throw new ComponentFailure(
        ComponentToolMain.FAILED, "others claim epochs all the time; try again");
  }

  /** Empty if nobody uses such a stream, so that the group has no state. */
  private Optional<StateStreamPrx> stream(ComponentClient client, String group)
      throws UnknownStream {
    String name = streamName == null ? group : streamName;
    if (replicator == null) {
      List<ObjectPrx> streams = client.locate(CATEGORY, name, "");
      if (!streams.isEmpty()) {
        return Optional.of(StateStreamPrx.uncheckedCast(streams.get(0)));
      }
    }
    boolean named = replicator != null || streamName != null;
    List<ObjectPrx> replicators =
        replicator == null
            ? client.locate(CATEGORY, GENERIC, "")
            : List.of(client.replica(replicator).classic().ice_facet(""));
    if (replicators.isEmpty()) {
      if (named) {
        throw new ComponentFailure(
            ComponentToolMain.UNREACHABLE, "the service locator knows no state replicator");
      }
      return Optional.empty();
    }
    StateReplicatorPrx found =
        StateReplicatorPrx.uncheckedCast(replicators.get(0))
            .ice_invocationTimeout(client.leftMillis());
    return named || List.of(found.streams()).contains(name)
        ? Optional.of(found.stream(name))
        : Optional.empty();
  }

  /**
   * The locator hides what older epochs have registered as soon as it hears of a newer one; an
   * object that nobody can find, another one each time, carries the news.
   */
  private static ServiceManagementPrx begin(ComponentClient client, String guid, EpochContext epoch)
      throws StaleEpoch {
    ServiceLocatorManagementPrx locator =
        LocatorProxies.management(client.communicator()).ice_invocationTimeout(client.leftMillis());
    return locator.addService(
        locator.ice_facet("fence-" + UUID.randomUUID()), guid, epoch.in(Map.of()));
  }
}
