package dev.firn.election;

import dev.firn.model.EncodedProxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The coordinator brings those who accepted to one content, its members first, then itself, and
 * lets them serve.
 *
 * <ol>
 *   <li>The newest content is fetched, if another has it.
 *   <li>Every member gets it, with the new generation; one that fails is left out.
 *   <li>A majority has it on disk: the coordinator stores its own position in the new generation.
 *   <li>Every member is told to serve; then the coordinator serves.
 * </ol>
 */
final class Reorganization {
  private final Core core;
  private final Members members;
  private final Recovery recovery;
  private final SortedSet<ReplicaId> awaited = new TreeSet<>();
  private long generation;

  /** Of the one who is waited for no longer; there is none while nothing is awaited. */
  private long laggardsMillis = Long.MAX_VALUE;

  private Runnable next = () -> {};

  Reorganization(Core core, Members members, Recovery recovery) {
    this.core = core;
    this.members = members;
    this.recovery = recovery;
  }

  void abort() {
    awaited.clear();
    laggardsMillis = Long.MAX_VALUE;
  }

  long wakeAtMillis() {
    return laggardsMillis;
  }

  void tick() {
    if (core.nowMillis() >= laggardsMillis) {
      laggardsMillis = Long.MAX_VALUE;
      for (ReplicaId id : List.copyOf(awaited)) {
        leaveOut(id, "no answer while a majority has answered");
      }
    }
  }

  /** The members are as they accepted, and enough. */
  void start(long newGeneration) {
    generation = newGeneration;
    Outputs outputs = core.outputs();
    outputs.election("coordinator for " + (members.size() + 1) + " nodes (including myself)");
    for (Member member : members.all()) {
      outputs.election("node id=" + member.id() + " llu=" + member.accepted());
    }
    // Of equals the first: their content is the same.
    Optional<Member> newest =
        members.all().stream()
            .max(
                Comparator.comparing(Member::accepted)
                    .thenComparing(Comparator.comparing(Member::id).reversed()))
            .filter(m -> m.accepted().compareTo(core.disk().position()) > 0);
    newest.ifPresentOrElse(
        this::fetch,
        () -> {
          outputs.election("I have the latest database state.");
          initialise();
        });
  }

  private void fetch(Member from) {
    core.outputs().election("syncing database state with node " + from.id());
    core.calls().ask(from.id(), new Message.GetContent(), transferMillis(), new Content(from));
  }

  private void fetched(Member from, Answer.Content content) {
    LogPosition position = content.position();
    if (position.compareTo(from.accepted()) < 0 || position.generation() >= generation) {
      fail(
          "node %s gave content of %s, having accepted with %s"
              .formatted(from.id(), position, from.accepted()));
      return;
    }
    List<StateChange> changes = new ArrayList<>(core.disk().state().changesTo(content.content()));
    changes.add(new StateChange.SetPosition(position));
    core.disk().persist(changes, this::initialise, notStored("the content of node " + from.id()));
  }

  private void initialise() {
    core.group().sawMax(members.size() + 1);
    LogPosition first = new LogPosition(generation, 0);
    Message.Init init = new Message.Init(first, core.disk().state().content());
    await(this::store);
    for (Member member : members.all()) {
      core.calls()
          .askObserver(
              member,
              init,
              transferMillis(),
              new Step(member, "init") {
                @Override
                void done() {
                  member.confirmed(first);
                }
              });
    }
    goOnIfComplete();
  }

  private void store() {
    core.disk()
        .persist(
            List.of(new StateChange.SetPosition(new LogPosition(generation, 0))),
            this::tellReady,
            notStored("the position of the new group"));
  }

  private void tellReady() {
    Group group = core.group();
    await(this::serve);
    for (Member member : members.all()) {
      Message.Ready ready =
          new Message.Ready(
              core.self(), group.name().text(), EncodedProxy.NULL, group.max(), generation);
      core.calls()
          .ask(member.id(), ready, core.timing().updateTimeoutMillis(), new Step(member, "ready"));
    }
    goOnIfComplete();
  }

  private void serve() {
    core.retry().reset();
    core.group().serve(generation, EncodedProxy.NULL, core.nowMillis());
    core.outputs()
        .election(
            "reporting for duty in group %s as coordinator. replication commencing with %d/%d nodes"
                    .formatted(
                        core.group().name(), members.size() + 1, core.config().nodes().size())
                + " with llu generation: "
                + generation);
  }

  private void await(Runnable whenComplete) {
    next = whenComplete;
    awaited.clear();
    awaited.addAll(members.ids());
    laggardsMillis = Long.MAX_VALUE;
  }

  private void goOnIfComplete() {
    if (!members.suffice()) {
      fail("initMaster failed: not enough members are left");
    } else if (awaited.isEmpty()) {
      laggardsMillis = Long.MAX_VALUE;
      next.run();
    } else if (members.size() - awaited.size() >= core.config().membersMin()
        && laggardsMillis == Long.MAX_VALUE) {
      laggardsMillis = core.nowMillis() + core.timing().updateTimeoutMillis();
    }
  }

  private void leaveOut(ReplicaId id, String reason) {
    if (awaited.remove(id)) {
      members.evict(id, reason);
      goOnIfComplete();
    }
  }

  private Consumer<String> notStored(String what) {
    return reason -> {
      core.outputs().error("cannot store " + what + ": " + reason);
      fail("cannot store " + what);
    };
  }

  private void fail(String reason) {
    core.failedToLead();
    recovery.recover(reason);
  }

  private long transferMillis() {
    return core.timing().stateLimitMillis();
  }

  private final class Content implements Ending {
    private final Member from;

    Content(Member from) {
      this.from = from;
    }

    @Override
    public void answered(Answer answer) {
      if (members.contains(from) && answer instanceof Answer.Content content) {
        fetched(from, content);
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (members.contains(from)) {
        fail("syncing database state with node " + from.id() + " failed: " + reason);
      }
    }
  }

  /** One member's part of a step that all take. */
  private class Step implements Ending {
    private final Member member;
    private final String what;

    Step(Member member, String what) {
      this.member = member;
      this.what = what;
    }

    void done() {}

    @Override
    public void answered(Answer answer) {
      if (members.contains(member)) {
        Optional<String> refusal = Updates.refusal(answer);
        if (refusal.isPresent()) {
          leaveOut(member.id(), what + " failed: " + refusal.get());
        } else if (awaited.remove(member.id())) {
          done();
          goOnIfComplete();
        }
      }
    }

    @Override
    public void failed(Input.Failure failure, String reason) {
      if (members.contains(member)) {
        leaveOut(member.id(), what + " failed: " + reason);
      }
    }
  }
}
