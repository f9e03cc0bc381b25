package dev.firn.election;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Replicas on a network and a clock of their own, for scripts. Every message takes 1 ms. */
final class Cluster {
  static final long LATENCY_MILLIS = 1;

  private final NavigableMap<Integer, Machine> machines = new TreeMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::order));
  private final Set<List<Integer>> cut = new HashSet<>();
  private final Map<RequestId, Answered> waiting = new LinkedHashMap<>();
  private final Map<RequestId, Integer> clients = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<String> trace = new ArrayList<>();
  private long nowMillis;
  private long lastOrder;
  private long lastRequest;

  private record Event(long atMillis, long order, Runnable action) {}

  /** A client's request and, in time, its answer. */
  static final class Answered {
    private final List<Answer> answers = new ArrayList<>();

    boolean isThere() {
      return !answers.isEmpty();
    }

    Answer get() {
      return answers.get(0);
    }

    boolean isDone() {
      return isThere()
          && get() instanceof Answer.Outcome outcome
          && outcome.result() instanceof TopicCommand.Result.Applied;
    }
  }

  Cluster(int... ids) {
    this(config -> config, ids);
  }

  Cluster(UnaryOperator<ElectionConfig> change, int... ids) {
    List<ReplicaId> nodes = new ArrayList<>();
    for (int id : ids) {
      nodes.add(new ReplicaId(id));
    }
    for (ReplicaId id : nodes) {
      machines.put(
          id.value(), new Machine(this, change.apply(ElectionConfig.of(id, nodes)), random));
    }
  }

  Cluster startAll() {
    machines.values().forEach(Machine::start);
    return this;
  }

  Machine at(int id) {
    Machine machine = machines.get(id);
    if (machine == null) {
      throw new IllegalArgumentException("no machine " + id);
    }
    return machine;
  }

  NavigableMap<Integer, Machine> machines() {
    return machines;
  }

  SplittableRandom random() {
    return random;
  }

  long nowMillis() {
    return nowMillis;
  }

  List<String> trace() {
    return trace;
  }

  String history() {
    return String.join("\n", trace);
  }

  void cut(int from, int to) {
    cut.add(List.of(from, to));
  }

  void cutBothWays(int one, int other) {
    cut(one, other);
    cut(other, one);
  }

  void isolate(int id) {
    machines.keySet().stream().filter(other -> other != id).forEach(o -> cutBothWays(id, o));
  }

  void heal() {
    cut.clear();
  }

  boolean isCut(int from, int to) {
    return cut.contains(List.of(from, to));
  }

  void later(long delayMillis, Runnable action) {
    events.add(new Event(nowMillis + delayMillis, lastOrder++, action));
  }

  void run(long durationMillis) {
    long end = nowMillis + durationMillis;
    while (!events.isEmpty() && events.element().atMillis() <= end) {
      runNext();
    }
    nowMillis = end;
  }

  /** Runs until the condition holds; returns how long it took. */
  long await(String what, long limitMillis, BooleanSupplier condition) {
    long start = nowMillis;
    while (!condition.getAsBoolean()) {
      if (events.isEmpty() || events.element().atMillis() > start + limitMillis) {
        throw new AssertionError(
            "no %s within %d ms%n%s".formatted(what, limitMillis, String.join("\n", trace)));
      }
      runNext();
    }
    return nowMillis - start;
  }

  private void runNext() {
    Event event = events.remove();
    nowMillis = event.atMillis();
    event.action().run();
  }

  /** All of these serve in one group led by the first; nobody else is in it. */
  boolean isGroup(int leader, int... slaves) {
    Machine first = at(leader);
    if (!first.isUp() || !first.replica().view().state().equals(NodeState.NORMAL)) {
      return false;
    }
    ReplicaView view = first.replica().view();
    List<Integer> members = view.members().stream().map(m -> m.id().value()).toList();
    List<Integer> expected = new ArrayList<>();
    for (int slave : slaves) {
      expected.add(slave);
      if (!at(slave).isUp()) {
        return false;
      }
      ReplicaView other = at(slave).replica().view();
      if (!other.state().equals(NodeState.NORMAL) || !other.group().equals(view.group())) {
        return false;
      }
    }
    return view.coordinator().value() == leader && members.equals(expected);
  }

  long awaitGroup(int leader, int... slaves) {
    return await("group of " + leader, 10_000, () -> isGroup(leader, slaves));
  }

  Answered submit(int at, TopicCommand command) {
    Answered answered = new Answered();
    RequestId request = newRequest(answered);
    clients.put(request, at);
    trace.add(nowMillis + " request " + request + " at " + at + ": " + command);
    at(at).give(new Input.Submit(request, command));
    return answered;
  }

  Answered reap(int at, String topic, List<dev.firn.model.ObjectId> ids) {
    Answered answered = new Answered();
    at(at).give(new Input.Reap(newRequest(answered), topic, ids));
    return answered;
  }

  /** Submits and waits for success. */
  long done(int at, TopicCommand command) {
    Answered answered = submit(at, command);
    long took = await("answer", 20_000, answered::isThere);
    if (!answered.isDone()) {
      throw new AssertionError(answered.get() + "\n" + String.join("\n", trace));
    }
    return took;
  }

  RequestId newRequest(Answered answered) {
    RequestId request = new RequestId(++lastRequest);
    waiting.put(request, answered);
    return request;
  }

  /** The clients of a killed process do not know what became of their requests. */
  void killed(int id) {
    List<RequestId> lost =
        clients.entrySet().stream().filter(e -> e.getValue() == id).map(Map.Entry::getKey).toList();
    lost.forEach(request -> answer(request, new Answer.UnknownOutcome("killed")));
  }

  void answer(RequestId request, Answer answer) {
    if (clients.remove(request) != null) {
      trace.add(nowMillis + " answer to " + request + " " + answer);
    }
    Answered answered = waiting.get(request);
    if (answered == null) {
      throw new AssertionError("answer to nobody: " + request + " " + answer);
    }
    answered.answers.add(answer);
    if (answered.answers.size() > 1) {
      throw new AssertionError("answered twice: " + answered.answers);
    }
  }
}
