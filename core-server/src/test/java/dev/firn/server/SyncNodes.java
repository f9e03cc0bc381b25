package dev.firn.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A host for one {@link ServerSync} with nodes that keep what they are told, and lose answers. */
final class SyncNodes implements ServerSyncOutput.Host<String> {
  /** A request that is not answered yet. */
  record Request(long attempt, boolean load, ServerTarget target) {}

  final ServerSync<String> sync = new ServerSync<>();

  /** What each node has. */
  final SortedMap<String, ServerTarget> content = new TreeMap<>();

  final List<Request> requests = new ArrayList<>();
  final SortedMap<Long, SyncOutcome<String>> answers = new TreeMap<>();
  final SortedMap<Long, Optional<SyncFailure>> settled = new TreeMap<>();
  final SortedSet<Long> waiting = new TreeSet<>();
  private long lastWaiter;

  void step(ServerSyncInput<String> input) {
    sync.step(input).forEach(output -> output.perform(this));
  }

  long demand(boolean upToDate) {
    long waiter = ++lastWaiter;
    waiting.add(waiter);
    step(new ServerSyncInput.Demand<>(waiter, upToDate));
    return waiter;
  }

  long settle() {
    long waiter = ++lastWaiter;
    waiting.add(waiter);
    step(new ServerSyncInput.Settle<>(waiter));
    return waiter;
  }

  /** The node does what it was asked for; whether its answer arrives is another matter. */
  void carryOut(Request request, boolean answered) {
    requests.remove(request);
    String node = request.target().node();
    if (request.load()) {
      content.put(node, request.target());
      step(
          answered
              ? new ServerSyncInput.Loaded<>(request.attempt(), loaded(request.target()))
              : new ServerSyncInput.Unanswered<>(request.attempt(), "timeout"));
    } else {
      content.remove(node);
      step(
          answered
              ? new ServerSyncInput.Destroyed<>(request.attempt())
              : new ServerSyncInput.Unanswered<>(request.attempt(), "timeout"));
    }
  }

  void refuse(Request request) {
    requests.remove(request);
    step(new ServerSyncInput.Refused<>(request.attempt(), "no"));
  }

  void ignore(Request request) {
    requests.remove(request);
    step(new ServerSyncInput.Unanswered<>(request.attempt(), "timeout"));
  }

  void carryOutAll() {
    int limit = 1_000;
    while (!requests.isEmpty()) {
      if (limit-- == 0) {
        throw new IllegalStateException("no end: " + sync);
      }
      carryOut(requests.get(0), true);
    }
  }

  static String loaded(ServerTarget target) {
    return target.node() + "/" + target.uuid() + "/" + target.revision() + "/" + target.sessionId();
  }

  @Override
  public void load(long attempt, ServerTarget target) {
    requests.add(new Request(attempt, true, target));
  }

  @Override
  public void destroy(long attempt, ServerTarget target) {
    requests.add(new Request(attempt, false, target));
  }

  @Override
  public void answer(long waiter, SyncOutcome<String> outcome) {
    answered(waiter);
    answers.put(waiter, outcome);
  }

  @Override
  public void settled(long waiter, Optional<SyncFailure> failure) {
    answered(waiter);
    settled.put(waiter, failure);
  }

  private void answered(long waiter) {
    if (!waiting.remove(waiter)) {
      throw new IllegalStateException("answered twice, or never asked: " + waiter);
    }
  }
}
