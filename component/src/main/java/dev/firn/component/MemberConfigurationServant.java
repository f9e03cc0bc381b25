package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationService;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationServicePrx;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.SerialConflict;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The configuration service of one instance: called by the state replicator, or by configurators if
 * there is none. A call that changes something is answered once the component has taken it: that is
 * the report that a revision is applied.
 *
 * <p>All members have one configuration, in the order of its revisions. So what a configurator
 * gives to one of them goes to the replicator, which gives it to all.
 */
final class MemberConfigurationServant implements ConfigurationService {
  /** Key of a request's context: the revision that it brings, decimal. */
  static final String REVISION = "ha.revision";

  /** Key of a request's context: what is set is all there is. */
  static final String FULL = ConfigurationMembers.FULL;

  private static final int HAND_ON_MILLIS = 30_000;

  /** How a change makes the next configuration. */
  @FunctionalInterface
  private interface Change {
    MemberConfiguration apply(MemberConfiguration old) throws SerialConflict;
  }

  private final InstanceParts parts;
  private CompletionStage<Void> last = CompletableFuture.completedFuture(null);
  private final MemberConfiguration empty;
  private volatile MemberConfiguration configuration;
  private volatile long revision;

  MemberConfigurationServant(InstanceParts parts, Configurations configurations) {
    this.parts = parts;
    this.empty = MemberConfiguration.empty(configurations);
    this.configuration = empty;
  }

  /** By which the replicator knows whose it is, too. */
  static Identity identity(String instance) {
    return new Identity(instance + ".ConfigurationService", "");
  }

  /** The last revision that the component has taken; 0: none, or nobody counts them. */
  long revision() {
    return revision;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    EitherMode.accept(current);
    return ConfigurationService.super._iceDispatch(request, current);
  }

  @Override
  public CompletionStage<Void> setConfigurationAsync(ConfigurationGroup[] groups, Current current) {
    boolean isFull = current.ctx.containsKey(FULL);
    return change(
        old -> (isFull ? empty : old).with(groups),
        service -> service.setConfigurationAsync(groups),
        current);
  }

  @Override
  public CompletionStage<Void> removeConfigurationItemsAsync(
      ConfigurationGroup[] groups, Current current) {
    return change(
        old -> old.withoutItems(groups),
        service -> service.removeConfigurationItemsAsync(groups),
        current);
  }

  @Override
  public CompletionStage<Void> removeConfigurationGroupsAsync(
      ConfigurationGroup[] groups, Current current) {
    return change(
        old -> old.withoutGroups(groups),
        service -> service.removeConfigurationGroupsAsync(groups),
        current);
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationAsync(
      ConfigurationGroup[] groups, Current current) {
    return CompletableFuture.completedFuture(configuration.items(groups));
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationAllAsync(
      ConfigurationGroup[] groups, Current current) {
    return CompletableFuture.completedFuture(configuration.whole(groups));
  }

  @Override
  public CompletionStage<ConfigurationGroup[]> getConfigurationGroupsAsync(Current current) {
    return CompletableFuture.completedFuture(configuration.names());
  }

  private CompletionStage<Void> change(
      Change change,
      Function<ConfigurationServicePrx, CompletionStage<Void>> ofAll,
      Current current) {
    return parts.configurator().isPresent() && !current.ctx.containsKey(REVISION)
        ? handOn(parts.configurator().get(), ofAll)
        : change(change, revision(current));
  }

  private static CompletionStage<Void> handOn(
      StreamClient replicator, Function<ConfigurationServicePrx, CompletionStage<Void>> change) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    replicator
        .configuration()
        .thenCompose(service -> change.apply(service.ice_invocationTimeout(HAND_ON_MILLIS)))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                answer.complete(null);
              } else if (Async.cause(failure) instanceof SerialConflict
                  || Async.cause(failure) instanceof UnknownException) {
                // The replicator itself says what is wrong.
                answer.completeExceptionally(Async.cause(failure));
              } else {
                answer.completeExceptionally(
                    new UnknownException(
                        "the state replicator, which keeps the configuration of the group, has not"
                            + " taken it: "
                            + Exceptions.text(Async.cause(failure))));
              }
            });
    return answer;
  }

  /** One change after the other, in the order in which they came. */
  private synchronized CompletionStage<Void> change(Change change, long brought) {
    CompletionStage<Void> done =
        last.handle((ended, failure) -> true).thenCompose(next -> apply(change, brought));
    last = done;
    return Async.plain(done);
  }

  private CompletionStage<Void> apply(Change change, long brought) {
    MemberConfiguration next;
    try {
      next = change.apply(configuration);
    } catch (SerialConflict e) {
      return CompletableFuture.failedFuture(e);
    }
    return parts
        .configure(next.all(), brought)
        .thenRun(
            () -> {
              configuration = next;
              revision = Math.max(revision, brought);
            });
  }

  private static long revision(Current current) {
    try {
      return Long.parseLong(current.ctx.getOrDefault(REVISION, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
