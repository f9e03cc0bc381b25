package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.UnknownException;
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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * All streams; which one is in the identity's name. Whatever is answered has been seen by the hub,
 * so what is read after an answer has it.
 */
final class StateStreamServant implements StateStream {
  // The only way to tell a gap from a stream that is not served, as callers of old know it.
  private static final String MISSING = "update ";
  private static final String IS_MISSING = " is missing";

  static final String CATEGORY = "stream";

  /**
   * In the context of a claim: the claimant publishes its whole state where a stream lacks it. Only
   * {@code replace} can do that so that followers never see half of it.
   */
  static final String REPLACES = "ha.replaces";

  private static final int SEQS_PER_SECOND_BITS = 20;

  private final StreamEngine engine;
  private final StreamHub hub;
  private final StreamLimits limits;

  StateStreamServant(StreamEngine engine, StreamHub hub, StreamLimits limits) {
    this.engine = engine;
    this.hub = hub;
    this.limits = limits;
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
      throw new UnknownException("an epoch must not be negative: " + proposedEpoch);
    }
    return submit(
        new StreamCommand.Claim(
            stream, instance, proposedEpoch, firstSeq(), current.ctx.containsKey(REPLACES)),
        // Who claims asks next how far the stream is, and must be told of all before the claim.
        applied -> hub.read(stream).thenApply(view -> applied.epoch()));
  }

  @Override
  public CompletionStage<Long> publishAsync(
      long epoch, long clientSeq, Item[] set, String[] removed, Current current)
      throws TooLarge, UnknownStream {
    String stream = stream(current);
    requireNumber(clientSeq);
    List<StateItem> items = checked(set, removed);
    if (!items.isEmpty()) {
      StreamView view = hub.view(stream);
      requireRoom(view.bytes(), view.items(), items);
    }
    return submit(
        new StreamCommand.Publish(stream, epoch, clientSeq, items, List.of(removed)),
        applied -> hub.await(stream, applied.seq()));
  }

  @Override
  public CompletionStage<Long> replaceAsync(
      long epoch, long clientSeq, boolean first, boolean last, Item[] set, Current current)
      throws TooLarge, UnknownStream {
    String stream = stream(current);
    requireNumber(clientSeq);
    List<StateItem> items = checked(set, new String[0]);
    // The parts have room of their own: together they take the place of what is there.
    requireRoom(first ? 0 : hub.view(stream).partsBytes(), Map.of(), items);
    return submit(
        new StreamCommand.Replace(stream, epoch, clientSeq, first, last, items),
        // Standbys see nothing of it before the last part.
        applied ->
            last
                ? hub.await(stream, applied.seq())
                : hub.read(stream).thenApply(view -> applied.seq()));
  }

  @Override
  public CompletionStage<Item[]> getAsync(String[] keys, Current current) throws UnknownStream {
    return answer(
        hub.read(stream(current))
            .thenApply(
                view ->
                    StreamMapping.items(
                        Arrays.stream(keys)
                            .distinct()
                            .map(key -> view.items().get(key))
                            .filter(Objects::nonNull)
                            .toList())));
  }

  @Override
  public CompletionStage<GetAllResult> getAllAsync(Current current) throws UnknownStream {
    // It may be much, and the hub's thread has listeners to serve.
    return answer(
        hub.read(stream(current))
            .thenApplyAsync(
                view -> new GetAllResult(StreamMapping.items(view.items().values()), view.seq())));
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
      throw new UnknownException("the listener of " + instance + " is null");
    }
    return answer(
        hub.addListener(stream, instance, listener, haveEpoch, haveSeq).thenApply(added -> null));
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
    return answer(
        hub.read(stream(current))
            .thenApply(
                view ->
                    new StreamInfo(
                        view.name(),
                        view.epoch(),
                        view.seq(),
                        view.items().size(),
                        view.bytes(),
                        view.listeners(),
                        view.writer())));
  }

  /** Nobody publishes a million updates in each second, and a double can hold this. */
  private static long firstSeq() {
    return (System.currentTimeMillis() / 1_000) << SEQS_PER_SECOND_BITS;
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
      throw new UnknownException("updates are numbered from 1: " + clientSeq);
    }
  }

  private List<StateItem> checked(Item[] set, String[] removed) throws TooLarge {
    List<StateItem> items = StreamMapping.items(set);
    Set<String> keys = new HashSet<>();
    long bytes = new StateUpdate(0, 0, items, List.of(removed)).sizeBytes();
    for (StateItem item : items) {
      if (item.payload().length() > limits.itemBytesMax()) {
        throw new TooLarge(limits.itemBytesMax());
      }
      if (!keys.add(item.key())) {
        throw new UnknownException("key \"" + item.key() + "\" is set twice");
      }
    }
    for (String key : removed) {
      if (!keys.add(key)) {
        throw new UnknownException("key \"" + key + "\" is set and removed");
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
    }
    return items;
  }

  private void requireRoom(long used, Map<String, StateItem> there, List<StateItem> items)
      throws TooLarge {
    long bytes = used;
    for (StateItem item : items) {
      StateItem old = there.get(item.key());
      bytes += item.sizeBytes() - (old == null ? 0 : old.sizeBytes());
    }
    if (bytes > limits.streamBytesMax()) {
      throw new TooLarge(limits.streamBytesMax());
    }
  }

  private interface Continuation {
    CompletionStage<Long> after(StreamCommand.Applied applied);
  }

  private CompletionStage<Long> submit(StreamCommand command, Continuation then) {
    return answer(
        engine
            .submit(command)
            .thenCompose(
                result ->
                    result instanceof StreamCommand.Applied applied
                        ? then.after(applied)
                        : CompletableFuture.failedStage(
                            refusal(((StreamCommand.Rejected) result).reason()))));
  }

  /** The same with the plain exception that the client is to get. */
  private static <T> CompletionStage<T> answer(CompletionStage<T> done) {
    return Async.translated(done, StateStreamServant::plain);
  }

  private static Throwable plain(Throwable failure) {
    return failure instanceof StreamEngine.NotServingException
        ? new UnknownStream(String.valueOf(failure.getMessage()))
        : failure;
  }

  private static Exception refusal(StreamCommand.Reason reason) {
    if (reason instanceof StreamCommand.StaleWriter stale) {
      return new StaleWriter(stale.epoch());
    } else if (reason instanceof StreamCommand.Forgotten forgotten) {
      return new StaleWriter(forgotten.epoch());
    } else if (reason instanceof StreamCommand.Gap gap) {
      return new UnknownStream(MISSING + gap.expectedClientSeq() + IS_MISSING);
    }
    return new IllegalStateException("unexpected " + reason);
  }

  /** What a replicator of another make need not say. */
  static String reason(UnknownStream refusal) {
    return refusal.hasReason() ? refusal.getReason() : "the stream is not known there";
  }

  /** Which update of the writer a stream lacks that refuses one for it. */
  static OptionalLong missing(@Nullable Throwable failure) {
    String reason = failure instanceof UnknownStream refusal ? reason(refusal) : "";
    if (reason.startsWith(MISSING) && reason.endsWith(IS_MISSING)) {
      try {
        return OptionalLong.of(
            Long.parseLong(
                reason.substring(MISSING.length(), reason.length() - IS_MISSING.length())));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
