package dev.firn.component;

import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an instance comes by an epoch of a stream: tried again until the time is up. On the owner's
 * thread, but for {@link #claim} and {@link #confirm}, which any thread may call.
 */
final class StreamClaims {
  /** Of a claim: the writer publishes everything if the stream lacks anything. */
  static final Map<String, String> WITH_STATE = Map.of(StateStreamServant.REPLACES, "1");

  private static final long RETRY_MILLIS = 100;

  private final String instance;
  private final StreamClientConfig config;
  private final ReplicatorLink link;
  private final OwnerThread owner;
  private final Later later;
  private final Consumer<ClaimedEpoch> onEnd;
  private ClaimedEpoch last = new ClaimedEpoch(0, -1);
  private int underWay;

  /** Does something after a while, on the owner's thread. */
  interface Later {
    void after(long millis, Runnable task);
  }

  /**
   * @param onEnd told the epoch that was claimed last when nothing is under way any more
   */
  StreamClaims(
      String instance,
      StreamClientConfig config,
      ReplicatorLink link,
      OwnerThread owner,
      Later later,
      Consumer<ClaimedEpoch> onEnd) {
    this.instance = instance;
    this.config = config;
    this.link = link;
    this.owner = owner;
    this.later = later;
    this.onEnd = onEnd;
  }

  /** As {@link StreamClient#claim}. */
  CompletionStage<ClaimedEpoch> claim(long epoch, long known) {
    if (epoch != 0) {
      return patiently(config.claimMillis(), to -> claimOnce(to, epoch, WITH_STATE));
    }
    NextEpoch next = new NextEpoch(known);
    return patiently(config.claimMillis(), next::claim)
        .whenComplete((claimed, failure) -> next.over = true);
  }

  /** As {@link StreamClient#confirm}. */
  CompletionStage<ClaimedEpoch> confirm(long epoch) {
    return patiently(
        config.confirmMillis(),
        to ->
            to.infoAsync()
                .thenCompose(
                    info -> {
                      if (info.epoch == epoch && info.writer.equals(instance)) {
                        return CompletableFuture.completedFuture(new ClaimedEpoch(epoch, info.seq));
                      }
                      return info.epoch < epoch
                          // It was claimed from a replicator that has forgotten.
                          ? claimOnce(to, epoch, WITH_STATE)
                          : CompletableFuture.failedFuture(new StaleWriter(info.epoch));
                    }));
  }

  /** What was claimed or confirmed last; epoch 0 if nothing was. */
  ClaimedEpoch last() {
    return last;
  }

  boolean isAnyUnderWay() {
    return underWay > 0;
  }

  private CompletableFuture<ClaimedEpoch> claimOnce(
      StateStreamPrx to, long epoch, Map<String, String> context) {
    return to.claimAsync(instance, epoch, context)
        .thenCompose(given -> to.infoAsync().thenApply(info -> new ClaimedEpoch(given, info.seq)));
  }

  private CompletionStage<ClaimedEpoch> patiently(
      int limitMillis, Function<StateStreamPrx, CompletableFuture<ClaimedEpoch>> attempt) {
    CompletableFuture<ClaimedEpoch> answer = new CompletableFuture<>();
    long untilMillis = OwnerThread.nowMillis() + limitMillis;
    owner.execute(
        () -> {
          underWay++;
          attempt(untilMillis, attempt, answer);
        });
    return answer;
  }

  private void attempt(
      long untilMillis,
      Function<StateStreamPrx, CompletableFuture<ClaimedEpoch>> attempt,
      CompletableFuture<ClaimedEpoch> answer) {
    link.call(
        config.askMillis(),
        attempt,
        (result, failure) -> {
          if (result != null) {
            last = result;
            ended();
            answer.complete(result);
          } else if (failure instanceof StaleWriter stale) {
            ended();
            answer.completeExceptionally(new StaleWriterException(stale.epoch));
          } else if (OwnerThread.nowMillis() + RETRY_MILLIS >= untilMillis) {
            ended();
            answer.completeExceptionally(
                new TimeoutException("no replicator serves the stream: " + link.lastFailure()));
          } else {
            later.after(RETRY_MILLIS, () -> attempt(untilMillis, attempt, answer));
          }
        });
  }

  private void ended() {
    underWay--;
    if (underWay == 0) {
      onEnd.accept(last);
    }
  }

  /**
   * Whatever epoch comes next, the same one however often it is tried. A replicator that hung
   * answers every attempt in the end: were each for the next epoch, the later ones would take the
   * role from the instance that got it by the first, which is this one. Any thread.
   */
  private final class NextEpoch {
    private static final int REFUSALS_MAX = 10;

    private final long known;
    private volatile boolean over;
    private @Nullable Long newest;

    NextEpoch(long known) {
      this.known = known;
    }

    CompletableFuture<ClaimedEpoch> claim(StateStreamPrx to) {
      return to.infoAsync().thenCompose(info -> above(to, newest(info.epoch), 0));
    }

    /** The first answer: a later one may have the epoch in it that was claimed after the first. */
    private synchronized long newest(long epoch) {
      Long first = newest;
      long result = first == null ? Math.max(epoch, known) : first;
      newest = result;
      return result;
    }

    private synchronized long another(long epoch) {
      newest = epoch;
      return epoch;
    }

    private CompletableFuture<ClaimedEpoch> above(StateStreamPrx to, long epoch, int refusals) {
      if (over) {
        return CompletableFuture.failedFuture(new TimeoutException("too late"));
      }
      // Nobody has anything of a stream that had no epoch.
      return claimOnce(to, epoch + 1, epoch == 0 ? Map.of() : WITH_STATE)
          .exceptionallyCompose(
              failure ->
                  Async.cause(failure) instanceof StaleWriter stale && refusals < REFUSALS_MAX
                      ? above(to, another(stale.epoch), refusals + 1)
                      : CompletableFuture.failedFuture(Async.cause(failure)));
    }
  }
}
