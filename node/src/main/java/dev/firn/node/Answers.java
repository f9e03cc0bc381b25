package dev.firn.node;

import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.UnknownException;
import com.zeroc.IceGrid.AdapterActiveException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerStartException;
import com.zeroc.IceGrid.ServerStopException;
import dev.firn.server.ServerAnswer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refusals of a server as the exceptions of its contract. */
final class Answers {
  private Answers() {}

  static Throwable failure(String serverId, ServerAnswer answer) {
    if (answer instanceof ServerAnswer.StartRefused refused) {
      return new ServerStartException(serverId, refused.reason());
    } else if (answer instanceof ServerAnswer.StopRefused refused) {
      return new ServerStopException(serverId, refused.reason());
    } else if (answer instanceof ServerAnswer.DeploymentRefused refused) {
      return new DeploymentException(refused.reason());
    } else if (answer instanceof ServerAnswer.AdapterActive) {
      return new AdapterActiveException();
    } else if (answer instanceof ServerAnswer.UpdateFailed failed) {
      return new UnknownException(failed.reason());
    } else if (answer instanceof ServerAnswer.Gone) {
      return new ObjectNotExistException();
    }
    throw new IllegalArgumentException("no failure: " + answer);
  }

  /** For operations that only can be done or not. */
  static CompletionStage<Void> done(String serverId, CompletionStage<ServerAnswer> answered) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    answered.whenComplete(
        (answer, failure) -> {
          if (failure != null) {
            done.completeExceptionally(failure);
          } else if (answer instanceof ServerAnswer.Done) {
            done.complete(null);
          } else {
            done.completeExceptionally(failure(serverId, answer));
          }
        });
    return done;
  }
}
