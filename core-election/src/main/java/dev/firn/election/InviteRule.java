package dev.firn.election;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Whom to invite, judging by what the peers said last. Changes nothing. */
final class InviteRule {
  /**
   * What a replica waits for a higher one where there are ZeroC's, in priority delays: they are
   * slower to invite, and two invitations that cross cost them a whole time-out.
   */
  private static final int ZEROC_PATIENCE = 5;

  /** What a coordinator waits for a higher one to take over, in checks, before it invites it. */
  private static final int LEADER_PATIENCE = 10;

  private static final Choice NOBODY = new Choice(List.of(), "", Long.MAX_VALUE);

  private final Core core;
  private final Collection<Peer> peers;

  /**
   * @param invited ascending; empty if nobody is to be invited
   * @param obstacle a line for the trace, or empty
   * @param againMillis when to look again, if not at the next regular time
   */
  record Choice(List<ReplicaId> invited, String obstacle, long againMillis) {}

  InviteRule(Core core, Collection<Peer> peers) {
    this.core = core;
    this.peers = peers;
  }

  /**
   * A coordinator of a group that serves stops it only for those who can be expected to stay. A
   * higher one is left to take over by itself.
   */
  Choice whenLeading() {
    long now = core.nowMillis();
    long patienceMillis = LEADER_PATIENCE * core.timing().checkMillis();
    List<ReplicaId> invited =
        coordinators()
            .filter(p -> p.backOff().isOver(now))
            .filter(p -> isLower(p) || p.coordinatorForMillis(now) >= patienceMillis)
            .map(Peer::id)
            .toList();
    return new Choice(invited, "", Long.MAX_VALUE);
  }

  /** A replica without a group invites if a group can come of it and no higher one does. */
  Choice whenAlone() {
    List<Peer> found =
        peers.stream().filter(p -> p.isReachable() && (p.isCoordinator() || isOrphan(p))).toList();
    if (found.isEmpty()) {
      return NOBODY;
    }
    if (found.stream().anyMatch(p -> p.leads() && !isLower(p))) {
      // It will invite this replica, unless it has a reason not to.
      return NOBODY;
    }
    long now = core.nowMillis();
    if (found.stream().anyMatch(Peer::leads) && !core.takeOver().isOver(now)) {
      return NOBODY;
    }
    String obstacle =
        obstacle(
            Stream.concat(found.stream(), peers.stream().filter(p -> isLedBy(p, found))).toList());
    if (!obstacle.isEmpty()) {
      return new Choice(List.of(), obstacle, Long.MAX_VALUE);
    }
    long startMillis = Math.max(inviteAtMillis(found), core.retry().untilMillis());
    return startMillis <= now
        ? new Choice(found.stream().map(Peer::id).toList(), "", Long.MAX_VALUE)
        : new Choice(List.of(), "", startMillis);
  }

  /** Why no group can come of an invitation that reaches these, or nothing. */
  private String obstacle(List<Peer> reached) {
    int size = core.config().nodes().size();
    int obtainable = 1 + reached.size();
    String few = "not enough nodes " + obtainable + "/" + size + " for replication to commence";
    if (obtainable <= core.config().membersMin()) {
      return few;
    }
    // Some of ZeroC's replicas say it only when they accept.
    boolean maxKnown = reached.stream().allMatch(p -> p.max().isPresent());
    int max =
        Stream.concat(
                Stream.of(core.group().max()),
                peers.stream().flatMap(p -> p.max().stream().boxed()))
            .reduce(0, Math::max);
    boolean fullNeeded = maxKnown && max != size && !core.config().coldStartMajority();
    return fullNeeded && obtainable < size ? few + " (require full participation for startup)" : "";
  }

  /** When every higher one has had its time to invite, and late ones theirs to be found. */
  private long inviteAtMillis(List<Peer> found) {
    // An orphan does not invite before it has noticed, which can take it long.
    List<Peer> higher = found.stream().filter(p -> !isLower(p) && p.isCoordinator()).toList();
    long delayMillis = core.timing().priorityDelayMillis();
    long atMillis = Long.MIN_VALUE;
    if (peers.stream().anyMatch(p -> isUndecided(p, found))) {
      atMillis = core.group().sinceMillis() + delayMillis;
    }
    boolean allFirn = peers.stream().allMatch(p -> p.isFirn() || !p.isReachable());
    for (Peer peer : higher) {
      int patience = allFirn ? 1 : ZEROC_PATIENCE;
      long forMillis = delayMillis * patience * (1 + higher.size());
      long sinceMillis = core.nowMillis() - peer.coordinatorForMillis(core.nowMillis());
      atMillis = Math.max(atMillis, sinceMillis + forMillis);
    }
    return atMillis;
  }

  private Stream<Peer> coordinators() {
    return peers.stream().filter(p -> p.isReachable() && p.isCoordinator());
  }

  private boolean isLower(Peer peer) {
    return peer.id().compareTo(core.self()) < 0;
  }

  /**
   * Whether it still follows the coordinator that this replica has lost. ZeroC's replicas notice
   * only with their next poll, but accept an invitation at any time.
   */
  private boolean isOrphan(Peer peer) {
    return peer.view()
        .filter(v -> v.state() == NodeState.NORMAL && core.group().hasLost(v.group()))
        .filter(
            v -> peers.stream().noneMatch(p -> p.isReachable() && p.id().equals(v.coordinator())))
        .isPresent();
  }

  /** Whether the invitation reaches it through its coordinator. */
  private static boolean isLedBy(Peer peer, List<Peer> found) {
    if (!peer.isReachable() || peer.isCoordinator()) {
      return false;
    } else if (peer.status().isPresent()) {
      PeerStatus slave = peer.status().get();
      return found.stream().anyMatch(f -> isLedBy(slave, f));
    } else if (peer.view().isPresent()) {
      // One that waits for the end of a failed election is not reached before it gives up.
      Answer.View view = peer.view().get();
      return view.state() == NodeState.NORMAL
          && found.stream().anyMatch(f -> f.id().equals(view.coordinator()));
    }
    return found.stream().anyMatch(f -> f.leads() || !f.isFirn());
  }

  private static boolean isLedBy(PeerStatus slave, Peer leader) {
    return slave.state() == NodeState.NORMAL
        && slave.coordinator().equals(leader.id())
        && (!leader.isFirn() || leader.isIn(slave.group()));
  }

  /** Whether it is there, but in between groups or in one whose coordinator is not there. */
  private static boolean isUndecided(Peer peer, List<Peer> found) {
    return peer.isReachable() && !peer.isCoordinator() && !isLedBy(peer, found);
  }
}
