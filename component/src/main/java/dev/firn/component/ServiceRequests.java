package dev.firn.component;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownException;
import dev.firn.failover.GroupEpoch;
import dev.firn.failover.ServiceCommand;
import dev.firn.failover.ServiceTable;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.CompareNotFound;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.DuplicateCompare;
import dev.firn.wire.Async;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests that change the service locator's table, as the servants have them. */
final class ServiceRequests {
  private static final int GUID_CHARACTERS_MAX = 1_000;

  private final ServiceDirectory directory;
  private final ServiceLiveness liveness;

  ServiceRequests(ServiceDirectory directory, ServiceLiveness liveness) {
    this.directory = directory;
    this.liveness = liveness;
  }

  ServiceTable table() {
    return directory.table();
  }

  /**
   * Has a command of a service carried out.
   *
   * @param answer the answer of the operation, once the command is on the disk
   * @return fails with the operation's exception for what the table refuses
   */
  <T> CompletionStage<T> perform(
      ServiceCommand command, String guid, Current current, Supplier<T> answer) {
    CompletableFuture<T> done = new CompletableFuture<>();
    directory
        .submit(command)
        .whenComplete(
            (verdict, failure) -> {
              if (failure != null) {
                Throwable cause = Async.cause(failure);
                done.completeExceptionally(
                    cause instanceof UnknownException ? cause : unknown(String.valueOf(cause)));
                return;
              }
              Optional<Exception> refusal = refusal(verdict, command, guid, current);
              if (refusal.isPresent()) {
                done.completeExceptionally(refusal.get());
                return;
              }
              live(command, guid, current);
              done.complete(answer.get());
            });
    return done;
  }

  /** Whoever registered a service has shown that it lives, if it promised to do so. */
  void keepAlive(String guid, Current current) {
    if (isKept(current)) {
      liveness.keptAlive(guid, current.con);
    }
  }

  /** Whether who asks promises to be heard of again and again. */
  static boolean isKept(Current current) {
    return !current.ctx.getOrDefault(ServiceRegistrations.KEEP_ALIVE, "").isEmpty();
  }

  private void live(ServiceCommand command, String guid, Current current) {
    if (command instanceof ServiceCommand.AddService) {
      liveness.added(guid);
    } else if (command instanceof ServiceCommand.RemoveService) {
      liveness.removed(guid);
      return;
    }
    keepAlive(guid, current);
  }

  private static Optional<Exception> refusal(
      ServiceTable.Verdict verdict, ServiceCommand command, String guid, Current current) {
    return switch (verdict.outcome()) {
      case DONE -> Optional.empty();
      case STALE -> Optional.of(new StaleEpoch(verdict.current()));
      case NO_SERVICE ->
          Optional.of(new ObjectNotExistException(current.id, current.facet, current.operation));
      case NO_COMPARATOR ->
          Optional.of(
              new CompareNotFound(
                  command instanceof ServiceCommand.AddParams add
                      ? add.findable().compareGuid()
                      : guid));
      case DUPLICATE_COMPARATOR -> Optional.of(new DuplicateCompare(guid));
    };
  }

  /** The epoch that a request comes from. */
  static Optional<GroupEpoch> epoch(Current current) {
    Optional<GroupEpoch> epoch =
        EpochContext.of(current.ctx).map(e -> new GroupEpoch(e.group(), e.epoch()));
    if (epoch.isPresent()
        && epoch.get().group().getBytes(UTF_8).length > ServiceRecords.GROUP_BYTES_MAX) {
      throw unknown("the group's name is longer than " + ServiceRecords.GROUP_BYTES_MAX + " bytes");
    }
    return epoch;
  }

  /** A proxy as the table keeps it. */
  static String text(@Nullable ObjectPrx proxy, Current current) {
    if (proxy == null) {
      throw unknown("\"" + current.operation + "\" needs a proxy");
    }
    return proxy.toString();
  }

  static void requireGuid(String guid, Current current) {
    if (guid.isEmpty() || guid.length() > GUID_CHARACTERS_MAX) {
      throw unknown(
          "\""
              + current.operation
              + "\" needs a guid of 1 to "
              + GUID_CHARACTERS_MAX
              + " characters");
    }
  }

  private static UnknownException unknown(String reason) {
    return new UnknownException(reason);
  }
}
