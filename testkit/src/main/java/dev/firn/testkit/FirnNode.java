package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.CallId;
import dev.firn.election.Host;
import dev.firn.election.Input;
import dev.firn.election.LogPosition;
import dev.firn.election.Message;
import dev.firn.election.Output;
import dev.firn.election.ReplicaId;
import dev.firn.election.ReplicaView;
import dev.firn.election.ReplicatedState;
import dev.firn.election.RequestId;
import dev.firn.election.StateChange;
import dev.firn.election.StateCommand;
import dev.firn.election.Subscription;
import dev.firn.election.Topic;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.testkit.StormRequest.End;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A running replica of ours: the core, and a host that behaves towards it as the real one. */
final class FirnNode extends StormProcess implements Host {
  private static final Pattern PROPOSAL = Pattern.compile(":g(\\d+)$");
  private static final int USUAL_SYNC_MILLIS = 4;
  private static final int LONG_SYNC_MILLIS = 300;
  private static final long STORING_PATIENCE_MILLIS = 5_000;

  private final StormCore core;
  private final SplittableRandom random;
  private final Deque<Input> inbox = new ArrayDeque<>();
  private final Map<Long, Waiting> requests = new TreeMap<>();
  private final IdentityHashMap<StateCommand, Answer> passedOn = new IdentityHashMap<>();
  private @Nullable ReplicaView view;
  private ReplicatedState published;
  private boolean readOpen;
  private boolean stepping;
  private boolean persisting;
  private long persistingSinceMillis;
  private long nextWakeMillis = Long.MAX_VALUE;
  private int observerCalls;

  FirnNode(StormSimulation simulation, StormMachine machine, StormCore core) {
    super(simulation, machine);
    this.core = core;
    this.random = simulation.random();
    this.published = core.state();
  }

  @Override
  void start() {
    simulation().trace(() -> this + " starts with " + machine().disk().load());
    give(new Input.Start());
  }

  @Override
  void submit(StateCommand command, Consumer<Answer> respond) {
    give(simulation().service().submit(request(command, respond), command));
  }

  /** Delivery found a subscriber gone, if it is one. */
  void gone(String topicName, ObjectId subscriber) {
    Topic topic = ((TopicTables) published).find(topicName);
    Subscription subscription = topic == null ? null : topic.findSubscription(subscriber);
    if (subscription != null) {
      give(new Input.Gone(topicName, subscription, view().generation()));
    }
  }

  /** Ends in order, as far as it comes. */
  void shutDown() {
    give(new Input.Shutdown());
  }

  @Override
  void peerClosed(ReplicaId peer) {
    give(new Input.PeerConnectionClosed(peer));
  }

  @Override
  ReplicaView view() {
    if (view == null) {
      view = core.view();
    }
    return view;
  }

  @Override
  ReplicatedState published() {
    return published;
  }

  @Override
  boolean isIdle() {
    return !persisting && observerCalls == 0 && inbox.isEmpty();
  }

  @Override
  void handle(StormRequest request, Consumer<End> respond) {
    Consumer<Answer> answered =
        answer -> respond.accept(StormTables.onTheWire(simulation().service(), answer));
    Optional<Answer> atOnce = answerWhileStoring(request);
    if (atOnce.isPresent()) {
      answered.accept(atOnce.get());
    } else if (request instanceof StormRequest.Query) {
      respond.accept(End.view(view()));
    } else if (request instanceof StormRequest.OfReplica ofReplica) {
      if (ofReplica.message() instanceof Message.Oneway oneway) {
        give(new Input.Told(oneway));
      } else if (ofReplica.message() instanceof Message.Call call) {
        give(new Input.Asked(request(null, answered), call));
      }
    } else if (request instanceof StormRequest.Forward forward) {
      give(
          simulation()
              .service()
              .forwarded(request(forward.command(), answered), forward.command()));
    } else if (request instanceof StormRequest.Reap reap) {
      give(new Input.Reap(request(null, answered), reap.topic(), reap.subscribers()));
    } else {
      respond.accept(End.done());
    }
  }

  /** A slow disk must not look like a dead process: for a while the last state is told. */
  private Optional<Answer> answerWhileStoring(StormRequest request) {
    if (persisting
        && localMillis() - persistingSinceMillis < STORING_PATIENCE_MILLIS
        && request instanceof StormRequest.OfReplica ofReplica) {
      if (ofReplica.message() instanceof Message.AreYouThere there) {
        boolean isMember =
            view().coordinator().equals(id())
                && view().group().equals(there.group())
                && view().members().stream().anyMatch(m -> m.id().equals(there.from()));
        return Optional.of(new Answer.Bool(isMember));
      } else if (ofReplica.message() instanceof Message.AskStatus) {
        return Optional.of(new Answer.Status(core.status()));
      }
    }
    return Optional.empty();
  }

  private RequestId request(@Nullable StateCommand command, Consumer<Answer> then) {
    long number = simulation().nextRequest();
    requests.put(number, new Waiting(command, simulation().history().committed(), then));
    return new RequestId(number);
  }

  private void give(Input input) {
    inbox.add(input);
    work();
  }

  private void work() {
    if (stepping) {
      return;
    }
    stepping = true;
    while (isAlive() && !persisting && !inbox.isEmpty()) {
      step(inbox.remove());
    }
    stepping = false;
    if (isAlive() && !persisting) {
      wakeLater();
    }
  }

  private void step(Input input) {
    List<Output> outputs = core.step(localMillis(), input);
    view = outputs.isEmpty() ? view : null;
    simulation().trace(() -> this + " " + input + " -> " + outputs);
    for (int i = 0; i < outputs.size() - 1; i++) {
      Violation.unless(
          !(outputs.get(i) instanceof Output.Persist), "a Persist is not the last of %s", outputs);
    }
    for (Output output : outputs) {
      output.perform(this);
    }
    if (!outputs.isEmpty()) {
      // Whatever changes is at least traced.
      simulation().expectations().stepped(this);
    }
  }

  /** A tick comes no later than wished; a little late, as timers are. */
  private void wakeLater() {
    long wakeMillis = core.wakeAtMillis();
    if (wakeMillis >= nextWakeMillis) {
      return;
    }
    nextWakeMillis = wakeMillis;
    after(
        Math.max(1, wakeMillis - localMillis()),
        () -> {
          if (nextWakeMillis == wakeMillis) {
            nextWakeMillis = Long.MAX_VALUE;
            give(new Input.Tick());
          }
        });
  }

  @Override
  public void persist(List<? extends StateChange> changes) {
    Violation.unless(!persisting, "%s persists while a Persist is outstanding", this);
    persisting = true;
    persistingSinceMillis = localMillis();
    boolean slow = !simulation().isCalm() && random.nextInt(50) == 0;
    int limit = slow ? LONG_SYNC_MILLIS : USUAL_SYNC_MILLIS;
    long first =
        machine().disk().stalledMillis(simulation().agenda().nowMillis()) + random.nextInt(limit);
    long second = random.nextInt(limit);
    if (machine().disk().isFailing()) {
      simulation().agenda().after(first, () -> endPersist(new Input.PersistFailed("disk full")));
      return;
    }
    simulation()
        .agenda()
        .after(
            first,
            () -> {
              if (isAlive()) {
                machine().disk().sync(List.copyOf(changes));
                machine().synced();
                simulation().expectations().durable(machine());
                simulation().agenda().after(second, () -> endPersist(new Input.Persisted()));
              }
            });
  }

  private void endPersist(Input end) {
    if (isAlive()) {
      persisting = false;
      inbox.addFirst(end);
      work();
    }
  }

  @Override
  public void publish(ReplicatedState tables) {
    Violation.unless(
        simulation().service().isSame(tables, machine().disk().load()),
        "%s publishes what is not on its disk",
        this);
    published = tables;
  }

  @Override
  public void setGates(boolean read, boolean publish) {
    readOpen = read;
  }

  /** Whether reads are answered. */
  boolean isReadOpen() {
    return readOpen;
  }

  @Override
  public void tell(ReplicaId to, Message.Oneway message) {
    if (message instanceof Message.Accept accept) {
      requirePromised(accept.group());
    }
    Message.Oneway sent =
        message instanceof Message.Accept accept && accept.observer().isNull()
            ? new Message.Accept(
                accept.from(),
                accept.group(),
                accept.forwarded(),
                Values.observer(id()),
                accept.position(),
                accept.max())
            : message;
    StormMachine target = simulation().machineOf(to);
    boolean reachable =
        target.process() != null
            && !simulation().network().isCut(machine().index(), target.index());
    if (reachable || random.nextBoolean()) {
      simulation().calls().oneway(this, to, sent);
    } else {
      after(random.nextInt(500), () -> give(new Input.NotSent(to, message, "not connected")));
    }
  }

  /** The name of a group that one of ours proposes ends with its generation. */
  private void requirePromised(String group) {
    Matcher matcher = PROPOSAL.matcher(group);
    Violation.unless(
        !matcher.find() || machine().disk().load().promise() >= Long.parseLong(matcher.group(1)),
        "%s accepts %s with %s on its disk",
        this,
        group,
        machine().disk().load());
  }

  @Override
  public void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis) {
    Message.Call sent =
        message instanceof Message.Ready ready && ready.coordinator().isNull()
            ? new Message.Ready(
                ready.from(), ready.group(), Values.manager(id()), ready.max(), ready.generation())
            : message;
    StormRequest request =
        message instanceof Message.AreYouCoordinator
            ? new StormRequest.Query()
            : new StormRequest.OfReplica(sent);
    call(call, to, request, timeoutMillis, end -> {});
  }

  @Override
  public void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis) {
    Violation.unless(observer.equals(Values.observer(to)), "%s calls %s at %s", this, observer, to);
    if (message instanceof Message.Update update) {
      simulation().expectations().sent(machine(), update);
    } else if (message instanceof Message.Updates several) {
      several.updates().forEach(u -> simulation().expectations().sent(machine(), u));
    }
    observerCalls++;
    call(call, to, new StormRequest.OfReplica(message), timeoutMillis, end -> observerCalls--);
  }

  @Override
  public void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis) {
    Violation.unless(
        coordinator.equals(Values.manager(to)), "%s forwards to %s at %s", this, coordinator, to);
    call(
        call,
        to,
        new StormRequest.Forward(command),
        timeoutMillis,
        end -> {
          if (end instanceof End.Answered answered) {
            passedOn.put(command, answered.answer());
          }
        });
  }

  @Override
  public void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis) {
    call(call, to, new StormRequest.Reap(topic, subscribers), timeoutMillis, end -> {});
  }

  private void call(
      CallId call, ReplicaId to, StormRequest request, long timeoutMillis, Consumer<End> also) {
    simulation()
        .calls()
        .call(
            this,
            to,
            request,
            timeoutMillis,
            end -> {
              also.accept(end);
              give(
                  end instanceof End.Answered answered
                      ? new Input.CallAnswered(call, answered.answer())
                      : failed(call, (End.Failed) end));
            });
  }

  private static Input failed(CallId call, End.Failed end) {
    return new Input.CallFailed(call, end.failure(), end.reason());
  }

  @Override
  public void reply(RequestId request, Answer answer) {
    Waiting waiting = requests.remove(request.value());
    if (waiting == null) {
      throw new Violation(this + " answers request " + request + " twice");
    }
    if (waiting.command != null) {
      Answer fromCoordinator = passedOn.remove(waiting.command);
      if (fromCoordinator == null) {
        simulation().expectations().decided(this, waiting.command, waiting.since, answer);
      } else {
        Violation.unless(
            fromCoordinator.equals(answer) || answer instanceof Answer.UnknownOutcome,
            "%s answers %s, but its coordinator %s",
            this,
            answer,
            fromCoordinator);
      }
    }
    waiting.then.accept(answer);
  }

  @Override
  public void report(Output.Severity severity, String message) {
    simulation().reported(this, severity, message);
  }

  @Override
  public void trace(Output.Category category, String message) {}

  /**
   * Somebody who waits for an answer.
   *
   * @param command of a client, perhaps through a slave; null if a replica waits
   * @param since what was acknowledged when the request came
   */
  private record Waiting(
      @Nullable StateCommand command, LogPosition since, Consumer<Answer> then) {}
}
