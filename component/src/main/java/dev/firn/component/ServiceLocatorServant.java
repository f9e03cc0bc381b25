package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import dev.firn.failover.ServiceTable;
import dev.firn.failover.ServiceTable.Match;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocator;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers look-ups from the table as it is; where comparators have to be asked, once they have
 * answered.
 */
final class ServiceLocatorServant implements ServiceLocator {
  private final Communicator communicator;
  private final Supplier<ServiceTable> table;
  private final ServiceLiveness liveness;
  private final ParamsCodec codec;
  private final ComparatorCalls comparators;

  ServiceLocatorServant(
      Communicator communicator, Supplier<ServiceTable> table, ServiceLiveness liveness) {
    this.communicator = communicator;
    this.table = table;
    this.liveness = liveness;
    this.codec = new ParamsCodec(communicator);
    this.comparators = new ComparatorCalls(communicator);
  }

  @Override
  public CompletionStage<ObjectPrx> locateAsync(
      @Nullable ServiceLocatorParams params, Current current) {
    return answer(params, found -> found.get(0));
  }

  @Override
  public CompletionStage<ObjectPrx[]> locateAllAsync(
      @Nullable ServiceLocatorParams params, Current current) {
    return answer(params, found -> found.toArray(new ObjectPrx[0]));
  }

  /**
   * @param choice takes what was found, which is not empty
   */
  private <T> CompletionStage<T> answer(
      @Nullable ServiceLocatorParams params, Function<List<ObjectPrx>, T> choice) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    ServiceTable now = table.get();
    List<Match> matches =
        now.match(codec.decode(params)).stream()
            .filter(match -> now.service(match.guid()).filter(liveness::answers).isPresent())
            .toList();
    List<CompletableFuture<Boolean>> verdicts = new ArrayList<>();
    for (Match match : matches) {
      verdicts.add(
          params == null
              ? CompletableFuture.completedFuture(match.comparators().isEmpty())
              : comparators.supports(match, params));
    }
    CompletableFuture.allOf(verdicts.toArray(new CompletableFuture<?>[0]))
        .whenComplete(
            (unused, failure) -> {
              try {
                List<ObjectPrx> found = new ArrayList<>();
                for (int i = 0; i < matches.size(); i++) {
                  if (verdicts.get(i).join()) {
                    found.add(proxy(matches.get(i)));
                  }
                }
                if (found.isEmpty()) {
                  answer.completeExceptionally(new ServiceNotFound());
                } else {
                  answer.complete(choice.apply(found));
                }
              } catch (RuntimeException e) {
                answer.completeExceptionally(e);
              }
            });
    return answer;
  }

  private ObjectPrx proxy(Match match) throws LocalException {
    return communicator.stringToProxy(match.proxy());
  }
}
