package dev.firn.component;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.failover.Fencing;
import dev.firn.failover.ServiceTable;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.Async;
import dev.firn.wire.EpochContext;
import dev.firn.wire.Failover.V1.StaleEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Epochs of a group without a state replicator: the service locator refuses older ones than it has
 * seen, and those of other claimants. Where it does not answer there is only a file, which knows no
 * more than this instance's own epochs: a cluster manager that promotes two instances then is
 * believed twice, unless the group wants leases: those only the locator can confirm.
 */
final class LocatorEpochs implements EpochSource {
  private static final long NO_STREAM = -1;
  private static final int TRIES_MAX = 8;
  private static final int LIMIT_MILLIS = 2_000;

  private final Impatience<ServiceLocatorManagementPrx> locator;
  private final ObjectPrx claimant;
  private final String group;
  private final Optional<Path> file;
  private final boolean needsLocator;
  private final Executor executor;

  /**
   * @param claimant what is registered to have an epoch seen; nobody finds it. Another one in each
   *     run of an instance, so that none has an epoch of the run before
   * @param directory of the file; empty: there is none
   * @param executor reads and writes the file
   */
  LocatorEpochs(
      ServiceLocatorManagementPrx locator,
      ObjectPrx claimant,
      String group,
      Fencing fencing,
      String directory,
      Executor executor) {
    this.executor = executor;
    this.locator =
        new Impatience<>(locator, ServiceLocatorManagementPrx::uncheckedCast, LIMIT_MILLIS);
    this.claimant = claimant;
    this.group = group;
    this.needsLocator = fencing == Fencing.LEASE;
    this.file = directory.isEmpty() ? Optional.empty() : Optional.of(Path.of(directory, "epoch"));
  }

  @Override
  public CompletionStage<ClaimedEpoch> claim(long proposed, long known) {
    CompletableFuture<ClaimedEpoch> claimed = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            long newest = Math.max(stored(), known);
            if (proposed != 0 && proposed < newest) {
              claimed.completeExceptionally(new StaleWriterException(newest));
            } else {
              propose(
                  proposed == 0 ? newest + 1 : proposed,
                  proposed == 0 ? TRIES_MAX : 1,
                  !needsLocator,
                  claimed);
            }
          } catch (IOException | RuntimeException e) {
            claimed.completeExceptionally(e);
          }
        });
    return claimed;
  }

  @Override
  public CompletionStage<ClaimedEpoch> confirm(long epoch) {
    CompletableFuture<ClaimedEpoch> confirmed = new CompletableFuture<>();
    propose(epoch, 1, false, confirmed);
    return confirmed;
  }

  /**
   * @param alone whether the epoch is there also if the locator is not
   */
  private void propose(
      long epoch, int tries, boolean alone, CompletableFuture<ClaimedEpoch> claimed) {
    Map<String, String> context = new EpochContext(group, epoch).in(Map.of());
    // Of several locators a majority says yes to this, also where it changes nothing.
    locator
        .left(locator.proxy().addServiceAsync(claimant, group + ServiceTable.EPOCH, context))
        .whenCompleteAsync(
            (management, failure) -> {
              @Nullable Throwable cause = failure == null ? null : Async.cause(failure);
              if (cause instanceof StaleEpoch stale && tries > 1) {
                propose(stale.current + 1, tries - 1, alone, claimed);
              } else if (cause instanceof StaleEpoch stale) {
                claimed.completeExceptionally(new StaleWriterException(stale.current));
              } else if (cause != null && !alone) {
                claimed.completeExceptionally(cause);
              } else {
                // Without a locator the role changes all the same.
                finish(epoch, claimed);
              }
            },
            executor);
  }

  private void finish(long epoch, CompletableFuture<ClaimedEpoch> claimed) {
    try {
      store(epoch);
      claimed.complete(new ClaimedEpoch(epoch, NO_STREAM));
    } catch (IOException e) {
      claimed.completeExceptionally(e);
    }
  }

  private long stored() throws IOException {
    if (file.isEmpty() || !Files.exists(file.get())) {
      return 0;
    }
    try {
      return Long.parseLong(Files.readString(file.get()).strip());
    } catch (NumberFormatException e) {
      throw new IOException("there is no number in " + file.get(), e);
    }
  }

  private void store(long epoch) throws IOException {
    if (file.isPresent()) {
      Path target = file.get();
      Path next = target.resolveSibling("epoch.new");
      Files.createDirectories(target.toAbsolutePath().getParent());
      Files.writeString(next, epoch + "\n");
      Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
