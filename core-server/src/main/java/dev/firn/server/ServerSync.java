package dev.firn.server;

import dev.firn.server.ServerSyncInput.Assign;
import dev.firn.server.ServerSyncInput.Demand;
import dev.firn.server.ServerSyncInput.Destroyed;
import dev.firn.server.ServerSyncInput.Loaded;
import dev.firn.server.ServerSyncInput.NodeLost;
import dev.firn.server.ServerSyncInput.NodeUp;
import dev.firn.server.ServerSyncInput.Recheck;
import dev.firn.server.ServerSyncInput.Refused;
import dev.firn.server.ServerSyncInput.Remove;
import dev.firn.server.ServerSyncInput.Settle;
import dev.firn.server.ServerSyncInput.Unanswered;
import dev.firn.server.ServerSyncInput.Update;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * What a registry knows of one server and its nodes: whether its node has it as it is deployed, and
 * where it still has to be destroyed.
 *
 * <p>At most one request to a node is under way. A round begins with a change or a demand: first
 * the server is destroyed where it does not belong any more, then it is loaded where it does, until
 * nothing is left to do or the node fails; then everybody who waits is answered. What failed is
 * tried again with the next demand, also by one that would take what the node answered before: that
 * is of use only as long as a newer answer is awaited. A destroy that got no answer stays owed
 * until the node is back, and does not keep the server from another node; one that is refused is
 * given up. Whether a server may be restarted is said of one change, and forgotten once the node
 * has taken it.
 *
 * <table>
 * <caption>What happens to the target, and to its confirmation by the node</caption>
 * <tr><th>Input</th><th>Target</th><th>Confirmed</th></tr>
 * <tr><td>Update</td><td>the new one</td><td>no</td></tr>
 * <tr><td>Assign, if the server is loaded for another session by that</td><td>the new one</td>
 *     <td>no</td></tr>
 * <tr><td>Remove</td><td>none, owed to be destroyed</td><td>no</td></tr>
 * <tr><td>Recheck, NodeLost</td><td>as it was</td><td>no</td></tr>
 * <tr><td>Loaded, of the newest target</td><td>as it was</td><td>yes</td></tr>
 * </table>
 *
 * @param <P> what the node answers when it has loaded a server: proxies, time-outs
 */
public final class ServerSync<P> {
  private static final String NOT_ACTIVE = "the node is not active";

  /** How many nodes may owe a destroy: the first to owe is forgotten. */
  private static final int OWED_MAX = 16;

  /** A request to a node; {@code version} is that of the target when it was made. */
  private record Call(long attempt, boolean load, ServerTarget target, long version) {}

  private Optional<ServerTarget> target = Optional.empty();

  /** That the server is assigned to, also while its activation is not by sessions; or empty. */
  private String session = "";

  private long version;
  private boolean confirmed;

  /** What a node last answered, and the node. */
  private Optional<P> loaded = Optional.empty();

  private String loadedOn = "";

  /** By node, in the order of owing. */
  private final Map<String, ServerTarget> owed = new LinkedHashMap<>();

  /** Nodes that did not answer a destroy in this round. */
  private final SortedSet<String> silent = new TreeSet<>();

  private Optional<Call> underWay = Optional.empty();
  private Optional<SyncFailure> failure = Optional.empty();
  private final SortedSet<Long> demands = new TreeSet<>();
  private final SortedSet<Long> settles = new TreeSet<>();
  private long lastAttempt;

  /** Takes an input; outputs in the order to perform. */
  public List<ServerSyncOutput<P>> step(ServerSyncInput<P> input) {
    List<ServerSyncOutput<P>> outputs = new ArrayList<>();
    if (input instanceof Update<P> update) {
      change(assigned(update.target()));
      begin(update.send(), outputs);
    } else if (input instanceof Remove<P> remove) {
      remove(remove.withoutRestart(), outputs);
    } else if (input instanceof Assign<P> assign) {
      assign(assign.sessionId(), outputs);
    } else if (input instanceof Recheck<P>) {
      confirmed = false;
      begin(target.isPresent(), outputs);
    } else if (input instanceof Demand<P> demand) {
      demand(demand, outputs);
    } else if (input instanceof Settle<P> settle) {
      settles.add(settle.waiter());
      rest(outputs);
    } else if (input instanceof NodeUp<P> up) {
      silent.remove(up.node());
      begin(owed.containsKey(up.node()), outputs);
    } else if (input instanceof NodeLost<P> lost) {
      nodeLost(lost.node(), outputs);
    } else if (input instanceof Loaded<P> answer) {
      call(answer.attempt()).ifPresent(call -> loaded(call, answer.loaded(), outputs));
    } else if (input instanceof Destroyed<P> answer) {
      call(answer.attempt()).ifPresent(call -> destroyed(call, outputs));
    } else if (input instanceof Refused<P> answer) {
      call(answer.attempt()).ifPresent(call -> refused(call, answer.reason(), outputs));
    } else if (input instanceof Unanswered<P> answer) {
      call(answer.attempt()).ifPresent(call -> unanswered(call, answer.reason(), outputs));
    } else {
      throw new IllegalStateException("unknown input " + input);
    }
    return outputs;
  }

  /** As it is to be; empty once it is removed. */
  public Optional<ServerTarget> target() {
    return target;
  }

  /** Whether the node has it as it is to be. */
  public boolean isConfirmed() {
    return confirmed;
  }

  public boolean isUnderWay() {
    return underWay.isPresent();
  }

  /** What the node answered last, if that may still be of use. */
  public Optional<P> loaded() {
    return loaded;
  }

  /** Why the last round ended without success. */
  public Optional<SyncFailure> failure() {
    return failure;
  }

  /** Whether nothing is left to know or to do. */
  public boolean isGone() {
    return target.isEmpty() && owed.isEmpty() && underWay.isEmpty();
  }

  /** As it is to be for its session, which means nothing to a server of another activation. */
  private ServerTarget assigned(ServerTarget next) {
    return next.withSession(next.isActivatedBySession() ? session : "");
  }

  private void assign(String sessionId, List<ServerSyncOutput<P>> outputs) {
    if (target.isEmpty()) {
      return;
    }
    session = sessionId;
    ServerTarget next = assigned(target.get());
    if (!next.equals(target.get())) {
      change(next.withoutRestart(false));
      begin(true, outputs);
    }
  }

  private void change(ServerTarget next) {
    target
        .filter(old -> !old.node().equals(next.node()))
        .ifPresent(old -> owe(old.withoutRestart(next.withoutRestart())));
    ServerTarget toDestroy = owed.get(next.node());
    if (toDestroy != null && toDestroy.uuid().equals(next.uuid())) {
      owed.remove(next.node()); // It comes back: its data must not be destroyed.
    }
    target = Optional.of(next);
    version++;
    confirmed = false;
    failure = Optional.empty();
  }

  private void remove(boolean withoutRestart, List<ServerSyncOutput<P>> outputs) {
    if (target.isEmpty()) {
      return;
    }
    owe(target.get().withoutRestart(withoutRestart));
    target = Optional.empty();
    session = "";
    version++;
    confirmed = false;
    failure = Optional.empty();
    answerDemands(waiter -> new SyncOutcome.Gone<>(), outputs);
    begin(true, outputs);
  }

  private void owe(ServerTarget old) {
    owed.remove(old.node()); // What is put again keeps its old place otherwise.
    owed.put(old.node(), old);
    if (owed.size() > OWED_MAX) {
      owed.remove(owed.keySet().iterator().next());
    }
  }

  private void demand(Demand<P> demand, List<ServerSyncOutput<P>> outputs) {
    if (target.isEmpty()) {
      outputs.add(new ServerSyncOutput.Answer<>(demand.waiter(), new SyncOutcome.Gone<>()));
    } else if (loaded.isPresent() && (confirmed || (isUnderWay() && !demand.upToDate()))) {
      outputs.add(
          new ServerSyncOutput.Answer<>(demand.waiter(), new SyncOutcome.Ready<>(loaded.get())));
    } else {
      demands.add(demand.waiter());
      begin(true, outputs);
    }
  }

  private void nodeLost(String node, List<ServerSyncOutput<P>> outputs) {
    if (loadedOn.equals(node)) {
      forgetLoaded();
    }
    if (target.filter(now -> now.node().equals(node)).isPresent()) {
      confirmed = false;
    }
    underWay
        .filter(call -> call.target().node().equals(node))
        .ifPresent(call -> unanswered(call, NOT_ACTIVE, outputs));
  }

  private Optional<Call> call(long attempt) {
    return underWay.filter(call -> call.attempt() == attempt);
  }

  private void loaded(Call call, P answer, List<ServerSyncOutput<P>> outputs) {
    loaded = Optional.of(answer);
    loadedOn = call.target().node();
    if (call.version() == version) {
      owed.remove(loadedOn); // What was there before cannot be told from what is there now.
      // The wish was for this one change: what is loaded again later may restart the server.
      target = Optional.of(call.target().withoutRestart(false));
    }
    confirmed = call.version() == version;
    next(outputs);
  }

  private void destroyed(Call call, List<ServerSyncOutput<P>> outputs) {
    owed.remove(call.target().node(), call.target());
    if (loadedOn.equals(call.target().node())) {
      forgetLoaded();
    }
    next(outputs);
  }

  private void refused(Call call, String reason, List<ServerSyncOutput<P>> outputs) {
    if (!call.load()) {
      owed.remove(call.target().node(), call.target());
    }
    ended(call, new SyncFailure.Refused(call.target().node(), call.load(), reason), outputs);
  }

  private void unanswered(Call call, String reason, List<ServerSyncOutput<P>> outputs) {
    SyncFailure.Unreachable unreachable = new SyncFailure.Unreachable(call.target().node(), reason);
    if (call.load()) {
      ended(call, unreachable, outputs);
    } else {
      silent.add(call.target().node());
      failure = Optional.of(unreachable);
      next(outputs);
    }
  }

  /** A request failed: the round ends unless there is something newer to try. */
  private void ended(Call call, SyncFailure reason, List<ServerSyncOutput<P>> outputs) {
    if (call.version() != version) {
      next(outputs);
    } else {
      failure = Optional.of(reason);
      underWay = Optional.empty();
      rest(outputs);
    }
  }

  /** Begins a round unless one is under way. */
  private void begin(boolean wanted, List<ServerSyncOutput<P>> outputs) {
    if (wanted && underWay.isEmpty()) {
      silent.clear();
      failure = Optional.empty();
      next(outputs);
    }
  }

  private void next(List<ServerSyncOutput<P>> outputs) {
    underWay = Optional.empty();
    for (ServerTarget old : owed.values()) {
      if (!silent.contains(old.node())) {
        underWay = Optional.of(new Call(++lastAttempt, false, old, version));
        outputs.add(new ServerSyncOutput.Destroy<>(lastAttempt, old));
        return;
      }
    }
    if (target.isPresent() && !confirmed) {
      underWay = Optional.of(new Call(++lastAttempt, true, target.get(), version));
      outputs.add(new ServerSyncOutput.Load<>(lastAttempt, target.get()));
      return;
    }
    if (confirmed) {
      failure = Optional.empty();
    }
    rest(outputs);
  }

  /** Answers everybody once nothing is under way. */
  private void rest(List<ServerSyncOutput<P>> outputs) {
    if (underWay.isPresent()) {
      return;
    }
    answerDemands(waiter -> outcome(), outputs);
    settles.forEach(waiter -> outputs.add(new ServerSyncOutput.Settled<>(waiter, failure)));
    settles.clear();
  }

  private SyncOutcome<P> outcome() {
    if (confirmed && loaded.isPresent()) {
      return new SyncOutcome.Ready<>(loaded.get());
    }
    return new SyncOutcome.Failed<>(
        failure.orElseThrow(
            () -> new IllegalStateException("a round ended with nothing: " + this)));
  }

  private void answerDemands(
      LongFunction<SyncOutcome<P>> outcome, List<ServerSyncOutput<P>> outputs) {
    demands.forEach(
        waiter -> outputs.add(new ServerSyncOutput.Answer<>(waiter, outcome.apply(waiter))));
    demands.clear();
  }

  private void forgetLoaded() {
    loaded = Optional.empty();
    loadedOn = "";
  }

  @Override
  public String toString() {
    return "target=%s confirmed=%s underWay=%s owed=%s failure=%s"
        .formatted(target, confirmed, underWay, owed.keySet(), failure);
  }
}
