package dev.firn.node;

import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import dev.firn.server.CallerId;
import dev.firn.server.ProcessExit;
import dev.firn.server.RememberedRun;
import dev.firn.server.ServerAnswer;
import dev.firn.server.ServerHost;
import dev.firn.server.ServerInput;
import dev.firn.server.ServerMachine;
import dev.firn.server.ServerOutput;
import dev.firn.server.ServerRevision;
import dev.firn.server.ServerStatus;
import dev.firn.server.ServerView;
import dev.firn.server.Signal;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Mapping;
import dev.firn.wire.StackTraces;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One server: its machine, its process and its files.
 *
 * <p>Tasks of a server run one after the other on threads of the node's pool; one of them owns the
 * machine at a time, and files and processes are touched only there. Any thread may ask, and is
 * answered later on such a thread; nobody waits for a peer.
 */
final class HostedServer implements ServerHost {
  private static final int NOBODY = 0;

  private final String id;
  private final NodeContext context;
  private final NodeServers servers;
  private final ServerFiles files;
  private final SerialTasks tasks;
  private final AtomicLong lastCaller = new AtomicLong(NOBODY);
  private final Map<Long, CompletableFuture<ServerAnswer>> waiting = new ConcurrentHashMap<>();

  /** What came of outputs while they were performed. Tasks only, as all that follows. */
  private final Deque<ServerInput> outcomes = new ArrayDeque<>();

  private @Nullable ServerMachine machine;
  private Optional<Optional<UserAccount>> account = Optional.empty();
  private @Nullable RunningProcess process;
  private @Nullable Future<?> timer;
  private OptionalLong timerMillis = OptionalLong.empty();
  private Optional<RunCodec.Remembered> remembered = Optional.empty();

  /** For readers on any thread; null before the first input. */
  private volatile @Nullable ServerView view;

  HostedServer(String id, NodeContext context, NodeServers servers) {
    this.id = id;
    this.context = context;
    this.servers = servers;
    files = new ServerFiles(context.directories(), context.traces().logger());
    tasks = new SerialTasks(servers.pool());
  }

  String id() {
    return id;
  }

  /** How the server is; empty if it never had anything to do. */
  Optional<ServerView> view() {
    return Optional.ofNullable(view);
  }

  /** Asks for something; the answer is {@link ServerAnswer.Gone} if the server is no more. */
  CompletableFuture<ServerAnswer> request(Function<CallerId, ServerInput> input) {
    CallerId caller = new CallerId(lastCaller.incrementAndGet());
    CompletableFuture<ServerAnswer> answer = new CompletableFuture<>();
    waiting.put(caller.value(), answer);
    if (!task(() -> step(input.apply(caller)))) {
      waiting.remove(caller.value());
      answer.complete(new ServerAnswer.Gone());
    }
    return answer;
  }

  /** Something has happened; nobody waits for an answer. */
  void post(ServerInput input) {
    task(() -> step(input));
  }

  /** Takes over a running process, or forgets it if it is gone. */
  void adopt(RunCodec.Remembered state) {
    task(() -> takeOver(state));
  }

  /** Sends a signal to the process, if there is one. */
  CompletionStage<Void> signal(int number) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    boolean added =
        task(
            () -> {
              try {
                send(number);
                sent.complete(null);
              } catch (IOException e) {
                sent.completeExceptionally(
                    new com.zeroc.Ice.UnknownLocalException(String.valueOf(e.getMessage()), e));
              }
            });
    if (!added) {
      sent.completeExceptionally(new com.zeroc.Ice.ObjectNotExistException());
    }
    return sent;
  }

  /** The node has ended. */
  void close() {
    tasks.close();
    waiting.keySet().forEach(caller -> answer(new CallerId(caller), new ServerAnswer.Gone()));
  }

  // Tasks.

  /**
   * Queues a task; what it throws is a bug, and costs this object, not the server or the node.
   *
   * @return false if it will not run
   */
  private boolean task(Runnable task) {
    return tasks.add(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            broken(e);
          }
        });
  }

  private void step(ServerInput first) {
    ServerMachine running = machine();
    outcomes.add(first);
    while (!outcomes.isEmpty()) {
      ServerInput input = outcomes.remove();
      List<ServerOutput> outputs = running.step(servers.nowMillis(), input);
      for (ServerOutput output : outputs) {
        if (!(output instanceof ServerOutput.Remember)) {
          // Nobody sees what the next run would not know; who is answered may look at once.
          view = running.view();
        }
        output.perform(this);
      }
      view = running.view();
    }
    setTimer(running.deadlineMillis());
    ServerView now = running.view();
    if (now.status().state() == dev.firn.server.ServerState.DESTROYED
        || (now.isUnused() && tasks.closeIfIdle())) {
      end();
    }
  }

  private ServerMachine machine() {
    ServerMachine known = machine;
    if (known == null) {
      Optional<ServerRevision> stored = context.directories().revision(id);
      known = new ServerMachine(id, stored, servers.config(), servers.random());
      machine = known;
    }
    return known;
  }

  private void setTimer(OptionalLong deadlineMillis) {
    if (deadlineMillis.equals(timerMillis)) {
      return;
    }
    timerMillis = deadlineMillis;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    deadlineMillis.ifPresent(
        millis ->
            timer =
                servers.schedule(
                    () ->
                        task(
                            () -> {
                              timerMillis = OptionalLong.empty();
                              step(new ServerInput.Tick());
                            }),
                    millis - servers.nowMillis()));
  }

  /** The server is no more, or there never was one. */
  private void end() {
    setTimer(OptionalLong.empty());
    servers.ended(this);
    close();
  }

  /**
   * A bug: what this server's state is nobody knows. A new object takes the process over if it is
   * known how; otherwise the process goes, because nobody could stop it any more.
   */
  private void broken(Throwable bug) {
    context.traces().logger().error("server `" + id + "': internal error\n" + StackTraces.of(bug));
    setTimer(OptionalLong.empty());
    if (remembered.isEmpty() && process != null) {
      try {
        process.kill();
      } catch (IOException e) {
        context
            .traces()
            .logger()
            .error("couldn't kill server `" + id + "', end it by hand: " + e.getMessage());
      }
    }
    try {
      servers.broken(this, remembered);
    } finally {
      tasks.close();
      waiting.values().forEach(answer -> answer.completeExceptionally(bug));
    }
  }

  private void takeOver(RunCodec.Remembered state) {
    long run = 1;
    Optional<RunningProcess> adopted =
        context.launcher().adopt(state.process(), status -> exited(run, status));
    if (adopted.isEmpty()) {
      context.directories().forget(id);
      servers.ended(this);
      close();
      return;
    }
    process = adopted.get();
    context
        .traces()
        .trace(
            NodeTraces.Category.ACTIVATOR,
            1,
            () -> "adopted server `" + id + "' (pid = " + state.process().pid() + ")");
    step(new ServerInput.Adopted(state.run(), (int) state.process().pid()));
  }

  private void exited(long run, ProcessExit exit) {
    post(new ServerInput.Exited(run, exit));
  }

  private void send(int signal) throws IOException {
    if (process != null) {
      process.signal(signal);
      traceSent(signal, process);
    }
  }

  private void traceSent(int signal, RunningProcess to) {
    long pid = to.record().pid();
    context
        .traces()
        .trace(
            NodeTraces.Category.ACTIVATOR,
            2,
            () -> "sent " + Signal.name(signal) + " to server `" + id + "' (pid = " + pid + ")");
  }

  // Outputs.

  @Override
  public void answer(CallerId caller, ServerAnswer answer) {
    CompletableFuture<ServerAnswer> future = waiting.remove(caller.value());
    if (future != null) {
      future.complete(answer);
    }
  }

  @Override
  public void write(
      InternalServerDescriptor descriptor,
      Optional<InternalServerDescriptor> previous,
      boolean clearFirst) {
    context
        .accounts()
        .of(descriptor)
        .whenComplete(
            (owner, failure) ->
                task(
                    () ->
                        step(
                            new ServerInput.Written(
                                failure == null
                                    ? write(descriptor, owner, previous, clearFirst)
                                    : Optional.of(reason(failure))))));
  }

  private Optional<String> write(
      InternalServerDescriptor descriptor,
      Optional<UserAccount> owner,
      Optional<InternalServerDescriptor> previous,
      boolean clearFirst) {
    Optional<String> failure =
        files.write(descriptor, owner, previous, account.orElse(Optional.empty()), clearFirst);
    if (failure.isEmpty()) {
      account = Optional.of(owner);
    }
    return failure;
  }

  @Override
  public void writeRevision(InternalServerDescriptor descriptor) {
    files.writeRevision(descriptor);
  }

  @Override
  public void remove(String application, boolean evenUserData) {
    files.remove(id, evenUserData);
    if (!application.isEmpty() && servers.isLast(this, application)) {
      files.removeApplication(application);
    }
    outcomes.add(new ServerInput.Removed());
  }

  @Override
  public void awaitReplication(long run, String uuid, int revision) {
    context
        .master()
        .waitForApplicationUpdate(uuid, revision)
        .whenComplete((ok, failure) -> post(new ServerInput.ReplicationKnown(run)));
  }

  @Override
  public void launch(long run, InternalServerDescriptor descriptor) {
    account
        .<CompletionStage<Optional<UserAccount>>>map(CompletableFuture::completedFuture)
        .orElseGet(() -> context.accounts().of(descriptor))
        .whenComplete(
            (owner, failure) ->
                task(
                    () ->
                        step(
                            failure == null
                                ? launch(run, descriptor, owner)
                                : new ServerInput.LaunchFailed(run, reason(failure)))));
  }

  private ServerInput launch(
      long run, InternalServerDescriptor descriptor, Optional<UserAccount> owner) {
    try {
      account = Optional.of(owner);
      LaunchSpec spec = context.directories().launchSpec(descriptor, owner);
      LaunchTrace.trace(context.traces(), spec);
      RunningProcess started = context.launcher().launch(spec, status -> exited(run, status));
      process = started;
      return new ServerInput.Launched(run, (int) started.record().pid());
    } catch (LaunchException e) {
      return new ServerInput.LaunchFailed(run, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void shutDown(long run, EncodedProxy proxy) {
    Async.call(() -> ProcessPrx.uncheckedCast(decode(proxy)).shutdownAsync())
        .whenComplete(
            (ok, failure) -> {
              if (failure != null) {
                post(new ServerInput.ShutdownFailed(run, Exceptions.text(failure)));
              }
            });
  }

  @Override
  public void terminate(long run) {
    try {
      send(Signal.TERM);
    } catch (IOException e) {
      outcomes.add(new ServerInput.SignalFailed(run, String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void kill(long run) {
    try {
      if (process != null) {
        process.kill();
        traceSent(Signal.KILL, process);
      }
    } catch (IOException e) {
      outcomes.add(new ServerInput.KillFailed(run, String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void updateProperties(
      long update,
      InternalServerDescriptor before,
      InternalServerDescriptor after,
      EncodedProxy proxy) {
    RuntimeUpdate.send(
            decode(proxy),
            RuntimeUpdate.parts(
                context.directories().properties(before), context.directories().properties(after)),
            part ->
                context
                    .traces()
                    .trace(
                        NodeTraces.Category.SERVER,
                        2,
                        () ->
                            part.service().isEmpty()
                                ? "updating runtime properties for server `" + id + "'"
                                : "updating runtime properties for service `"
                                    + part.service()
                                    + "' from server `"
                                    + id
                                    + "'"))
        .thenAccept(failure -> post(new ServerInput.PropertiesUpdated(update, failure)));
  }

  @Override
  public void checkAccount(CallerId caller, InternalServerDescriptor descriptor, boolean stopped) {
    context
        .accounts()
        .of(descriptor)
        .whenComplete(
            (owner, failure) ->
                answer(
                    caller,
                    failure == null
                        ? new ServerAnswer.Updatable(stopped)
                        : new ServerAnswer.DeploymentRefused(reason(failure))));
  }

  @Override
  public void adapterAdded(String adapterId) {
    servers.adapterAdded(this, adapterId);
  }

  @Override
  public void adapterRemoved(String adapterId) {
    servers.adapterRemoved(this, adapterId);
  }

  @Override
  public void serverChanged(ServerStatus status) {
    context
        .states()
        .server(
            new ServerDynamicInfo(
                id, ServerState.valueOf(status.state().label()), status.pid(), status.enabled()));
  }

  @Override
  public void adapterChanged(String adapterId, EncodedProxy proxy) {
    @Nullable ObjectPrx direct = Mapping.decode(context.communicator(), proxy);
    context
        .traces()
        .trace(
            NodeTraces.Category.ADAPTER,
            2,
            () ->
                "server `"
                    + id
                    + "' adapter `"
                    + adapterId
                    + (direct == null ? "' deactivated" : "' activated: " + direct));
    context.states().adapter(new AdapterDynamicInfo(adapterId, direct));
  }

  @Override
  public void remember(RememberedRun run) {
    if (process != null) {
      RunCodec.Remembered state = new RunCodec.Remembered(process.record(), run);
      remembered = Optional.of(state);
      context.directories().remember(id, RunCodec.write(context.communicator(), state));
    }
  }

  @Override
  public void forget() {
    process = null;
    remembered = Optional.empty();
    context.directories().forget(id);
  }

  @Override
  public void report(ServerOutput.Severity severity, String message) {
    NodeTraces traces = context.traces();
    switch (severity) {
      case ERROR -> traces.logger().error(message);
      case WARNING -> traces.logger().warning(message);
      case ACTIVATOR_1 -> traces.trace(NodeTraces.Category.ACTIVATOR, 1, () -> message);
      case ACTIVATOR_2 -> traces.trace(NodeTraces.Category.ACTIVATOR, 2, () -> message);
      case ADAPTER_2 -> traces.trace(NodeTraces.Category.ADAPTER, 2, () -> message);
      case ADAPTER_3 -> traces.trace(NodeTraces.Category.ADAPTER, 3, () -> message);
      case SERVER_1 -> traces.trace(NodeTraces.Category.SERVER, 1, () -> message);
      case SERVER_2 -> traces.trace(NodeTraces.Category.SERVER, 2, () -> message);
      case SERVER_3 -> traces.trace(NodeTraces.Category.SERVER, 3, () -> message);
    }
  }

  private ObjectPrx decode(EncodedProxy proxy) {
    ObjectPrx decoded = Mapping.decode(context.communicator(), proxy);
    if (decoded == null) {
      throw new IllegalStateException("server " + id + ": no proxy where there has to be one");
    }
    return decoded;
  }

  private static String reason(Throwable failure) {
    Throwable cause = Async.cause(failure);
    return cause instanceof DeploymentException refused ? refused.reason : Exceptions.text(cause);
  }
}
