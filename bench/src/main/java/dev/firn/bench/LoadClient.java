package dev.firn.bench;

import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Drives one locator with one load and counts what it answers. Uses the generated proxies, as an
 * application's Ice run time does. One instance may be used by one thread at a time.
 */
final class LoadClient {
  private final LocatorPrx locator;
  private final Dataset data;

  LoadClient(LocatorPrx locator, Dataset data) {
    this.locator = locator;
    this.data = data;
  }

  /**
   * Runs the load for the given time; connections are opened before the clock starts.
   *
   * @return answers per second
   * @throws IllegalStateException if any call failed or answered null
   */
  double run(Operation operation, LoadShape shape, long nanos) throws InterruptedException {
    List<LocatorPrx> proxies = new ArrayList<>();
    for (int i = 0; i < shape.connections(); i++) {
      var proxy = locator.ice_connectionId("load-" + i);
      proxy.ice_ping();
      proxies.add(proxy);
    }
    return shape.outstanding() == 1
        ? sequential(operation, proxies, nanos)
        : pipelined(operation, proxies, shape.outstanding(), nanos);
  }

  private double sequential(Operation operation, List<LocatorPrx> proxies, long nanos)
      throws InterruptedException {
    var pool = Executors.newFixedThreadPool(proxies.size());
    try {
      var start = new CountDownLatch(1);
      List<Future<Long>> counts = new ArrayList<>();
      for (var proxy : proxies) {
        int seed = counts.size();
        counts.add(
            pool.submit(
                () -> {
                  var random = new SplittableRandom(seed);
                  start.await();
                  long deadline = System.nanoTime() + nanos;
                  long count = 0;
                  do {
                    check(operation.call(proxy, data, random.nextInt(data.size())));
                    count++;
                  } while (System.nanoTime() - deadline < 0);
                  return count;
                }));
      }
      long begin = System.nanoTime();
      start.countDown();
      long total = 0;
      for (var count : counts) {
        total += count.get();
      }
      return perSecond(total, System.nanoTime() - begin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(operation.sliceName() + " failed", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private double pipelined(
      Operation operation, List<LocatorPrx> proxies, int outstanding, long nanos)
      throws InterruptedException {
    long begin = System.nanoTime();
    List<Chain> chains = new ArrayList<>();
    for (var proxy : proxies) {
      for (int i = 0; i < outstanding; i++) {
        chains.add(new Chain(operation, proxy, chains.size(), begin + nanos));
      }
    }
    chains.forEach(Chain::next);
    try {
      long total = 0;
      for (var chain : chains) {
        total += chain.done.get();
      }
      return perSecond(total, System.nanoTime() - begin);
    } catch (ExecutionException e) {
      throw new IllegalStateException(operation.sliceName() + " failed", e.getCause());
    }
  }

  private static double perSecond(long count, long nanos) {
    return count * 1e9 / nanos;
  }

  private static void check(ObjectPrx answer) {
    if (answer == null) {
      throw new IllegalStateException("answered null");
    }
  }

  /** Keeps one request in flight: each answer sends the next, on Ice's thread. */
  private final class Chain {
    final CompletableFuture<Long> done = new CompletableFuture<>();
    private final Operation operation;
    private final LocatorPrx proxy;
    private final SplittableRandom random;
    private final long deadlineNanos;
    private long count;

    Chain(Operation operation, LocatorPrx proxy, int seed, long deadlineNanos) {
      this.operation = operation;
      this.proxy = proxy;
      this.random = new SplittableRandom(seed);
      this.deadlineNanos = deadlineNanos;
    }

    void next() {
      operation
          .callAsync(proxy, data, random.nextInt(data.size()))
          .whenComplete(
              (answer, failure) -> {
                if (failure != null) {
                  done.completeExceptionally(failure);
                } else if (answer == null) {
                  done.completeExceptionally(new IllegalStateException("answered null"));
                } else {
                  count++;
                  if (System.nanoTime() - deadlineNanos < 0) {
                    next();
                  } else {
                    done.complete(count);
                  }
                }
              });
    }
  }
}
