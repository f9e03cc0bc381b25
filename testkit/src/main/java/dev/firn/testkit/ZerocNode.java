package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.Input.Failure;
import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.NodeState;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.StateCommand;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicContent;
import dev.firn.election.TopicTables;
import dev.firn.testkit.StormRequest.End;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A replica as ZeroC's service behaves, defects included: for groups with replicas of both kinds.
 *
 * <p>Threads become interleavings: whatever waits there (for a remote call, for updates to end)
 * goes on here in a later event, and anything may happen in between.
 */
final class ZerocNode extends StormProcess {
  private static final int STAGGER_MILLIS = 2_000;

  private final ZerocTimes times;
  private final int replicas;
  private final ZerocTimer timer;
  private final ZerocTopics topics;

  private NodeState state = NodeState.INACTIVE;
  private ReplicaId coordinator;
  private String group = "";
  private long generation = -1;
  private int max;
  private final Map<ReplicaId, LogPosition> up = new TreeMap<>();
  private final Set<ReplicaId> issued = new TreeSet<>();
  private final Set<ReplicaId> accepted = new TreeSet<>();
  private boolean slaveOfNobody = true;

  private ZerocTimer.@Nullable Task check;
  private ZerocTimer.@Nullable Task merge;
  private ZerocTimer.@Nullable Task mergeContinue;
  private ZerocTimer.@Nullable Task timeout;

  private String busyGroup = "";
  private long busySinceMillis;
  private int updates;
  private final List<Runnable> waitingForQuiet = new ArrayList<>();
  private final List<Runnable> waitingForNormal = new ArrayList<>();

  ZerocNode(StormSimulation simulation, StormMachine machine, ZerocTimes times) {
    super(simulation, machine);
    this.times = times;
    this.replicas = simulation.ids().size();
    this.timer = new ZerocTimer(this);
    this.topics = new ZerocTopics(this, times, replicas);
    this.coordinator = machine.id();
  }

  @Override
  void start() {
    topics.open();
    simulation().trace(() -> this + " starts with " + topics.tables());
    scheduleCheck(Math.max(0, (replicas - id().value()) * STAGGER_MILLIS));
    recovery();
  }

  // Election, node side.

  private void recovery(long ofGeneration) {
    if (ofGeneration == generation) {
      recovery();
    }
  }

  private void recovery() {
    state = NodeState.INACTIVE;
    whenQuiet(
        () -> {
          state = NodeState.INACTIVE;
          group = simulation().newGroup(id());
          generation = -1;
          coordinator = id();
          up.clear();
          if (merge != null) {
            merge.cancel();
            merge = null;
          }
          if (timeout != null) {
            timeout.cancel();
            timeout = null;
          }
          if (check == null) {
            scheduleCheck(times.electionMillis());
          }
          simulation().trace(() -> this + " is alone in " + group);
        });
  }

  private boolean isBusy() {
    return state == NodeState.ELECTION || state == NodeState.REORGANIZATION;
  }

  private void scheduleCheck(long delayMillis) {
    check = timer.schedule(delayMillis, this::check);
  }

  private void check(Runnable ended) {
    if (isBusy() || !coordinator.equals(id())) {
      scheduleCheck(times.electionMillis());
      ended.run();
      return;
    }
    Set<ReplicaId> dead = topics.takeReaped();
    up.keySet().removeAll(dead);
    if (!dead.isEmpty() && up.size() < replicas / 2) {
      check = null;
      recovery();
      ended.run();
      return;
    }
    List<ReplicaId> others = new ArrayList<>(simulation().ids());
    others.remove(id());
    findCoordinators(others, 0, new TreeSet<>(), ended);
  }

  private void findCoordinators(
      List<ReplicaId> others, int index, Set<ReplicaId> found, Runnable ended) {
    if (index < others.size()) {
      ReplicaId other = others.get(index);
      call(
          other,
          new Message.AreYouCoordinator(),
          answer -> {
            if (answer.isYes()) {
              found.add(other);
            }
            findCoordinators(others, index + 1, found, ended);
          });
      return;
    }
    check = null;
    if (isBusy() || !coordinator.equals(id())) {
      ended.run();
      return;
    }
    if (found.isEmpty()) {
      scheduleCheck(times.electionMillis());
    } else {
      ReplicaId highest = Collections.max(found);
      long delayMillis =
          id().compareTo(highest) < 0
              ? times.responseMillis() * (1 + highest.value() - id().value())
              : 0;
      merge = timer.schedule(delayMillis, end -> merge(found, end));
    }
    ended.run();
  }

  private void merge(Set<ReplicaId> found, Runnable ended) {
    merge = null;
    if (isBusy()) {
      ended.run();
      return;
    }
    state = NodeState.ELECTION;
    whenQuiet(
        () -> {
          group = simulation().newGroup(id());
          issued.clear();
          accepted.clear();
          Set<ReplicaId> invited = new TreeSet<>(found);
          invited.addAll(up.keySet());
          coordinator = id();
          up.clear();
          invited.forEach(other -> send(other, new Message.Invitation(id(), group)));
          issued.addAll(invited);
          mergeContinue =
              timer.schedule(hasAllAnswers() ? 0 : times.responseMillis(), this::mergeContinue);
          ended.run();
        });
  }

  private boolean hasAllAnswers() {
    return up.size() == replicas - 1 || issued.equals(accepted);
  }

  private void invitation(Message.Invitation invitation) {
    if (isBusy()) {
      return;
    }
    if (merge != null) {
      if (!merge.cancel()) {
        return;
      }
      merge = null;
    }
    state = NodeState.ELECTION;
    whenQuiet(
        () -> {
          List<ReplicaId> forwarded =
              coordinator.equals(id()) ? new ArrayList<>(up.keySet()) : new ArrayList<>();
          coordinator = invitation.from();
          group = invitation.group();
          forwarded.forEach(
              other -> send(other, new Message.Invitation(invitation.from(), invitation.group())));
          state = NodeState.REORGANIZATION;
          if (timeout == null) {
            scheduleTimeout();
          }
          send(
              invitation.from(),
              new Message.Accept(
                  id(),
                  invitation.group(),
                  forwarded,
                  Values.observer(id()),
                  topics.tables().position(),
                  max));
        });
  }

  private void accept(Message.Accept accept) {
    if (state != NodeState.ELECTION || !group.equals(accept.group()) || !coordinator.equals(id())) {
      return;
    }
    up.put(accept.from(), accept.position());
    max = Math.max(max, accept.max());
    issued.addAll(accept.forwarded());
    accepted.add(accept.from());
    if (hasAllAnswers() && mergeContinue != null && mergeContinue.cancel()) {
      mergeContinue = timer.schedule(0, this::mergeContinue);
    }
  }

  private void mergeContinue(Runnable ended) {
    mergeContinue = null;
    state = NodeState.REORGANIZATION;
    int slaves = up.size();
    if ((max != replicas && slaves != replicas - 1) || slaves < replicas / 2) {
      recovery();
      ended.run();
      return;
    }
    ReplicaId newest = id();
    LogPosition newestPosition = new LogPosition(-1, 0);
    for (Map.Entry<ReplicaId, LogPosition> member : up.entrySet()) {
      if (member.getValue().compareTo(newestPosition) > 0) {
        newest = member.getKey();
        newestPosition = member.getValue();
      }
    }
    long next = newestPosition.generation() + 1;
    if (newestPosition.compareTo(topics.tables().position()) <= 0) {
      initMembers(next, ended);
      return;
    }
    call(
        newest,
        new Message.GetContent(),
        answer -> {
          if (answer instanceof End.Answered answered
              && answered.answer() instanceof Answer.Content content
              && topics.apply(content.position(), TopicContent.all(content.content()))) {
            initMembers(next, ended);
          } else {
            recovery();
            ended.run();
          }
        });
  }

  private void initMembers(long newGeneration, Runnable ended) {
    max = Math.max(max, up.size() + 1);
    LogPosition position = new LogPosition(newGeneration, 0);
    if (!topics.commit(StormTables.replacement(StormTables.contentOf(topics.tables()), position))) {
      recovery();
      ended.run();
      return;
    }
    String initialised = group;
    topics.init(
        new TreeSet<>(up.keySet()),
        position,
        good -> {
          if (good) {
            makeReady(new ArrayList<>(up.keySet()), 0, initialised, newGeneration, ended);
          } else {
            recovery();
            ended.run();
          }
        });
  }

  private void makeReady(
      List<ReplicaId> slaves, int index, String ofGroup, long newGeneration, Runnable ended) {
    if (index == slaves.size()) {
      state = NodeState.NORMAL;
      slaveOfNobody = true;
      generation = newGeneration;
      scheduleCheck(times.electionMillis());
      simulation().trace(() -> this + " is the coordinator of " + group);
      normal();
      ended.run();
      return;
    }
    call(
        slaves.get(index),
        new Message.Ready(id(), ofGroup, Values.manager(id()), max, newGeneration),
        answer -> {
          if (answer.isDone()) {
            makeReady(slaves, index + 1, ofGroup, newGeneration, ended);
          } else {
            recovery();
            ended.run();
          }
        });
  }

  private void ready(Message.Ready ready) {
    if (state != NodeState.REORGANIZATION
        || !group.equals(ready.group())
        || !coordinator.equals(ready.from())) {
      return;
    }
    max = Math.max(max, ready.max());
    generation = ready.generation();
    state = NodeState.NORMAL;
    slaveOfNobody = false;
    if (check == null) {
      scheduleCheck(times.electionMillis());
    }
    simulation().trace(() -> this + " follows " + coordinator);
    normal();
  }

  private void scheduleTimeout() {
    timeout = timer.schedule(times.masterMillis(), this::timeout);
  }

  private void timeout(Runnable ended) {
    if (coordinator.equals(id())) {
      scheduleTimeout();
      ended.run();
      return;
    }
    ZerocTimer.Task current = timeout;
    call(
        coordinator,
        new Message.AreYouThere(group, id()),
        answer -> {
          if (!answer.isYes()) {
            recovery();
          }
          if (timeout == current) {
            scheduleTimeout();
          }
          ended.run();
        });
  }

  // Topics.

  private Answer init(Message.Init init) {
    if (state != NodeState.REORGANIZATION || coordinator.equals(id())) {
      return new Answer.Inconsistent("init in state " + state);
    }
    return topics.apply(init.position(), TopicContent.all(init.content()))
        ? new Answer.Done()
        : new Answer.Failed("LMDB error");
  }

  private Answer update(Message.Update update) {
    Answer answer;
    if (state != NodeState.NORMAL) {
      answer = new Answer.Inconsistent("update called on inactive node");
    } else if (slaveOfNobody) {
      answer = new Answer.Inconsistent("update called on the master");
    } else if (update.position().generation() != generation) {
      answer = new Answer.Inconsistent("invalid generation");
    } else {
      answer = topics.observe(update.position(), (TopicCommand) update.command());
    }
    if (answer instanceof Answer.Inconsistent) {
      recovery(update.position().generation());
    }
    return answer;
  }

  @Override
  void submit(StateCommand wanted, Consumer<Answer> respond) {
    TopicCommand command = (TopicCommand) wanted;
    if (state == NodeState.NORMAL && slaveOfNobody) {
      topics.check(
          majority -> {
            if (!majority && state == NodeState.NORMAL && slaveOfNobody) {
              recovery();
            }
            whenNormal(() -> updateNow(command, respond));
          });
    } else {
      whenNormal(() -> updateNow(command, respond));
    }
  }

  private void updateNow(TopicCommand command, Consumer<Answer> respond) {
    if (slaveOfNobody) {
      updates++;
      topics.execute(
          command,
          answer -> {
            updates--;
            respond.accept(answer);
            quiet();
          });
      return;
    }
    long forwardedIn = generation;
    simulation()
        .calls()
        .call(
            this,
            coordinator,
            new StormRequest.Forward(command),
            times.callMillis(),
            end -> forwarded(command, respond, forwardedIn, end));
  }

  private void forwarded(
      TopicCommand command, Consumer<Answer> respond, long forwardedIn, End end) {
    if (end instanceof End.Answered answered) {
      respond.accept(answered.answer());
      return;
    }
    End.Failed failed = (End.Failed) end;
    if (failed.failure() == Failure.REFUSED || failed.failure() == Failure.TIMEOUT) {
      recovery(forwardedIn);
      submit(command, respond);
    } else {
      respond.accept(new Answer.UnknownOutcome(failed.reason()));
    }
  }

  private void whenQuiet(Runnable action) {
    if (updates == 0) {
      action.run();
    } else {
      waitingForQuiet.add(action);
    }
  }

  private void quiet() {
    while (updates == 0 && !waitingForQuiet.isEmpty()) {
      waitingForQuiet.remove(0).run();
    }
  }

  private void whenNormal(Runnable action) {
    if (state == NodeState.NORMAL) {
      action.run();
    } else {
      waitingForNormal.add(action);
    }
  }

  private void normal() {
    List<Runnable> waiting = List.copyOf(waitingForNormal);
    waitingForNormal.clear();
    waiting.forEach(this::whenNormal);
  }

  // Wire.

  @Override
  void handle(StormRequest request, Consumer<End> respond) {
    if (request instanceof StormRequest.OfReplica ofReplica) {
      if (ofReplica.message() instanceof Message.Invitation invitation) {
        invitation(invitation);
      } else if (ofReplica.message() instanceof Message.Accept accept) {
        accept(accept);
      } else {
        respond.accept(answer(ofReplica.message()));
      }
    } else if (request instanceof StormRequest.Forward forward) {
      submit(
          forward.command(),
          answer -> respond.accept(StormTables.onTheWire(simulation().service(), answer)));
    } else if (request instanceof StormRequest.Query) {
      respond.accept(End.view(view()));
    } else if (request instanceof StormRequest.Reap) {
      respond.accept(new End.Answered(new Answer.ReapWouldBlock()));
    } else {
      respond.accept(End.done());
    }
  }

  private End answer(Message message) {
    if (message instanceof Message.Ready ready) {
      ready(ready);
      return End.done();
    } else if (message instanceof Message.AreYouCoordinator) {
      return End.bool(!isBusy() && coordinator.equals(id()));
    } else if (message instanceof Message.AreYouThere there) {
      return End.bool(
          group.equals(there.group()) && coordinator.equals(id()) && up.containsKey(there.from()));
    } else if (message instanceof Message.GetContent) {
      return new End.Answered(
          new Answer.Content(topics.tables().position(), StormTables.contentOf(topics.tables())));
    } else if (message instanceof Message.Init init) {
      return StormTables.onTheWire(simulation().service(), init(init));
    } else if (message instanceof Message.Update update) {
      return StormTables.onTheWire(simulation().service(), update(update));
    } else {
      return new End.Failed(Failure.UNKNOWN_OPERATION, "OperationNotExistException");
    }
  }

  private void send(ReplicaId other, Message.Oneway message) {
    simulation().calls().oneway(this, other, message);
  }

  private void call(ReplicaId other, Message.Call message, Consumer<End> then) {
    simulation()
        .calls()
        .call(this, other, new StormRequest.OfReplica(message), times.callMillis(), then);
  }

  /** Whether it is in an election for longer than any call in it can take. */
  boolean isStuck() {
    long nowMillis = localMillis();
    if (!isBusy() || !group.equals(busyGroup)) {
      busyGroup = group;
      busySinceMillis = nowMillis;
    }
    return nowMillis - busySinceMillis
        > (replicas + 1) * times.callMillis() + 2 * times.responseMillis() + times.masterMillis();
  }

  /** ZeroC's replicas do not watch connections. */
  @Override
  void peerClosed(ReplicaId peer) {}

  @Override
  TopicTables published() {
    return topics.tables();
  }

  @Override
  boolean isIdle() {
    return updates == 0;
  }

  @Override
  ReplicaView view() {
    List<ReplicaView.Member> members = new ArrayList<>();
    up.forEach((member, position) -> members.add(new ReplicaView.Member(member, position)));
    return new ReplicaView(id(), coordinator, group, state, members, max, generation);
  }
}
