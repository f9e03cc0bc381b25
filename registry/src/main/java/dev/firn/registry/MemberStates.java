package dev.firn.registry;

import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Which members of a replica group one locate can ask, found out only as far as it needs to know.
 * One thread.
 */
final class MemberStates {
  enum State {
    /** Its node can be asked. */
    USABLE,
    /** Its server is on its way to the node. */
    SYNCHRONISING,
    /** Its node cannot be reached, or refused it. */
    UNUSABLE
  }

  private final LocateGroup group;
  private final NodeViews views;
  private final Map<Integer, CompletableFuture<NodeAdapter>> stages = new HashMap<>();

  MemberStates(LocateGroup group, NodeViews views) {
    this.group = group;
    this.views = views;
  }

  /** Asks the node to register, or to load the server, if need be. */
  State of(int member) {
    if (views.activeProxy(group.adapter(member)) != null) {
      return State.USABLE;
    }
    CompletableFuture<NodeAdapter> stage = stages.get(member);
    if (stage == null) {
      stage = views.adapter(group.adapter(member), true).toCompletableFuture();
      stages.put(member, stage);
    }
    if (!stage.isDone()) {
      return State.SYNCHRONISING;
    }
    return stage.isCompletedExceptionally() ? State.UNUSABLE : State.USABLE;
  }

  /** Ends when a synchronising member is through. */
  CompletionStage<NodeAdapter> stage(int member) {
    CompletableFuture<NodeAdapter> stage = stages.get(member);
    if (stage == null) {
      throw new IllegalStateException("member " + member + " is not synchronising");
    }
    return stage;
  }

  /** Why the first of these members that failed did so, as text. */
  String firstFailure(int[] members) {
    if (members.length == 0) {
      return "replica group is empty";
    }
    for (int member : members) {
      CompletableFuture<NodeAdapter> stage = stages.get(member);
      if (stage != null && stage.isCompletedExceptionally()) {
        try {
          stage.join();
        } catch (CompletionException e) {
          return Exceptions.text(Async.cause(e));
        }
      }
    }
    return "its members are synchronising with their nodes";
  }
}
