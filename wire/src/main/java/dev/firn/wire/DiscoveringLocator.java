package dev.firn.wire;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Locator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.RequestFailedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A locator that hands every request to the registries that multicast finds. It looks for them with
 * the first request, and again when those it knows cannot be reached; while there are none, nothing
 * is located. The instance that is found first is the one that counts from then on, as with the
 * reference. Any thread; no request waits in a thread of Ice's.
 */
final class DiscoveringLocator implements BlobjectAsync {
  private static final int RETRY_DELAY_MILLIS = 2_000;

  private final Communicator communicator;
  private final String name;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "firn-locator-discovery");
            made.setDaemon(true);
            return made;
          });

  private String instance;
  private @Nullable LocatorPrx found;
  private @Nullable CompletableFuture<@Nullable LocatorPrx> search;
  private boolean stopped;
  private long againNanos = System.nanoTime();

  /**
   * @param name prefix of the properties
   * @param instance the only one wanted; empty: whichever is found first
   */
  DiscoveringLocator(Communicator communicator, String name, String instance) {
    this.communicator = communicator;
    this.name = name;
    this.instance = instance;
  }

  /** Whoever waits for a search gets what is known. */
  synchronized void stop() {
    stopped = true;
    thread.shutdownNow();
    if (search != null) {
      search.complete(found);
    }
  }

  @Override
  public CompletionStage<Ice_invokeResult> ice_invokeAsync(byte[] parameters, Current current) {
    return find()
        .thenCompose(
            first ->
                first == null
                    ? CompletableFuture.completedFuture(nobody(parameters, current))
                    : forward(first, parameters, current)
                        .exceptionallyCompose(
                            failure -> elsewhere(first, failure, parameters, current)));
  }

  private static CompletionStage<Ice_invokeResult> forward(
      LocatorPrx locator, byte[] parameters, Current current) {
    return Async.call(
        () -> locator.ice_invokeAsync(current.operation, current.mode, parameters, current.ctx));
  }

  /** The registries may have moved. */
  private CompletionStage<Ice_invokeResult> elsewhere(
      LocatorPrx before, Throwable failure, byte[] parameters, Current current) {
    Throwable cause = Async.cause(failure);
    boolean unreachable =
        cause instanceof LocalException && !(cause instanceof RequestFailedException);
    boolean harmless =
        current.mode != OperationMode.Normal
            || cause instanceof com.zeroc.Ice.ConnectFailedException;
    if (!unreachable || !harmless) {
      return CompletableFuture.failedFuture(cause);
    }
    forget(before);
    return find()
        .thenCompose(
            next ->
                next == null
                    ? CompletableFuture.completedFuture(nobody(parameters, current))
                    : forward(next, parameters, current));
  }

  private synchronized void forget(LocatorPrx locator) {
    if (locator.equals(found)) {
      found = null;
    }
  }

  private synchronized CompletionStage<@Nullable LocatorPrx> find() {
    if (found != null || search == null && System.nanoTime() - againNanos < 0) {
      return CompletableFuture.completedFuture(found);
    }
    return search();
  }

  /**
   * Looks for registries at once, whether one is known or not.
   *
   * @return the locator with the endpoints of all that answer; if none does, what was known before
   */
  synchronized CompletableFuture<@Nullable LocatorPrx> search() {
    CompletableFuture<@Nullable LocatorPrx> current = search;
    if (current != null) {
      return current;
    }
    if (stopped) {
      return CompletableFuture.completedFuture(found);
    }
    CompletableFuture<@Nullable LocatorPrx> mine = new CompletableFuture<>();
    search = mine;
    thread.execute(() -> mine.complete(searched()));
    return mine;
  }

  private @Nullable LocatorPrx searched() {
    List<LocatorPrx> answers = List.of();
    try {
      answers = LocatorDiscovery.of(communicator, name).locators("");
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException unusable) {
      warn(unusable);
    }
    int delayMillis =
        communicator
            .getProperties()
            .getPropertyAsIntWithDefault(name + ".RetryDelay", RETRY_DELAY_MILLIS);
    synchronized (this) {
      LocatorPrx chosen = choose(answers);
      if (chosen != null) {
        found = chosen;
        instance = chosen.ice_getIdentity().category;
      }
      search = null;
      againNanos = System.nanoTime() + delayMillis * 1_000_000L;
      return found;
    }
  }

  private void warn(RuntimeException unusable) {
    if (!communicator.isShutdown()) {
      communicator
          .getLogger()
          .warning(name + ": cannot look for registries:\n" + Exceptions.text(unusable));
    }
  }

  private @Nullable LocatorPrx choose(List<LocatorPrx> locators) {
    List<LocatorPrx> wanted =
        locators.stream()
            .filter(each -> instance.isEmpty() || each.ice_getIdentity().category.equals(instance))
            .toList();
    if (wanted.size() > 1) {
      List<String> instances =
          wanted.stream().map(each -> each.ice_getIdentity().category).sorted().toList();
      communicator
          .getLogger()
          .warning(
              name
                  + ": IceGrid instances "
                  + instances
                  + " answered; using `"
                  + wanted.get(0).ice_getIdentity().category
                  + "'. Set "
                  + name
                  + ".InstanceName to the one that is wanted.");
    }
    return wanted.isEmpty() ? null : wanted.get(0);
  }

  /** Without a registry: this is a locator, which knows nothing. */
  private Ice_invokeResult nobody(byte[] parameters, Current current) {
    return switch (current.operation) {
      case "findObjectById", "findAdapterById", "getRegistry" ->
          answer(current, out -> out.writeProxy(null));
      case "ice_ping" -> answer(current, out -> {});
      case "ice_id" -> answer(current, out -> out.writeString(Locator.ice_staticId()));
      case "ice_ids" ->
          answer(
              current,
              out ->
                  out.writeStringSeq(
                      new String[] {Locator.ice_staticId(), com.zeroc.Ice.Object.ice_staticId()}));
      case "ice_isA" -> {
        String type = text(parameters);
        boolean is =
            type.equals(Locator.ice_staticId()) || type.equals(com.zeroc.Ice.Object.ice_staticId());
        yield answer(current, out -> out.writeBool(is));
      }
      default -> throw new OperationNotExistException(current.id, current.facet, current.operation);
    };
  }

  private String text(byte[] parameters) {
    InputStream in = new InputStream(communicator, parameters);
    in.startEncapsulation();
    String text = in.readString();
    in.endEncapsulation();
    return text;
  }

  private Ice_invokeResult answer(Current current, Consumer<OutputStream> content) {
    OutputStream out = new OutputStream(communicator, current.encoding);
    out.startEncapsulation(current.encoding, null);
    content.accept(out);
    out.endEncapsulation();
    return new Ice_invokeResult(true, out.finished());
  }
}
