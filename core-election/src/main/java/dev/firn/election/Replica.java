package dev.firn.election;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * One replica of a service: takes part in elections, replicates updates of one state.
 *
 * <p>Source: Garcia-Molina 1982, invitation algorithm. Differs: a replica alone does not serve; who
 * serves needs a majority; a generation is promised before it is used, see {@link GroupName}.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>State</th><th>Input</th><th>Next</th><th>What happens</th></tr>
 * <tr><td>INACTIVE</td><td>a check finds enough coordinators and no higher one invites</td>
 *     <td>ELECTION</td><td>promise stored; invitations</td></tr>
 * <tr><td>NORMAL, coordinator</td><td>a check finds another coordinator to be invited</td>
 *     <td>ELECTION</td><td>updates under way end; then as above, members invited too</td></tr>
 * <tr><td>INACTIVE, NORMAL</td><td>invitation to a generation above the promise</td>
 *     <td>ELECTION, REORGANIZATION</td><td>updates under way end; promise stored; invitation
 *     forwarded to own members; accept</td></tr>
 * <tr><td>ELECTION, inviting</td><td>all accepted or given up, or time is up</td>
 *     <td>REORGANIZATION</td><td>content fetched if another's is newer; init to the members</td></tr>
 * <tr><td>REORGANIZATION, inviter</td><td>a majority has stored the content</td>
 *     <td>REORGANIZATION</td><td>position stored; ready to the members</td></tr>
 * <tr><td>REORGANIZATION, inviter</td><td>the members answered ready</td><td>NORMAL</td>
 *     <td>serves as coordinator</td></tr>
 * <tr><td>REORGANIZATION, invited</td><td>init</td><td>REORGANIZATION</td>
 *     <td>content and position stored, then confirmed</td></tr>
 * <tr><td>REORGANIZATION, invited</td><td>ready</td><td>NORMAL</td><td>serves as slave</td></tr>
 * <tr><td>ELECTION, REORGANIZATION</td><td>too few; cannot store; no progress in time; the
 *     inviter does not know this replica</td><td>INACTIVE</td><td>a group of its own</td></tr>
 * <tr><td>NORMAL, coordinator</td><td>fewer than a majority left; cannot store</td>
 *     <td>INACTIVE</td><td>updates under way have an unknown outcome</td></tr>
 * <tr><td>NORMAL, slave</td><td>the coordinator is gone or does not know it; an update does not
 *     fit or cannot be stored</td><td>INACTIVE</td><td>a group of its own</td></tr>
 * <tr><td>any</td><td>a message of another group</td><td>same</td><td>ignored, with a trace</td></tr>
 * </table>
 *
 * <p>Updates that clients submit wait while the state is not NORMAL.
 */
public final class Replica {
  private final Core core;
  private final Peers peers;
  private final Members members;
  private final Updates updates;
  private final Reorganization reorganization;
  private final Merge merge;
  private final Follower follower;
  private final Observing observing;
  private final Check check;
  private final Requests requests;
  private final long boot;
  private boolean started;
  private boolean stopped;

  private Replica(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    requireNonNull(config, "config");
    requireNonNull(state, "state");
    core = new Core(config, state, requireNonNull(random, "random"));
    peers = new Peers(config);
    members = new Members(core, peers, this::memberLost);
    updates = new Updates(core, members, this::recover);
    reorganization = new Reorganization(core, members, this::recover);
    merge = new Merge(core, peers, members, updates, reorganization, this::recover);
    follower = new Follower(core, peers, members, updates, this::recover);
    observing = new Observing(core, follower, this::recover);
    check = new Check(core, peers, members, merge);
    requests = new Requests(core, updates, follower);
    boot = random.nextLong();
  }

  /**
   * A replica of any service.
   *
   * @param state what the store has
   * @param random makes group names, the number of this process and small random delays
   */
  public static Replica of(ElectionConfig config, ReplicatedState state, RandomGenerator random) {
    return new Replica(config, state, random);
  }

  /** A replica of a storm; it takes {@link Input.OfTopics} too. */
  public static Replica ofStorm(ElectionConfig config, TopicTables tables, RandomGenerator random) {
    Replica replica = new Replica(config, tables, random);
    replica.requests.assign(new Reaping(replica.core, replica.requests));
    return replica;
  }

  /**
   * Takes one input.
   *
   * @param nowMillis the host's monotonic time, milliseconds
   * @return outputs in the order to perform
   * @throws IllegalStateException if the input cannot come now: a bug of the host
   */
  public List<Output> step(long nowMillis, Input input) {
    core.setNowMillis(nowMillis);
    if (stopped) {
      takeStopped(input);
    } else {
      take(requireNonNull(input, "input"));
      if (!stopped) {
        requests.run();
      }
    }
    return core.outputs().take();
  }

  /** When the next {@link Input.Tick} is needed, on the clock given to {@link #step}. */
  public long wakeAtMillis() {
    if (stopped || !started) {
      return Long.MAX_VALUE;
    }
    return LongStream.of(
            check.wakeAtMillis(),
            merge.wakeAtMillis(),
            reorganization.wakeAtMillis(),
            follower.wakeAtMillis(),
            requests.wakeAtMillis(),
            stateLimitMillis())
        .min()
        .getAsLong();
  }

  public ReplicaView view() {
    Group group = core.group();
    return new ReplicaView(
        core.self(),
        group.coordinator(),
        group.name().text(),
        group.state(),
        members.all().stream().map(m -> new ReplicaView.Member(m.id(), m.accepted())).toList(),
        group.max(),
        group.generation());
  }

  /** What peers are told that ask. */
  public PeerStatus status() {
    Group group = core.group();
    return new PeerStatus(
        group.state(),
        follower.coordinator(),
        group.name().text(),
        core.disk().position(),
        core.disk().promise(),
        boot,
        group.max());
  }

  /** Everything durable: the state with its position and promise. */
  public ReplicatedState state() {
    return core.disk().state();
  }

  private void take(Input input) {
    if (input instanceof Input.Start) {
      start();
    } else if (!started) {
      throw new IllegalStateException("not started: " + input);
    } else if (input instanceof Input.Tick) {
      tick();
    } else if (input instanceof Input.Persisted) {
      core.disk().persisted();
    } else if (input instanceof Input.PersistFailed failed) {
      core.disk().persistFailed(failed.reason());
    } else if (input instanceof Input.CallAnswered answered) {
      core.calls().answered(answered.call(), answered.answer());
    } else if (input instanceof Input.CallFailed failed) {
      core.calls().failed(failed.call(), failed.failure(), failed.reason());
    } else if (input instanceof Input.Told told) {
      told(told.message());
    } else if (input instanceof Input.Asked asked) {
      asked(asked.request(), asked.message());
    } else if (input instanceof Input.NotSent notSent) {
      notSent(notSent);
    } else if (input instanceof Input.PeerConnectionClosed closed) {
      connectionClosed(closed.peer());
    } else if (input instanceof Input.Submit submit) {
      requests.submit(submit.request(), submit.command());
    } else if (input instanceof Input.SubmitHere submit) {
      requests.submitHere(submit.request(), submit.command());
    } else if (input instanceof Input.OfTopics ofTopics) {
      requests.chores().take(ofTopics);
    } else if (input instanceof Input.Shutdown) {
      shutdown();
    } else {
      throw new IllegalStateException("unknown input " + input);
    }
  }

  private void start() {
    if (started) {
      throw new IllegalStateException("started twice");
    }
    started = true;
    core.outputs().add(new Output.Publish(state()));
    recover("");
  }

  private void tick() {
    if (core.nowMillis() >= stateLimitMillis()) {
      core.failedToLead();
      recover("no progress in state " + core.group().state().traceName());
    }
    check.tick();
    merge.tick();
    reorganization.tick();
    follower.tick();
    requests.tick();
  }

  private long stateLimitMillis() {
    Group group = core.group();
    return group.is(NodeState.ELECTION) || group.is(NodeState.REORGANIZATION)
        ? group.sinceMillis() + core.timing().stateLimitMillis()
        : Long.MAX_VALUE;
  }

  private void told(Message.Oneway message) {
    if (message instanceof Message.Invitation invitation) {
      follower.invited(invitation);
    } else if (message instanceof Message.Accept accept) {
      merge.accepted(accept);
    } else {
      throw new IllegalStateException("unknown message " + message);
    }
  }

  private void notSent(Input.NotSent notSent) {
    if (notSent.message() instanceof Message.Invitation invitation) {
      merge.notSent(notSent.to(), invitation);
    } else if (notSent.message() instanceof Message.Accept accept) {
      follower.notSent(accept);
    } else {
      throw new IllegalStateException("unknown message " + notSent.message());
    }
  }

  private void asked(RequestId request, Message.Call message) {
    if (message instanceof Message.Init init) {
      observing.init(request, init);
    } else if (message instanceof Message.Update update) {
      observing.update(request, List.of(update));
    } else if (message instanceof Message.Updates updates) {
      observing.update(request, updates.updates());
    } else {
      core.outputs().reply(request, answer(message));
    }
  }

  private Answer answer(Message.Call message) {
    Group group = core.group();
    if (message instanceof Message.AreYouCoordinator) {
      boolean stable = group.is(NodeState.INACTIVE) || group.is(NodeState.NORMAL);
      return new Answer.Bool(stable && group.isOwn());
    } else if (message instanceof Message.AreYouThere there) {
      return new Answer.Bool(
          group.isOwn() && group.isNamed(there.group()) && members.contains(there.from()));
    } else if (message instanceof Message.AskStatus) {
      return new Answer.Status(status());
    } else if (message instanceof Message.Ready ready) {
      return follower.ready(ready);
    } else if (message instanceof Message.GetContent) {
      return new Answer.Content(core.disk().position(), state().content());
    }
    throw new IllegalStateException("unknown message " + message);
  }

  private void connectionClosed(ReplicaId peer) {
    if (!peers.contains(peer)) {
      return;
    }
    if (core.group().coordinator().equals(peer)) {
      follower.suspectCoordinator();
    } else {
      check.suspect(peer);
    }
  }

  private void memberLost() {
    updates.memberLost();
  }

  private void recover(String reason) {
    Group group = core.group();
    if (!reason.isEmpty()) {
      core.outputs().election(reason);
    }
    if (group.leads()) {
      core.takeOver().failed(core.nowMillis());
    }
    if (follower.isCoordinatorSilent()) {
      requests.coordinatorSilent();
    }
    GroupName name = GroupName.single(core.self(), core.random());
    members.clear();
    merge.abort();
    follower.leave();
    group.enter(core.self(), name);
    core.outputs().election("creating new self-coordinated group " + name);
    group.become(NodeState.INACTIVE, core.nowMillis());
    updates.abort("the group of replicas ended: " + reason);
    requests.groupLost();
    check.soon();
  }

  private void shutdown() {
    stopped = true;
    core.outputs().election("stopping replica");
    core.calls().forgetAll();
    updates.abort("shutting down");
    requests.shutdown("shutting down");
  }

  private void takeStopped(Input input) {
    if (input instanceof Input.Submit submit) {
      core.outputs().reply(submit.request(), new Answer.UnknownOutcome("shutting down"));
    } else if (input instanceof Input.SubmitHere submit) {
      core.outputs().reply(submit.request(), new Answer.NotCoordinator("shutting down"));
    } else if (input instanceof Input.OfTopics ofTopics) {
      requests.chores().takeStopped(ofTopics);
    } else if (input instanceof Input.Asked asked) {
      core.outputs().reply(asked.request(), new Answer.Failed("shutting down"));
    }
  }
}
