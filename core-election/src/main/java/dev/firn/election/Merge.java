package dev.firn.election;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes a group of this replica's own: promises a generation, invites, waits for those who accept.
 * What follows, the content, is up to {@link Reorganization}.
 */
final class Merge {
  private final Core core;
  private final Peers peers;
  private final Members members;
  private final Updates updates;
  private final Reorganization reorganization;
  private final Recovery recovery;
  private final SortedSet<ReplicaId> issued = new TreeSet<>();
  private final SortedSet<ReplicaId> givenUp = new TreeSet<>();
  private final SortedSet<ReplicaId> polled = new TreeSet<>();
  private boolean inviting;
  private long generation;
  private long deadlineMillis;
  private long pollMillis;

  Merge(
      Core core,
      Peers peers,
      Members members,
      Updates updates,
      Reorganization reorganization,
      Recovery recovery) {
    this.core = core;
    this.peers = peers;
    this.members = members;
    this.updates = updates;
    this.reorganization = reorganization;
    this.recovery = recovery;
  }

  /** Stops serving once the updates under way have ended, and invites these and its members. */
  void start(List<ReplicaId> invited) {
    core.group().become(NodeState.ELECTION, core.nowMillis());
    updates.whenQuiet(() -> promise(invited));
  }

  void abort() {
    inviting = false;
    issued.clear();
    givenUp.clear();
    polled.clear();
    reorganization.abort();
  }

  long wakeAtMillis() {
    return inviting ? Math.min(deadlineMillis, pollMillis) : Long.MAX_VALUE;
  }

  void tick() {
    if (inviting && core.nowMillis() >= deadlineMillis) {
      conclude();
    } else if (inviting && core.nowMillis() >= pollMillis) {
      pollMillis = core.nowMillis() + pollPeriodMillis();
      pending().forEach(this::poll);
    }
  }

  private void promise(List<ReplicaId> invited) {
    generation = core.nextGeneration();
    core.disk()
        .persist(
            List.of(new StateChange.SetPromise(generation)),
            () -> invite(invited),
            reason -> {
              core.outputs().error("cannot store a promise, so cannot elect: " + reason);
              core.failedToLead();
              recovery.recover("cannot store a promise");
            });
  }

  private void invite(List<ReplicaId> invited) {
    Group group = core.group();
    GroupName name = GroupName.proposal(core.self(), core.random(), generation);
    // A merge that succeeded leaves its own behind.
    issued.clear();
    givenUp.clear();
    polled.clear();
    issued.addAll(invited);
    issued.addAll(members.ids());
    members.clear();
    group.enter(core.self(), name);
    inviting = true;
    deadlineMillis = core.nowMillis() + core.timing().invitationMillis();
    pollMillis = core.nowMillis() + core.timing().priorityDelayMillis();
    core.outputs().election("inviting " + list(issued) + " to group " + name);
    for (ReplicaId id : issued) {
      core.outputs().election("inviting node " + id + " to group " + name);
      core.tell(id, new Message.Invitation(core.self(), name.text()));
    }
    core.outputs().election("invites pending: " + list(issued));
  }

  void notSent(ReplicaId to, Message.Invitation invitation) {
    if (inviting && core.group().isNamed(invitation.group())) {
      giveUp(to, "invitation not sent");
    }
  }

  void accepted(Message.Accept accept) {
    ReplicaId from = accept.from();
    if (!peers.contains(from)) {
      core.outputs().warning("Election: ignoring accept from unknown node " + from);
      return;
    }
    if (!inviting || !core.group().isNamed(accept.group())) {
      core.outputs().election("accept of node " + from + " ignored: it is for another group");
      return;
    }
    members.add(new Member(from, accept.observer(), accept.position()));
    givenUp.remove(from);
    core.group().sawMax(accept.max());
    peers.get(from).accepted(accept.max());
    core.sawGeneration(accept.position().generation());
    for (ReplicaId forwarded : accept.forwarded()) {
      if (peers.contains(forwarded) && issued.add(forwarded)) {
        // The invitation goes a longer way: it may come after a question of this replica.
        pollMillis = core.nowMillis() + core.timing().priorityDelayMillis();
      }
    }
    core.outputs()
        .election(
            "accept %s forward invites %s with llu %s into group %s group size %d"
                .formatted(
                    from,
                    list(accept.forwarded()),
                    accept.position(),
                    accept.group(),
                    members.size() + 1));
    concludeIfComplete();
  }

  private SortedSet<ReplicaId> pending() {
    SortedSet<ReplicaId> pending = new TreeSet<>(issued);
    pending.removeAll(members.ids());
    pending.removeAll(givenUp);
    return pending;
  }

  private void giveUp(ReplicaId id, String reason) {
    if (pending().contains(id)) {
      core.outputs().election("node " + id + " does not accept: " + reason);
      givenUp.add(id);
      peers.get(id).backOff().failed(core.nowMillis());
      concludeIfComplete();
    }
  }

  private void concludeIfComplete() {
    if (inviting && (members.size() == peers.all().size() || pending().isEmpty())) {
      conclude();
    }
  }

  private void conclude() {
    inviting = false;
    pending().forEach(id -> peers.get(id).backOff().failed(core.nowMillis()));
    core.outputs()
        .election(
            "invites pending: %s invites accepted: %s"
                .formatted(list(pending()), list(members.ids())));
    core.group().become(NodeState.REORGANIZATION, core.nowMillis());
    Optional<String> obstacle = obstacle();
    if (obstacle.isPresent()) {
      core.failedToLead();
      recovery.recover(obstacle.get());
    } else {
      reorganization.start(generation);
    }
  }

  /** Why those who accepted may not be a group. */
  private Optional<String> obstacle() {
    int size = core.config().nodes().size();
    boolean all = members.size() == size - 1;
    boolean allFirn = members.all().stream().allMatch(m -> peers.get(m.id()).isFirn());
    boolean fullNeeded =
        core.group().max() != size && !(core.config().coldStartMajority() && allFirn);
    if ((fullNeeded && !all) || !members.suffice()) {
      return Optional.of(
          "not enough nodes %d/%d for replication to commence%s"
              .formatted(
                  members.size() + 1,
                  size,
                  fullNeeded ? " (require full participation for startup)" : ""));
    }
    // Only a ZeroC member can have one: Firn's promise a greater generation than they have.
    return members.all().stream()
        .filter(m -> m.accepted().generation() >= generation)
        .max(Comparator.comparing(Member::accepted))
        .map(m -> "node " + m.id() + " is at " + m.accepted() + ", beyond what was proposed");
  }

  /** Asks an invited replica whether it can still be expected to accept. */
  private void poll(ReplicaId id) {
    if (peers.get(id).isFirn() && polled.add(id)) {
      core.calls()
          .ask(
              id,
              new Message.AskStatus(),
              core.timing().heartbeatTimeoutMillis(),
              new Poll(id, core.group().name()));
    }
  }

  private long pollPeriodMillis() {
    return Math.max(1, core.timing().priorityDelayMillis() / 2);
  }

  static String list(Collection<ReplicaId> ids) {
    return new ArrayList<>(ids)
        .stream().map(ReplicaId::toString).collect(Collectors.joining(",", "(", ")"));
  }

  private final class Poll implements Ending {
    private final ReplicaId id;
    private final GroupName groupThen;

    Poll(ReplicaId id, GroupName groupThen) {
      this.id = id;
      this.groupThen = groupThen;
    }

    @Override
    public void answered(Answer answer) {
      if (isCurrent() && answer instanceof Answer.Status status) {
        polled.remove(id);
        PeerStatus peer = status.status();
        core.sawGeneration(peer.promise());
        if (!core.group().isNamed(peer.group()) && !peer.coordinator().equals(core.self())) {
          giveUp(id, "it is in group " + peer.group());
        }
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (isCurrent()) {
        giveUp(id, reason);
      }
    }

    private boolean isCurrent() {
      return inviting && core.group().name().equals(groupThen);
    }
  }
}
