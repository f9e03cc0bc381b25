package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamView;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationReplicator;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationService;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.Async;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The configuration of one group: stored, answered from memory, pushed to the members. */
final class ConfigurationServant implements ConfigurationService {
  /** Where members register. */
  static final class Replicator implements ConfigurationReplicator {
    private final ConfigurationServant service;

    Replicator(ConfigurationServant service) {
      this.service = service;
    }

    @Override
    public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
        throws UserException {
      EitherMode.accept(current);
      return ConfigurationReplicator.super._iceDispatch(request, current);
    }

    @Override
    public CompletionStage<Void> registerConfigurationServiceAsync(
        @Nullable ConfigurationServicePrx member, Current current) {
      if (member == null) {
        throw new IllegalArgumentException("the service is null");
      }
      if (current.ctx.containsKey(MemberRegistration.LEAVES)) {
        service.requireServing();
        service.members.remove(member);
        return CompletableFuture.completedFuture(null);
      }
      boolean again = current.ctx.containsKey(MemberRegistration.AGAIN);
      String params = current.ctx.getOrDefault(MemberRegistration.PARAMS, "");
      return answer(
          service
              .hub
              .join(service.group)
              .thenCompose(
                  known -> {
                    if (!params.isEmpty()) {
                      service.found.accept(service.group, params);
                    }
                    return service.members.add(member, again);
                  }));
    }
  }

  private final String group;
  private final String stream;
  private final StreamEngine engine;
  private final StreamHub hub;
  private final Configurations configurations;
  private final ConfigurationMembers members;
  private final BiConsumer<String, String> found;

  /**
   * @param group the name of the stream whose configuration it is
   * @param found is told by what params members say that it is found
   */
  ConfigurationServant(
      String group,
      StreamEngine engine,
      StreamHub hub,
      Configurations configurations,
      ConfigurationMembers members,
      BiConsumer<String, String> found) {
    this.group = group;
    this.stream = group + StreamState.CONFIGURATION_SUFFIX;
    this.engine = engine;
    this.hub = hub;
    this.configurations = configurations;
    this.members = members;
    this.found = found;
  }

  ConfigurationMembers members() {
    return members;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    EitherMode.accept(current);
    return ConfigurationService.super._iceDispatch(request, current);
  }

  @Override
  public CompletionStage<Void> setConfigurationAsync(ConfigurationGroup[] groups, Current current) {
    return change(
        new StreamCommand.Configure(stream, configurations.set(groups), List.of(), List.of()));
  }

  @Override
  public CompletionStage<Void> removeConfigurationItemsAsync(
      ConfigurationGroup[] groups, Current current) {
    return change(
        new StreamCommand.Configure(stream, List.of(), configurations.named(groups), List.of()));
  }

  @Override
  public CompletionStage<Void> removeConfigurationGroupsAsync(
      ConfigurationGroup[] groups, Current current) {
    return change(
        new StreamCommand.Configure(stream, List.of(), List.of(), configurations.prefixes(groups)));
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationAsync(
      ConfigurationGroup[] groups, Current current) {
    return named(groups, true);
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationAllAsync(
      ConfigurationGroup[] groups, Current current) {
    return named(groups, false);
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationGroupsAsync(Current current) {
    return CompletableFuture.completedFuture(configurations.all(view(), false));
  }

  private CompletionStage<ConfigurationGroup[]> named(
      ConfigurationGroup[] groups, boolean onlyNamed) {
    StreamView view = view();
    return CompletableFuture.completedFuture(
        Arrays.stream(groups)
            .flatMap(group -> configurations.one(view, group, onlyNamed).stream())
            .toArray(ConfigurationGroup[]::new));
  }

  private StreamView view() {
    requireServing();
    return hub.view(stream);
  }

  private void requireServing() {
    hub.obstacle()
        .ifPresent(
            reason -> {
              throw new UnknownException("this replicator does not serve: " + reason);
            });
  }

  /**
   * Completed once it is stored and every member that can be reached has it. If the active instance
   * refuses it the caller is told so; it is stored all the same, as others may have it by then and
   * no revision is ever taken back.
   */
  private CompletionStage<Void> change(StreamCommand.Configure command) {
    requireServing();
    return answer(
        engine
            .submit(command)
            .thenCompose(
                result ->
                    result instanceof StreamCommand.Applied applied
                        ? hub.await(stream, applied.seq()).thenCompose(this::reached)
                        : CompletableFuture.failedStage(
                            refusal(((StreamCommand.Rejected) result).reason()))));
  }

  /** Who claimed last is the active one, if there is one. */
  private CompletionStage<Void> reached(long revision) {
    return members.applied(revision, hub.view(group).writer());
  }

  /** The same with the plain exception that the caller is to get. */
  private static CompletionStage<Void> answer(CompletionStage<Void> done) {
    return Async.translated(
        done,
        failure ->
            failure instanceof StreamEngine.NotServingException
                ? new UnknownException(String.valueOf(failure.getMessage()))
                : failure);
  }

  private Exception refusal(StreamCommand.Reason reason) {
    return reason instanceof StreamCommand.SerialConflict conflict
        ? new SerialConflict(configurations.groupOf(hub.view(stream), conflict.key()))
        : new IllegalStateException("unexpected " + reason);
  }
}
