package dev.firn.component;

import dev.firn.failover.StateItem;
import dev.firn.failover.StreamWriter;
import dev.firn.failover.WriterInput;
import dev.firn.failover.WriterOutput;
import dev.firn.wire.Failover.V1.Item;
import dev.firn.wire.Failover.V1.StaleWriter;
import dev.firn.wire.Failover.V1.StateStreamPrx;
import dev.firn.wire.Failover.V1.TooLarge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Hosts the writer of one epoch; on the thread of its client. */
final class StreamWriting implements WriterOutput.WriterHost {
  private final IceStreamClient client;
  private final StreamWriter core;
  private final Map<Long, CompletableFuture<Long>> flushes = new HashMap<>();
  private final Set<Long> underWay = new HashSet<>();

  /** Flushes that failed for an epoch which may be this same instance's next one. */
  private final List<CompletableFuture<Long>> held = new ArrayList<>();

  private long heldFor;
  private long lastFlush;
  private long acknowledgedSeq = -1;

  StreamWriting(IceStreamClient client, StreamWriter core) {
    this.client = client;
    this.core = core;
  }

  StreamWriter core() {
    return core;
  }

  void step(WriterInput input) {
    if (!client.isCurrent(this)) {
      return;
    }
    List<WriterOutput> outputs = core.step(OwnerThread.nowMillis(), input);
    if (core.acknowledgedSeq() != acknowledgedSeq) {
      // Before who waited for it is told.
      acknowledgedSeq = core.acknowledgedSeq();
      client.progressed(
          new StreamProgress(
              core.epoch(), acknowledgedSeq, acknowledgedSeq, OptionalLong.empty(), true));
    }
    outputs.forEach(output -> output.perform(this));
  }

  void flush(CompletableFuture<Long> answer) {
    long request = ++lastFlush;
    flushes.put(request, answer);
    step(new WriterInput.Flush(request));
  }

  /** Who waits waits for another writer of this instance, which has all that this one had. */
  void handOver(StreamWriting next) {
    List<CompletableFuture<Long>> waiting = take();
    waiting.forEach(next::flush);
  }

  void end() {
    take()
        .forEach(
            answer ->
                answer.completeExceptionally(
                    new NotPublishingException(client.instance() + " has stopped publishing")));
  }

  private List<CompletableFuture<Long>> take() {
    List<CompletableFuture<Long>> waiting = new ArrayList<>(flushes.values());
    waiting.addAll(held);
    flushes.clear();
    held.clear();
    return waiting;
  }

  /** No newer epoch of this instance will take the flushes that wait for one. */
  void notRaised() {
    List<CompletableFuture<Long>> failed = List.copyOf(held);
    held.clear();
    failed.forEach(answer -> answer.completeExceptionally(new StaleWriterException(heldFor)));
  }

  /** The replicator is not asked any more: nobody waits for what it may still answer. */
  void abandon(String reason) {
    List<Long> abandoned = new ArrayList<>(underWay);
    underWay.clear();
    client.execute(() -> abandoned.forEach(call -> step(new WriterInput.Failed(call, reason))));
  }

  private <T> void call(
      long call,
      int limitMillis,
      Function<StateStreamPrx, CompletableFuture<T>> operation,
      Function<T, WriterInput> answered) {
    underWay.add(call);
    client
        .link()
        .call(
            limitMillis,
            operation,
            (result, failure) -> {
              if (!underWay.remove(call)) {
                return;
              }
              if (result != null) {
                step(answered.apply(result));
              } else if (failure instanceof StaleWriter stale) {
                step(new WriterInput.Stale(call, stale.epoch));
              } else if (failure instanceof TooLarge tooLarge) {
                step(new WriterInput.TooLarge(call, tooLarge.limit));
              } else if (StateStreamServant.missing(failure).isPresent()) {
                long missing = StateStreamServant.missing(failure).getAsLong();
                step(new WriterInput.Gap(call, missing));
              } else {
                step(new WriterInput.Failed(call, failure == null ? "" : FailureText.of(failure)));
              }
            });
  }

  @Override
  public void claim(long call, long epoch) {
    call(
        call,
        client.config().askMillis(),
        to -> to.claimAsync(client.instance(), epoch, StreamClaims.WITH_STATE),
        given -> new WriterInput.Answered(call, given, 0));
  }

  @Override
  public void probe(long call) {
    call(
        call,
        client.config().askMillis(),
        StateStreamPrx::infoAsync,
        info -> new WriterInput.Answered(call, info.epoch, info.seq));
  }

  @Override
  public void publish(
      long call, long epoch, long clientSeq, List<StateItem> set, List<String> removed) {
    Item[] mapped = StreamMapping.items(set);
    String[] keys = removed.toArray(new String[0]);
    call(
        call,
        client.config().publishMillis(),
        to -> to.publishAsync(epoch, clientSeq, mapped, keys),
        seq -> new WriterInput.Answered(call, epoch, seq));
  }

  @Override
  public void replace(
      long call, long epoch, long clientSeq, boolean first, boolean last, List<StateItem> set) {
    Item[] mapped = StreamMapping.items(set);
    call(
        call,
        client.config().publishMillis(),
        to -> to.replaceAsync(epoch, clientSeq, first, last, mapped),
        seq -> new WriterInput.Answered(call, epoch, seq));
  }

  @Override
  public void flushed(long request, long seq) {
    CompletableFuture<Long> answer = flushes.remove(request);
    if (answer != null) {
      answer.complete(seq);
    }
  }

  @Override
  public void flushFailed(long request, long current) {
    CompletableFuture<Long> answer = flushes.remove(request);
    if (answer == null) {
      return;
    }
    if (client.mayHave(current)) {
      heldFor = current;
      held.add(answer);
    } else {
      answer.completeExceptionally(new StaleWriterException(current));
    }
  }

  @Override
  public void stale(long current) {
    client.events().stale(core.epoch(), current);
  }

  @Override
  public void unprotected(String reason) {
    client.events().unprotected(reason);
  }

  @Override
  public void protectedAgain() {
    client.events().protectedAgain();
  }
}
