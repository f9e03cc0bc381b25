package dev.firn.component;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Logger;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.UnknownException;
import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.model.EncodedProxy;
import dev.firn.model.MalformedEncodingException;
import dev.firn.wire.Firn.Replicator.Peer;
import dev.firn.wire.Firn.Replicator.PeerRefusal;
import dev.firn.wire.Firn.Replicator.PeerStatus;
import dev.firn.wire.Firn.Replicator.Position;
import dev.firn.wire.ReplicaLoop;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * This replica of a server as the others see it. Any thread; whoever asks is answered later, by the
 * loop.
 */
final class ReplicaPeerServant implements Peer {
  private final ReplicaLoop loop;
  private final Set<Integer> others;
  private final ReplicaCodec codec;
  private final Function<byte[], CompletableFuture<byte[]>> submitted;
  private final Logger logger;

  /**
   * @param others the ids of the other replicas
   * @param submitted carries out a command of another replica's client
   */
  ReplicaPeerServant(
      ReplicaLoop loop,
      Set<Integer> others,
      ReplicaCodec codec,
      Function<byte[], CompletableFuture<byte[]>> submitted,
      Logger logger) {
    this.loop = loop;
    this.others = others;
    this.codec = codec;
    this.submitted = submitted;
    this.logger = logger;
  }

  @Override
  public CompletionStage<Void> invitationAsync(int from, String group, Current current) {
    if (isPeer(from, "invitation")) {
      loop.tell(new Input.Told(new Message.Invitation(new ReplicaId(from), group)));
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Void> acceptAsync(
      int from, String group, int[] forwarded, Position reached, int max, Current current) {
    if (isPeer(from, "accept")) {
      loop.tell(
          new Input.Told(
              new Message.Accept(
                  new ReplicaId(from),
                  group,
                  Arrays.stream(forwarded)
                      .filter(others::contains)
                      .mapToObj(ReplicaId::new)
                      .toList(),
                  EncodedProxy.NULL,
                  ReplicaMapping.position(reached),
                  max)));
    }
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> areYouThereAsync(String group, int from, Current current) {
    Optional<ReplicaLoop.Snapshot> storing = loop.whileStoring();
    if (storing.isPresent()) {
      return CompletableFuture.completedFuture(isMember(storing.get().view(), group, from));
    }
    return ask(new Message.AreYouThere(group, new ReplicaId(from)))
        .thenApply(answer -> answer.equals(new Answer.Bool(true)));
  }

  private static boolean isMember(ReplicaView view, String group, int from) {
    return view.coordinator().equals(view.id())
        && view.group().equals(group)
        && view.members().stream().anyMatch(member -> member.id().value() == from);
  }

  @Override
  public CompletionStage<PeerStatus> statusAsync(Current current) {
    Optional<ReplicaLoop.Snapshot> storing = loop.whileStoring();
    if (storing.isPresent()) {
      return CompletableFuture.completedFuture(ReplicaMapping.status(storing.get().status()));
    }
    return ask(new Message.AskStatus())
        .thenApply(
            answer -> {
              if (answer instanceof Answer.Status status) {
                return ReplicaMapping.status(status.status());
              }
              // It has ended: for the others as if it had never been there.
              throw new ObjectNotExistException();
            });
  }

  @Override
  public CompletionStage<Void> readyAsync(
      int from, String group, int max, long generation, Current current) {
    if (!isPeer(from, "ready")) {
      return CompletableFuture.failedFuture(new PeerRefusal("unknown replica " + from));
    }
    return done(
        ask(new Message.Ready(new ReplicaId(from), group, EncodedProxy.NULL, max, generation)));
  }

  @Override
  public CompletionStage<ContentResult> contentAsync(Current current) {
    return ask(new Message.GetContent())
        .thenCompose(
            answer ->
                answer instanceof Answer.Content content
                    ? CompletableFuture.completedFuture(
                        new ContentResult(
                            ReplicaMapping.content(codec, content.content()),
                            ReplicaMapping.position(content.position())))
                    : CompletableFuture.failedFuture(new PeerRefusal(answer.toString())));
  }

  @Override
  public CompletionStage<Void> initAsync(Position reached, byte[][] content, Current current) {
    return decoded(
        () ->
            new Message.Init(
                ReplicaMapping.position(reached), ReplicaMapping.content(codec, content)));
  }

  @Override
  public CompletionStage<Void> updateAsync(Position first, byte[][] commands, Current current) {
    return decoded(() -> ReplicaMapping.updates(codec, first, commands));
  }

  @Override
  public CompletionStage<byte[]> submitAsync(byte[] command, Current current) {
    return submitted.apply(command);
  }

  private CompletionStage<Void> decoded(Supplier<Message.Call> message) {
    try {
      return done(ask(message.get()));
    } catch (MalformedEncodingException | IllegalArgumentException e) {
      String reason = "cannot be decoded: " + e.getMessage();
      logger.warning("what another replica sent " + reason);
      return CompletableFuture.failedFuture(new PeerRefusal(reason));
    }
  }

  private static CompletionStage<Void> done(CompletableFuture<Answer> asked) {
    return asked.thenCompose(
        answer -> {
          if (answer instanceof Answer.Done) {
            return CompletableFuture.completedFuture(null);
          } else if (answer instanceof Answer.Inconsistent inconsistent) {
            return CompletableFuture.failedFuture(new PeerRefusal(inconsistent.reason()));
          } else if (answer instanceof Answer.Failed failed) {
            return CompletableFuture.failedFuture(new PeerRefusal(failed.reason()));
          }
          return CompletableFuture.failedFuture(new UnknownException(answer.toString()));
        });
  }

  private CompletableFuture<Answer> ask(Message.Call message) {
    return loop.request(id -> new Input.Asked(id, message));
  }

  private boolean isPeer(int node, String operation) {
    if (others.contains(node)) {
      return true;
    }
    logger.warning("ignoring " + operation + " from unknown replica " + node);
    return false;
  }
}
