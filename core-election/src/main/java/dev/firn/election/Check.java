package dev.firn.election;

import java.util.List;

/**
 * Looks for other coordinators to merge with, and after the members of a group that serves.
 *
 * <p>Asks all peers at once, at a fixed rate; decides whenever nothing worth waiting for is under
 * way. A peer that met the last question with silence is not waited for.
 */
final class Check {
  /** A new loner looks more often, for so long: others are just about to become loners too. */
  private static final long HASTE_MILLIS = 1000;

  private static final long HASTE = 4;

  private final Core core;
  private final Members members;
  private final InviteRule rule;
  private final Merge merge;
  private final Peers peers;
  private long dueMillis = Long.MAX_VALUE;
  private String lastObstacle = "";

  /** Whether all were asked since the last {@link #soon}: older answers decide nothing. */
  private boolean asked;

  Check(Core core, Peers peers, Members members, Merge merge) {
    this.core = core;
    this.peers = peers;
    this.members = members;
    this.merge = merge;
    this.rule = new InviteRule(core, peers.all());
  }

  long wakeAtMillis() {
    return isOn() ? dueMillis : Long.MAX_VALUE;
  }

  /** The replica has just become alone: looks at once. */
  void soon() {
    dueMillis = core.nowMillis();
    asked = false;
    peers.all().forEach(Peer::forgetRole);
  }

  void tick() {
    if (isOn() && core.nowMillis() >= dueMillis) {
      dueMillis = core.nowMillis() + periodMillis();
      asked = true;
      for (Peer peer : peers.all()) {
        if (!peer.isAsked()) {
          ask(peer);
        }
      }
    }
  }

  /** A connection of the peer closed: finds out at once whether it lives. */
  void suspect(ReplicaId id) {
    if (isOn()) {
      ask(peers.get(id));
    }
  }

  /** Whether this replica decides by itself which group to make. */
  private boolean isOn() {
    return core.group().is(NodeState.INACTIVE) || core.group().leads();
  }

  private long periodMillis() {
    ElectionTiming timing = core.timing();
    if (core.group().leads()) {
      return timing.checkMillis();
    }
    boolean haste = core.nowMillis() - core.group().sinceMillis() < HASTE_MILLIS;
    return haste ? Math.max(1, timing.inactiveCheckMillis() / HASTE) : timing.inactiveCheckMillis();
  }

  private void ask(Peer peer) {
    peer.setAsked(true);
    Message.Call question =
        peer.kind() == Peer.Kind.ZEROC ? new Message.AreYouCoordinator() : new Message.AskStatus();
    long timeoutMillis = core.timing().heartbeatTimeoutMillis();
    core.calls().ask(peer.id(), question, timeoutMillis, new Question(peer));
  }

  private void answered(Peer peer, Answer answer, GroupName groupThen) {
    boolean left;
    if (answer instanceof Answer.Status status) {
      peer.answered(status.status(), core.nowMillis());
      core.sawGeneration(status.status().promise());
      core.sawGeneration(status.status().position().generation());
      left = !core.group().isNamed(status.status().group());
    } else if (answer instanceof Answer.View view) {
      peer.answered(view, core.nowMillis());
      left = !core.group().isNamed(view.group());
    } else if (answer instanceof Answer.Bool bool) {
      peer.answered(bool.value(), core.nowMillis());
      left = bool.value();
    } else {
      throw new IllegalStateException("not an answer to a check: " + answer);
    }
    if (left && core.group().leads() && core.group().name().equals(groupThen)) {
      members.evict(peer.id(), "it left the group");
    }
  }

  private void failed(Peer peer, String reason, GroupName groupThen) {
    core.outputs().election("call on node " + peer.id() + " failed: " + reason);
    if (core.group().leads() && core.group().name().equals(groupThen)) {
      members.evict(peer.id(), reason);
    }
  }

  private void decide() {
    if (!isOn() || !asked || peers.all().stream().anyMatch(p -> p.isAsked() && !p.isSilent())) {
      return;
    }
    InviteRule.Choice choice = core.group().leads() ? rule.whenLeading() : rule.whenAlone();
    if (!choice.obstacle().isEmpty() && !choice.obstacle().equals(lastObstacle)) {
      core.outputs().election(choice.obstacle());
    }
    lastObstacle = choice.obstacle();
    List<ReplicaId> invited = choice.invited();
    if (!invited.isEmpty()) {
      merge.start(invited);
    } else if (choice.againMillis() < dueMillis) {
      dueMillis = Math.max(choice.againMillis(), core.nowMillis() + 1);
    }
  }

  private final class Question implements Ending {
    private final Peer peer;
    private final GroupName groupThen = core.group().name();
    private final long askedMillis = core.nowMillis();

    Question(Peer peer) {
      this.peer = peer;
    }

    @Override
    public void answered(Answer answer) {
      peer.setAsked(false);
      Check.this.answered(peer, answer, groupThen);
      decide();
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      peer.setAsked(false);
      if (failure == Input.Failure.UNKNOWN_OPERATION && peer.kind() != Peer.Kind.ZEROC) {
        peer.isZeroc();
        ask(peer);
      } else {
        peer.failed(failure, core.isSlow(askedMillis));
        Check.this.failed(peer, reason, groupThen);
        decide();
      }
    }
  }
}
