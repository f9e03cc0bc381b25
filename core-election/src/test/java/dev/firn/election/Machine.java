package dev.firn.election;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One machine of a {@link Cluster}: a disk, and at times a process. */
final class Machine implements Host {
  private final Cluster cluster;
  private final ElectionConfig config;
  private final SplittableRandom random;
  private final int id;
  private final Map<CallId, Integer> calls = new TreeMap<>();
  private final List<Long> ticks = new ArrayList<>();
  private TopicTables disk = TopicTables.EMPTY;
  private @Nullable Replica replica;
  private boolean diskBroken;
  private boolean forgetsPosition;
  private boolean zeroc;
  private int life;
  private boolean readOpen;
  private boolean publishOpen;

  Machine(Cluster cluster, ElectionConfig config, SplittableRandom random) {
    this.cluster = cluster;
    this.config = config;
    this.random = random;
    this.id = config.self().value();
  }

  void start() {
    life++;
    readOpen = false;
    publishOpen = false;
    ticks.clear();
    calls.clear();
    if (forgetsPosition) {
      disk = disk.with(new StateChange.SetPosition(LogPosition.ZERO));
    }
    replica = Replica.ofStorm(config, disk, random.split());
    give(new Input.Start());
  }

  /** The process is gone; its peers' connections close. */
  void kill() {
    replica = null;
    life++;
    cluster.killed(id);
    for (Machine other : cluster.machines().values()) {
      if (other != this) {
        other.giveLater(new Input.PeerConnectionClosed(config.self()));
        other.loseCallsTo(id);
      }
    }
  }

  void restart() {
    kill();
    start();
  }

  boolean isUp() {
    return replica != null;
  }

  Replica replica() {
    Replica running = replica;
    if (running == null) {
      throw new IllegalStateException("machine " + id + " is down");
    }
    return running;
  }

  NodeState state() {
    return replica().view().state();
  }

  TopicTables disk() {
    return disk;
  }

  void setDisk(TopicTables tables) {
    disk = tables;
  }

  void breakDisk(boolean broken) {
    diskBroken = broken;
  }

  /** Does not know Firn's own operation, and its position does not survive a restart. */
  void pretendToBeZeroc() {
    zeroc = true;
    forgetsPosition = true;
  }

  boolean isReadOpen() {
    return readOpen;
  }

  boolean isPublishOpen() {
    return publishOpen;
  }

  void give(Input input) {
    Replica running = replica;
    if (running == null) {
      return;
    }
    List<Output> outputs = running.step(cluster.nowMillis(), input);
    outputs.forEach(output -> output.perform(this));
    scheduleTick(running);
  }

  private void giveLater(Input input) {
    int then = life;
    cluster.later(Cluster.LATENCY_MILLIS, () -> giveIn(then, input));
  }

  private void giveIn(int expectedLife, Input input) {
    if (life == expectedLife) {
      give(input);
    }
  }

  private void scheduleTick(Replica running) {
    long wake = Math.max(running.wakeAtMillis(), cluster.nowMillis());
    if (wake != Long.MAX_VALUE && ticks.stream().noneMatch(t -> t <= wake)) {
      ticks.add(wake);
      int then = life;
      cluster.later(
          wake - cluster.nowMillis(),
          () -> {
            if (life == then) {
              ticks.remove(wake);
              give(new Input.Tick());
            }
          });
    }
  }

  private void loseCallsTo(int peer) {
    List<CallId> lost =
        calls.entrySet().stream().filter(e -> e.getValue() == peer).map(Map.Entry::getKey).toList();
    for (CallId call : lost) {
      endCall(call, new Input.CallFailed(call, Input.Failure.LOST, "connection lost"));
    }
  }

  private void endCall(CallId call, Input end) {
    if (calls.remove(call) != null) {
      giveLater(end);
    }
  }

  @Override
  public void persist(List<? extends StateChange> changes) {
    if (diskBroken) {
      give(new Input.PersistFailed("disk is broken"));
    } else {
      disk = disk.with(changes);
      give(new Input.Persisted());
    }
  }

  @Override
  public void publish(ReplicatedState tables) {}

  @Override
  public void setGates(boolean read, boolean publish) {
    readOpen = read;
    publishOpen = publish;
  }

  @Override
  public void tell(ReplicaId to, Message.Oneway message) {
    cluster.trace().add(cluster.nowMillis() + " " + id + "->" + to + " " + message);
    Machine target = cluster.at(to.value());
    if (!target.isUp()) {
      giveLater(new Input.NotSent(to, message, "connection refused"));
    } else if (!cluster.isCut(id, to.value())) {
      target.giveLater(new Input.Told(message));
    }
  }

  @Override
  public void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis) {
    open(call, to, timeoutMillis, message.toString());
    Machine target = cluster.at(to.value());
    if (zerocRefuses(target, message)) {
      endCall(
          call, new Input.CallFailed(call, Input.Failure.UNKNOWN_OPERATION, "unknown operation"));
      return;
    }
    send(call, target, request -> new Input.Asked(request, message));
  }

  private static boolean zerocRefuses(Machine target, Message.Call message) {
    return target.zeroc && message instanceof Message.AskStatus && target.isUp();
  }

  @Override
  public void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis) {
    ask(call, to, message, timeoutMillis);
  }

  @Override
  public void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis) {
    open(call, to, timeoutMillis, command.toString());
    send(call, cluster.at(to.value()), request -> new Input.Submit(request, command));
  }

  @Override
  public void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis) {
    open(call, to, timeoutMillis, "reap " + topic);
    send(call, cluster.at(to.value()), request -> new Input.Reap(request, topic, subscribers));
  }

  private void open(CallId call, ReplicaId to, long timeoutMillis, String what) {
    cluster.trace().add(cluster.nowMillis() + " " + id + "->" + to + " " + what);
    calls.put(call, to.value());
    int then = life;
    cluster.later(
        timeoutMillis,
        () -> {
          if (life == then) {
            endCall(call, new Input.CallFailed(call, Input.Failure.TIMEOUT, "timed out"));
          }
        });
  }

  private interface MakeInput {
    Input of(RequestId request);
  }

  private void send(CallId call, Machine target, MakeInput input) {
    if (!target.isUp()) {
      endCall(call, new Input.CallFailed(call, Input.Failure.REFUSED, "connection refused"));
      return;
    }
    if (cluster.isCut(id, target.id)) {
      return;
    }
    int then = life;
    RequestId request = cluster.newRequest(new Cluster.Answered());
    target.answerTo(
        request,
        answer -> {
          if (life == then && !cluster.isCut(target.id, id)) {
            Input end = new Input.CallAnswered(call, answer);
            if (answer instanceof Answer.UnknownOutcome unknown) {
              end = new Input.CallFailed(call, Input.Failure.OTHER, unknown.reason());
            }
            endCall(call, end);
          }
        });
    target.giveLater(input.of(request));
  }

  private final Map<RequestId, Consumer<Answer>> peers = new TreeMap<>();

  private void answerTo(RequestId request, Consumer<Answer> then) {
    peers.put(request, then);
  }

  @Override
  public void reply(RequestId request, Answer answer) {
    cluster.answer(request, answer);
    Consumer<Answer> peer = peers.remove(request);
    if (peer != null) {
      peer.accept(answer);
    }
  }

  @Override
  public void report(Output.Severity severity, String message) {
    cluster.trace().add(cluster.nowMillis() + " " + id + " " + severity + " " + message);
  }

  @Override
  public void trace(Output.Category category, String message) {
    cluster.trace().add(cluster.nowMillis() + " " + id + " " + message);
  }
}
