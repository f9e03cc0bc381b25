package dev.firn.registry;

import com.zeroc.Glacier2.IdentitySetPrx;
import com.zeroc.Glacier2.StringSetPrx;
import com.zeroc.Ice.Identity;
import dev.firn.model.ObjectId;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What a Glacier2 router lets one client session reach, as allocations come and go. Updates reach
 * the router one after the other, in order; failures are traced only. Any thread, no waiting.
 */
final class RouterFilter {
  private final Traces traces;
  private final String sessionId;
  private final IdentitySetPrx identities;
  private final StringSetPrx adapterIds;

  /** The end of all updates so far; never fails. */
  private CompletionStage<Void> settled = CompletableFuture.completedFuture(null);

  RouterFilter(
      Traces traces, String sessionId, IdentitySetPrx identities, StringSetPrx adapterIds) {
    this.traces = traces;
    this.sessionId = sessionId;
    this.identities = identities;
    this.adapterIds = adapterIds;
  }

  void add(Allocator.AllocatedItem item) {
    enqueue(() -> identities.addAsync(identities(item.objects())), Traces.Category.OBJECT);
    if (!item.adapterIds().isEmpty()) {
      enqueue(
          () -> adapterIds.addAsync(item.adapterIds().toArray(String[]::new)),
          Traces.Category.SERVER);
    }
  }

  void remove(Allocator.AllocatedItem item) {
    enqueue(() -> identities.removeAsync(identities(item.objects())), Traces.Category.OBJECT);
    if (!item.adapterIds().isEmpty()) {
      enqueue(
          () -> adapterIds.removeAsync(item.adapterIds().toArray(String[]::new)),
          Traces.Category.SERVER);
    }
  }

  /** Ends when the router has been told all that it was to be told until now. */
  synchronized CompletionStage<Void> settled() {
    return settled;
  }

  private synchronized void enqueue(
      Supplier<CompletionStage<Void>> update, Traces.Category category) {
    settled =
        settled
            .thenCompose(done -> update.get())
            .exceptionally(
                failure -> {
                  trace(category, failure);
                  return null;
                });
  }

  private void trace(Traces.Category category, Throwable failure) {
    traces.trace(
        category,
        1,
        () ->
            "couldn't update the Glacier2 filter of client session `"
                + LogText.of(sessionId)
                + "':\n"
                + Async.cause(failure));
  }

  private static Identity[] identities(List<ObjectId> objects) {
    return objects.stream().map(Mapping::identity).toArray(Identity[]::new);
  }
}
