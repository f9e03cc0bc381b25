package dev.firn.component;

import com.zeroc.Ice.Current;
import dev.firn.failover.AckLevel;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import dev.firn.failover.StreamCommand;
import dev.firn.failover.StreamInput;
import dev.firn.failover.StreamLimits;
import dev.firn.failover.StreamState;
import dev.firn.failover.StreamView;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateListenerPrx;
import dev.firn.wire.Failover.V1.StateStream;
import dev.firn.wire.Failover.V1.StreamInfo;
import dev.firn.wire.Failover.V1.TooLarge;
import dev.firn.wire.Failover.V1.UnknownStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** All streams; which one is in the identity's name. */
final class StateStreamServant implements StateStream {
  static final String CATEGORY = "stream";

  private final StreamEngine engine;
  private final StreamHub hub;
  private final StreamLimits limits;
  private final AckLevel ack;

  StateStreamServant(StreamEngine engine, StreamHub hub, StreamLimits limits, AckLevel ack) {
    this.engine = engine;
    this.hub = hub;
    this.limits = limits;
    this.ack = ack;
  }

  /** Why a stream cannot have this name; empty if it can. */
  static Optional<String> nameFault(String name) {
    if (name.isEmpty() || StreamLimits.utf8Bytes(name) > StreamLimits.NAME_BYTES_MAX) {
      return Optional.of(
          "a stream's name has 1 to " + StreamLimits.NAME_BYTES_MAX + " bytes: " + name);
    } else if (name.endsWith(StreamState.CONFIGURATION_SUFFIX) || name.indexOf('\0') >= 0) {
      return Optional.of("this name is reserved: " + name);
    }
    return Optional.empty();
  }

  @Override
  public CompletionStage<Long> claimAsync(String instance, long proposedEpoch, Current current)
      throws UnknownStream {
    String stream = stream(current);
    if (proposedEpoch < 0) {
      throw new IllegalArgumentException("an epoch must not be negative: " + proposedEpoch);
    }
    return submit(
        new StreamCommand.Claim(stream, instance, proposedEpoch),
        proposedEpoch,
        applied -> CompletableFuture.completedFuture(applied.epoch()));
  }

  @Override
  public CompletionStage<Long> publishAsync(
      long epoch, long clientSeq, Item[] set, String[] removed, Current current)
      throws TooLarge, UnknownStream {
    String stream = stream(current);
    requireNumber(clientSeq);
    List<StateItem> items = checked(stream, set, removed);
    return submit(
        new StreamCommand.Publish(stream, epoch, clientSeq, items, List.of(removed)),
        epoch,
        applied -> acknowledged(stream, applied));
  }

  @Override
  public CompletionStage<Long> replaceAsync(
      long epoch, long clientSeq, boolean first, boolean last, Item[] set, Current current)
      throws TooLarge, UnknownStream {
    String stream = stream(current);
    requireNumber(clientSeq);
    List<StateItem> items = checked(stream, set, new String[0]);
    return submit(
        new StreamCommand.Replace(stream, epoch, clientSeq, first, last, items),
        epoch,
        // Standbys see nothing of it before the last part.
        applied ->
            last
                ? acknowledged(stream, applied)
                : CompletableFuture.completedFuture(applied.seq()));
  }

  @Override
  public CompletionStage<Item[]> getAsync(String[] keys, Current current) throws UnknownStream {
    StreamView view = hub.view(stream(current));
    return CompletableFuture.completedFuture(
        StreamMapping.items(
            Arrays.stream(keys)
                .distinct()
                .map(key -> view.items().get(key))
                .filter(Objects::nonNull)
                .toList()));
  }

  @Override
  public CompletionStage<GetAllResult> getAllAsync(Current current) throws UnknownStream {
    StreamView view = hub.view(stream(current));
    return CompletableFuture.completedFuture(
        new GetAllResult(StreamMapping.items(view.items().values()), view.seq()));
  }

  @Override
  public CompletionStage<Void> addListenerAsync(
      String instance,
      @Nullable StateListenerPrx listener,
      long haveEpoch,
      long haveSeq,
      Current current)
      throws UnknownStream {
    String stream = stream(current);
    if (listener == null) {
      throw new IllegalArgumentException("the listener of " + instance + " is null");
    }
    hub.addListener(stream, instance, listener, haveEpoch, haveSeq);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> removeListenerAsync(String instance, Current current) {
    hub.tell(current.id.name, new StreamInput.RemoveListener(instance));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> ackAsync(String instance, long seq, Current current) {
    hub.tell(current.id.name, new StreamInput.Acknowledged(instance, seq));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<StreamInfo> infoAsync(Current current) throws UnknownStream {
    StreamView view = hub.view(stream(current));
    return CompletableFuture.completedFuture(
        new StreamInfo(
            view.name(),
            view.epoch(),
            view.seq(),
            view.items().size(),
            view.bytes(),
            view.listeners(),
            view.writer()));
  }

  private String stream(Current current) throws UnknownStream {
    Optional<String> obstacle = hub.obstacle();
    if (obstacle.isEmpty()) {
      obstacle = nameFault(current.id.name);
    }
    if (obstacle.isPresent()) {
      throw new UnknownStream(obstacle.get());
    }
    return current.id.name;
  }

  private static void requireNumber(long clientSeq) {
    if (clientSeq < 1) {
      throw new IllegalArgumentException("updates are numbered from 1: " + clientSeq);
    }
  }

  private List<StateItem> checked(String stream, Item[] set, String[] removed) throws TooLarge {
    List<StateItem> items = StreamMapping.items(set);
    Set<String> keys = new HashSet<>();
    long bytes = new StateUpdate(0, 0, items, List.of(removed)).sizeBytes();
    for (StateItem item : items) {
      if (item.payload().length() > limits.itemBytesMax()) {
        throw new TooLarge(limits.itemBytesMax());
      }
      if (!keys.add(item.key())) {
        throw new IllegalArgumentException("key \"" + item.key() + "\" is set twice");
      }
    }
    for (String key : removed) {
      if (!keys.add(key)) {
        throw new IllegalArgumentException("key \"" + key + "\" is set and removed");
      }
    }
    for (String key : keys) {
      if (StreamLimits.utf8Bytes(key) > StreamLimits.KEY_BYTES_MAX) {
        throw new TooLarge(StreamLimits.KEY_BYTES_MAX);
      }
    }
    if (keys.size() > limits.updateItemsMax()) {
      throw new TooLarge(limits.updateItemsMax());
    } else if (bytes > limits.updateBytesMax()) {
      throw new TooLarge(limits.updateBytesMax());
    } else if (!items.isEmpty()) {
      requireRoom(hub.view(stream), items);
    }
    return items;
  }

  private void requireRoom(StreamView view, List<StateItem> items) throws TooLarge {
    long bytes = view.bytes();
    for (StateItem item : items) {
      StateItem old = view.items().get(item.key());
      bytes += item.sizeBytes() - (old == null ? 0 : old.sizeBytes());
    }
    if (bytes > limits.streamBytesMax()) {
      throw new TooLarge(limits.streamBytesMax());
    }
  }

  private CompletionStage<Long> acknowledged(String stream, StreamCommand.Applied applied) {
    return ack == AckLevel.STANDBY
        ? hub.await(stream, applied.seq())
        : CompletableFuture.completedFuture(applied.seq());
  }

  private interface Continuation {
    CompletionStage<Long> after(StreamCommand.Applied applied);
  }

  private CompletionStage<Long> submit(StreamCommand command, long epoch, Continuation then) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    engine
        .submit(command)
        .thenCompose(
            result ->
                result instanceof StreamCommand.Applied applied
                    ? then.after(applied)
                    : CompletableFuture.failedStage(
                        refusal(((StreamCommand.Rejected) result).reason(), epoch)))
        .whenComplete(
            (seq, failure) -> {
              if (failure == null) {
                answer.complete(seq);
              } else {
                answer.completeExceptionally(plain(Async.cause(failure)));
              }
            });
    return answer;
  }

  private static Throwable plain(Throwable failure) {
    return failure instanceof StreamEngine.NotServingException
        ? new UnknownStream(String.valueOf(failure.getMessage()))
        : failure;
  }

  private static Exception refusal(StreamCommand.Reason reason, long epoch) {
    if (reason instanceof StreamCommand.StaleWriter stale) {
      return new StaleWriter(stale.epoch());
    } else if (reason instanceof StreamCommand.Forgotten) {
      return new StaleWriter(epoch - 1);
    } else if (reason instanceof StreamCommand.Gap gap) {
      return new UnknownStream("update " + gap.expectedClientSeq() + " is missing");
    }
    return new IllegalStateException("unexpected " + reason);
  }
}
