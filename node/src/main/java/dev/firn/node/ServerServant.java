package dev.firn.node;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.IceGrid.BadSignalException;
import com.zeroc.IceGrid.FileNotAvailableException;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.Server;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.EncodedProxy;
import dev.firn.server.ServerAnswer;
import dev.firn.server.ServerInput;
import dev.firn.server.ServerStatus;
import dev.firn.server.ServerView;
import dev.firn.server.Signal;
import dev.firn.wire.Async;
import dev.firn.wire.InternalDescriptors;
import dev.firn.wire.Mapping;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A server, for registries. */
final class ServerServant implements Server {
  private final NodeContext context;
  private final HostedServer server;

  ServerServant(NodeContext context, HostedServer server) {
    this.context = context;
    this.server = server;
  }

  @Override
  public CompletionStage<Void> startAsync(Current current) {
    return Answers.done(server.id(), server.request(ServerInput.Start::new));
  }

  @Override
  public CompletionStage<Void> stopAsync(Current current) {
    return Answers.done(server.id(), server.request(ServerInput.Stop::new));
  }

  @Override
  public CompletionStage<Boolean> checkUpdateAsync(
      @Nullable InternalServerDescriptor update, boolean noRestart, Current current) {
    Optional<dev.firn.model.InternalServerDescriptor> descriptor = InternalDescriptors.read(update);
    return server
        .request(caller -> new ServerInput.CheckUpdate(caller, descriptor, noRestart))
        .thenCompose(
            answer ->
                answer instanceof ServerAnswer.Updatable updatable
                    ? CompletableFuture.completedFuture(updatable.stopped())
                    : CompletableFuture.failedFuture(Answers.failure(server.id(), answer)));
  }

  @Override
  public CompletionStage<Void> setEnabledAsync(boolean enable, Current current) {
    return Answers.done(
        server.id(), server.request(caller -> new ServerInput.SetEnabled(caller, enable)));
  }

  @Override
  public boolean isEnabled(Current current) {
    return status().enabled();
  }

  @Override
  public CompletionStage<Void> sendSignalAsync(String signal, Current current)
      throws BadSignalException {
    int number =
        Signal.number(signal)
            .orElseThrow(() -> new BadSignalException("unknown signal `" + signal + "'"));
    return server.signal(number);
  }

  @Override
  public CompletionStage<Void> writeMessageAsync(String message, int descriptor, Current current) {
    ProcessPrx process =
        ProcessPrx.uncheckedCast(
            Mapping.decode(
                context.communicator(),
                server.view().map(ServerView::process).orElse(EncodedProxy.NULL)));
    if (process == null) {
      return CompletableFuture.completedFuture(null);
    }
    // A process that cannot be told is as good as none.
    return Async.call(() -> process.writeMessageAsync(message, descriptor))
        .handle((ok, failure) -> null);
  }

  @Override
  public ServerState getState(Current current) {
    return ServerState.valueOf(status().state().label());
  }

  @Override
  public int getPid(Current current) {
    return status().pid();
  }

  @Override
  public CompletionStage<Void> setProcessAsync(@Nullable ProcessPrx process, Current current) {
    EncodedProxy proxy = Mapping.encode(context.communicator(), process);
    return Answers.done(
        server.id(), server.request(caller -> new ServerInput.SetProcess(caller, proxy)));
  }

  @Override
  public long getOffsetFromEnd(String filename, int lines, Current current)
      throws FileNotAvailableException {
    return ServerLogs.offsetFromEnd(
        context, server.view().flatMap(ServerView::descriptor), filename, lines);
  }

  @Override
  public ReadResult read(String filename, long pos, int size, Current current)
      throws FileNotAvailableException {
    return ServerLogs.read(
        context, server.view().flatMap(ServerView::descriptor), filename, pos, size);
  }

  private ServerStatus status() {
    ServerStatus status =
        server.view().map(ServerView::status).orElseThrow(ObjectNotExistException::new);
    if (status.state() == dev.firn.server.ServerState.DESTROYED) {
      throw new ObjectNotExistException();
    }
    return status;
  }
}
