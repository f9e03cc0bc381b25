package dev.firn.election;

import dev.firn.model.EncodedProxy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Joins the group of another: accepts its invitation, and watches its coordinator. */
final class Follower {
  private final Core core;
  private final Peers peers;
  private final Members members;
  private final Updates updates;
  private final Recovery recovery;

  /** Whom this replica is about to follow, while its own updates end. */
  private Optional<ReplicaId> joining = Optional.empty();

  private boolean initialised;
  private boolean asking;
  private boolean coordinatorSilent;
  private long heartbeatMillis;

  Follower(Core core, Peers peers, Members members, Updates updates, Recovery recovery) {
    this.core = core;
    this.peers = peers;
    this.members = members;
    this.updates = updates;
    this.recovery = recovery;
  }

  /** The coordinator of the group the replica is in or about to join. */
  ReplicaId coordinator() {
    return joining.orElse(core.group().coordinator());
  }

  /** The content of the group has arrived. */
  void initialised() {
    initialised = true;
  }

  /** Whether the group is being left because its coordinator does not answer. */
  boolean isCoordinatorSilent() {
    return coordinatorSilent;
  }

  void leave() {
    coordinatorSilent = false;
    joining = Optional.empty();
    initialised = false;
    asking = false;
  }

  long wakeAtMillis() {
    return watches() && !asking ? heartbeatMillis : Long.MAX_VALUE;
  }

  void tick() {
    if (watches() && !asking && core.nowMillis() >= heartbeatMillis) {
      askCoordinator(false);
    }
  }

  /**
   * Something suggests that the coordinator is gone: finds out at once. That it does not know this
   * replica says nothing while the group forms: the question may have overtaken the accept, as when
   * the end of a connection to its former process is noticed late.
   */
  void suspectCoordinator() {
    if (watches()) {
      askCoordinator(core.group().is(NodeState.REORGANIZATION));
    }
  }

  void invited(Message.Invitation invitation) {
    ReplicaId from = invitation.from();
    Outputs outputs = core.outputs();
    if (!peers.contains(from)) {
      outputs.warning("Election: ignoring invitation from unknown node " + from);
      return;
    }
    outputs.election("invitation from " + from + " to group " + invitation.group());
    if (core.group().is(NodeState.ELECTION) || core.group().is(NodeState.REORGANIZATION)) {
      outputs.election("invitation ignored");
      return;
    }
    OptionalLong proposed = new GroupName(invitation.group()).generation();
    if (proposed.isPresent() && proposed.getAsLong() <= core.disk().promise()) {
      outputs.election(
          "invitation ignored: %d was promised already".formatted(core.disk().promise()));
      return;
    }
    core.group().become(NodeState.ELECTION, core.nowMillis());
    joining = Optional.of(from);
    updates.whenQuiet(() -> promise(invitation, proposed));
  }

  private void promise(Message.Invitation invitation, OptionalLong proposed) {
    if (proposed.isEmpty()) {
      join(invitation);
      return;
    }
    core.disk()
        .persist(
            List.of(new StateChange.SetPromise(proposed.getAsLong())),
            () -> join(invitation),
            reason -> {
              core.outputs().error("cannot store a promise, so cannot join a group: " + reason);
              core.failedToLead();
              recovery.recover("cannot store a promise");
            });
  }

  private void join(Message.Invitation invitation) {
    ReplicaId from = invitation.from();
    List<ReplicaId> forwarded = members.ids().stream().filter(id -> !id.equals(from)).toList();
    members.clear();
    joining = Optional.empty();
    initialised = false;
    core.group().enter(from, new GroupName(invitation.group()));
    forwarded.forEach(id -> core.tell(id, invitation));
    // Before the accept is sent: what follows it may come at once.
    core.group().become(NodeState.REORGANIZATION, core.nowMillis());
    heartbeatMillis = core.nowMillis() + periodMillis();
    asking = false;
    core.tell(
        from,
        new Message.Accept(
            core.self(),
            invitation.group(),
            forwarded,
            EncodedProxy.NULL,
            core.disk().position(),
            core.group().max()));
  }

  void notSent(Message.Accept accept) {
    if (watches() && core.group().isNamed(accept.group())) {
      recovery.recover("accept not sent to node " + core.group().coordinator());
    }
  }

  Answer ready(Message.Ready ready) {
    Group group = core.group();
    if (!group.is(NodeState.REORGANIZATION) || !group.isNamed(ready.group())) {
      core.outputs().election("ready of node " + ready.from() + " ignored: another group");
      return new Answer.Failed("not in group " + ready.group());
    }
    if (!group.coordinator().equals(ready.from())) {
      core.outputs()
          .warning(
              "Election: ignoring ready call from replica node %s (real coordinator is %s)"
                  .formatted(ready.from(), group.coordinator()));
      return new Answer.Failed("another coordinator");
    }
    if (!initialised || core.disk().position().generation() != ready.generation()) {
      recovery.recover("ready before init");
      return new Answer.Failed("ready before init");
    }
    group.sawMax(ready.max());
    group.serve(ready.generation(), ready.coordinator(), core.nowMillis());
    core.retry().reset();
    core.outputs()
        .election(
            "reporting for duty in group %s with coordinator %s"
                .formatted(group.name(), group.coordinator()));
    return new Answer.Done();
  }

  private boolean watches() {
    Group group = core.group();
    return !group.isOwn() && (group.is(NodeState.REORGANIZATION) || group.is(NodeState.NORMAL));
  }

  private void askCoordinator(boolean mayOvertakeAccept) {
    asking = true;
    GroupName name = core.group().name();
    core.calls()
        .ask(
            core.group().coordinator(),
            new Message.AreYouThere(name.text(), core.self()),
            core.timing().heartbeatTimeoutMillis(),
            new Heartbeat(name, mayOvertakeAccept));
    heartbeatMillis = core.nowMillis() + periodMillis();
  }

  /** Who waits for a Firn inviter looks more often: a failed election is over for all at once. */
  private long periodMillis() {
    boolean waits =
        core.group().is(NodeState.REORGANIZATION) && core.group().name().generation().isPresent();
    long period = core.timing().heartbeatMillis();
    return waits ? Math.min(period, Math.max(1, core.timing().priorityDelayMillis() / 2)) : period;
  }

  private final class Heartbeat implements Ending {
    private final GroupName groupThen;
    private final boolean mayOvertakeAccept;
    private final long askedMillis = core.nowMillis();

    Heartbeat(GroupName groupThen, boolean mayOvertakeAccept) {
      this.groupThen = groupThen;
      this.mayOvertakeAccept = mayOvertakeAccept;
    }

    @Override
    public void answered(Answer answer) {
      if (isCurrent()) {
        asking = false;
        if (!answer.equals(new Answer.Bool(true)) && !mayOvertakeAccept) {
          lost("areYouThere returned false");
        }
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (isCurrent()) {
        coordinatorSilent = core.isSlow(askedMillis);
        peers.get(core.group().coordinator()).failed(failure, coordinatorSilent);
        lost(reason);
      }
    }

    private boolean isCurrent() {
      return watches() && core.group().name().equals(groupThen);
    }

    private void lost(String reason) {
      recovery.recover(
          "lost connection to coordinator " + core.group().coordinator() + ": " + reason);
    }
  }
}
